# shellcheck shell=bash
# Packages of the operating system. Sourced by the scripts beside it.

# fail VIETNAMESE ENGLISH: says what is wrong and how to mend it, in both languages, and stops.
fail() {
    printf '\nLỗi: %s\nError: %s\n' "$1" "$2" >&2
    exit 1
}

say() {
    printf '• %s / %s\n' "$1" "$2"
}

# as_root COMMAND…: as it is, or through sudo where that is possible.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
        sudo "$@"
    else
        return 126
    fi
}

may_be_root() {
    as_root true 2>/dev/null
}

may_be_root_unasked() {
    [ "$EUID" -eq 0 ] || sudo -n true 2>/dev/null
}

# apt_get ARGUMENT…: silent; what it said is shown only if it fails.
apt_get() {
    local said
    said=$(as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 \
        -o Acquire::Retries=3 "$@" 2>&1 </dev/null) || {
        printf '%s\n' "$said" >&2
        return 1
    }
}

apt_updated=
# apt_install PACKAGE…: from the distribution, with the package lists brought up to date once.
apt_install() {
    apt_update
    apt_get install --yes --no-install-recommends "$@" || fail \
        "Không cài được: $*. Xem thông báo của apt-get ở trên, sửa rồi chạy lại." \
        "Could not install: $*. Read apt-get's message above, mend it and run again."
}

apt_update() {
    if [ -z "$apt_updated" ]; then
        apt_get update || fail \
            "apt-get update không chạy được. Kiểm tra mạng và nguồn gói rồi chạy lại." \
            "apt-get update failed. Check the network and the package sources, then run again."
        apt_updated=yes
    fi
}

# require_apt WHAT PACKAGES: stops with the exact packages where we cannot install them ourselves.
require_apt() {
    if ! command -v apt-get >/dev/null; then
        fail "Thiếu $1. Hệ thống này không dùng apt; hãy tự cài: $2, rồi chạy lại." \
            "$1 is missing. This system does not use apt; install yourself: $2, then run again."
    fi
    if ! may_be_root; then
        fail "Thiếu $1 và không có quyền root hay sudo. Nhờ quản trị viên chạy: apt-get install $2" \
            "$1 is missing, with neither root nor sudo. Ask an administrator for: apt-get install $2"
    fi
}

has_postgis() {
    local folder share
    for folder in /usr/lib/postgresql/*/bin /usr/pgsql-*/bin ${PATH//:/ }; do
        if [ -x "$folder/initdb" ] && [ -x "$folder/pg_config" ]; then
            share=$("$folder/pg_config" --sharedir)
            [ -e "$share/extension/postgis.control" ] && return 0
        fi
    done
    return 1
}

# Major version of the distribution's PostgreSQL with PostGIS; of the installed one where there is.
postgis_major() {
    local majors installed
    majors=$(apt-cache search --names-only '^postgresql-[0-9]+-postgis-3$' |
        sed -E 's/^postgresql-([0-9]+)-.*/\1/' | sort -rn)
    for installed in $majors; do
        if [ -x "/usr/lib/postgresql/$installed/bin/initdb" ]; then
            echo "$installed"
            return
        fi
    done
    echo "$majors" | head -n 1
}

install_postgis() {
    has_postgis && return
    require_apt "PostgreSQL + PostGIS" "postgresql postgresql-<NN>-postgis-3"
    say "Cài PostgreSQL và PostGIS" "installing PostgreSQL and PostGIS"
    apt_update
    local major switch=/etc/postgresql-common/createcluster.conf fresh=
    major=$(postgis_major)
    [ -n "$major" ] || fail \
        "Bản phân phối này không có gói postgresql-<NN>-postgis-3. Dùng Debian 12+ hoặc Ubuntu 22.04+." \
        "This distribution has no package postgresql-<NN>-postgis-3. Use Debian 12+ or Ubuntu 22.04+."
    if [ ! -e "/usr/lib/postgresql/$major/bin/initdb" ]; then
        # The package would start a cluster on a TCP port of this machine; ours needs none.
        apt_install postgresql-common
        if grep -q '^#create_main_cluster = true' "$switch"; then
            fresh=yes
            as_root sed -i 's/^#create_main_cluster = true/create_main_cluster = false/' "$switch"
        fi
    fi
    apt_install "postgresql-$major" "postgresql-$major-postgis-3"
    if [ -n "$fresh" ]; then
        as_root sed -i 's/^create_main_cluster = false/#create_main_cluster = true/' "$switch"
    fi
}

# Prints the first Python that is new enough; a name may be there and not run (pyenv's shims). The
# system's own comes first: files are parsed by an unprivileged user, who cannot read a Python that
# lies in somebody's home. Without root it must have venv already.
system_programs=/usr/bin
find_python() {
    local name needed='import sys; sys.exit(sys.version_info < (3, 11))'
    [ "$EUID" = 0 ] || needed="import venv, ensurepip; $needed"
    for name in "$system_programs"/python3{,.13,.12,.11} python3{,.13,.12,.11}; do
        if "$name" -c "$needed" 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
    return 1
}

install_python() {
    local python name
    if ! python=$(find_python); then
        require_apt "Python 3.11+" "python3 python3-venv"
        say "Cài Python" "installing Python"
        apt_update
        for name in python3.13 python3.12 python3.11; do
            if apt-cache show "$name-venv" >/dev/null 2>&1; then
                apt_install "$name" "$name-venv"
                break
            fi
        done
        python=$(find_python) || fail \
            "Bản phân phối này không có Python 3.11 trở lên. Hãy cài Python 3.11+ rồi chạy lại." \
            "This distribution has no Python 3.11 or newer. Install Python 3.11+ and run again."
    fi
    if ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
        name=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
        require_apt "venv của Python" "$name"
        apt_install "$name"
    fi
}

# Debian's Chromium without a window of its own, which opens a page for half the work of the whole one,
# also where that one is there already; elsewhere the whole one.
install_browser() {
    local bare=chromium-headless-shell
    if ! command -v "$bare" >/dev/null && may_be_root_unasked; then
        say "Cài Chromium" "installing Chromium"
        (apt_install "$bare") >/dev/null 2>&1 || :
    fi
    if ! command -v "$bare" chromium chromium-browser >/dev/null; then
        require_apt "Chromium (cho kiểm thử)" "chromium fonts-noto-core"
        say "Cài Chromium" "installing Chromium"
        apt_install chromium
    fi
    # Chromium brings no font of its own; without one, Vietnamese letters are boxes.
    if [ ! -e /usr/share/fonts/truetype/noto/NotoSans-Regular.ttf ] &&
        [ ! -e /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf ]; then
        require_apt "phông chữ có tiếng Việt" "fonts-noto-core"
        apt_install fonts-noto-core
    fi
}
