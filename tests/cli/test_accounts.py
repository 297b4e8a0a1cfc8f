"""Accounts made and mended on the command line."""

from dataclasses import astuple
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import Result
from sqlalchemy import Engine, text
from typer.testing import CliRunner

from cli import demo_sign_ins
from cli.main import app
from geo.demo.accounts import make_demo_accounts, remove_demo_accounts
from geo.errors import InputError, ResourceError, SignInError
from geo.settings import Settings, load_settings
from geo.store.actors import COUNTRY, Jurisdiction, actor_of_session
from geo.store.database import transaction
from geo.store.sealing import load_seal, make_key
from geo.store.sessions import Attempt, sign_in

PASSWORD = "một mật khẩu dài"


@pytest.fixture
def store(
    module_boundaries_engine: Engine, module_boundaries_url: str, monkeypatch: pytest.MonkeyPatch
) -> Engine:
    """What the commands work on."""
    monkeypatch.setenv("DATABASE_URL", module_boundaries_url)
    return module_boundaries_engine


def run(*arguments: str, typed: str = f"{PASSWORD}\n") -> Result:
    """Run `bienmap account …` with this on standard input."""
    return CliRunner().invoke(app, ["account", *arguments], input=typed)


def test_made_listed_changed_disabled_and_enabled(store: Engine) -> None:
    units = ("--unit", "2025/commune/17263", "--unit", "2024/district/422")
    made = run("add", "Minh.Anh", "--role", "officer", "--name", "Minh Anh", *units)
    assert made.exit_code == 0, made.output
    assert "minh.anh" in made.output
    listed = run("list").output
    assert "2024/district/422, 2025/commune/17263" in listed
    assert "argon2" not in listed
    token = sign_in(store, Attempt("MINH.ANH", PASSWORD, "here"))
    with transaction(store) as connection:
        actor = actor_of_session(connection, token)
    assert actor is not None
    assert (actor.username, actor.display_name, actor.role) == ("minh.anh", "Minh Anh", "officer")
    assert set(actor.jurisdictions) == {
        Jurisdiction("2025", "commune", "17263"),
        Jurisdiction("2024", "district", "422"),
    }
    assert run("password", "minh.anh", typed="mật khẩu khác hẳn\r\n").exit_code == 0
    with pytest.raises(SignInError):
        sign_in(store, Attempt("minh.anh", PASSWORD, "here"))
    assert sign_in(store, Attempt("minh.anh", "mật khẩu khác hẳn", "here"))
    assert run("disable", "MINH.ANH").exit_code == 0
    assert "disabled" in run("list").output
    with pytest.raises(SignInError):
        sign_in(store, Attempt("minh.anh", "mật khẩu khác hẳn", "here"))
    assert run("enable", "minh.anh").exit_code == 0
    assert sign_in(store, Attempt("minh.anh", "mật khẩu khác hẳn", "here"))


def test_marks_typed_apart_are_the_same_password(store: Engine) -> None:
    run("add", "dau", "--role", "leader", "--country", typed="Tie\u0302\u0301ng Việt 2026\n")
    token = sign_in(store, Attempt("dau", "Tiếng Việt 2026", "here"))
    with transaction(store) as connection:
        actor = actor_of_session(connection, token)
    assert actor is not None
    assert actor.jurisdictions == (COUNTRY,)


@pytest.mark.parametrize(
    ("arguments", "typed"),
    [
        (["add", "minh anh", "--role", "officer"], PASSWORD),
        (["add", "a", "--role", "officer"], PASSWORD),
        (["add", "mính", "--role", "officer"], PASSWORD),
        (["add", "<script>", "--role", "officer"], PASSWORD),
        (["add", "short", "--role", "officer"], "12345678901"),
        (["add", "short", "--role", "officer"], ""),
        (["add", "long", "--role", "officer"], "a" * 257),
        (["add", "lines", "--role", "officer", "--name", "a\nb"], PASSWORD),
        (["add", "unit", "--role", "officer", "--unit", "17263"], PASSWORD),
        (["add", "unit", "--role", "officer", "--unit", "2025/commune/99999"], PASSWORD),
        (["add", "unit", "--role", "officer", "--unit", "2025/district/422"], PASSWORD),
        (["add", "agency", "--role", "officer", "--agency", "nothing"], PASSWORD),
        (["password", "nobody"], PASSWORD),
        (["disable", "nobody"], ""),
    ],
)
def test_what_cannot_be_is_told_in_both_languages(
    store: Engine, arguments: list[str], typed: str
) -> None:
    before = run("list").output
    said = run(*arguments, typed=typed)
    assert said.exit_code == 1
    assert "Lỗi: " in said.output
    assert "Error: " in said.output
    assert run("list").output == before


def test_a_name_is_taken_whatever_its_case(store: Engine) -> None:
    assert run("add", "twice", "--role", "planner").exit_code == 0
    said = run("add", "TWICE", "--role", "planner")
    assert said.exit_code == 1
    assert "already" in said.output


def test_passwords_are_no_arguments(store: Engine) -> None:
    assert run("password", "somebody", PASSWORD).exit_code == 2
    assert run("add", "somebody", "--role", "officer", "--password", PASSWORD).exit_code == 2


def test_the_file_of_demonstration_passwords_tells_the_truth(
    store: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BIENMAP_STATE", str(tmp_path))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("kept")
    file = demo_sign_ins.file_of(load_settings())
    file.symlink_to(elsewhere)
    made = make_demo_accounts(store)
    demo_sign_ins.write(load_settings(), map(astuple, made))
    assert elsewhere.read_text() == "kept"
    assert (file.is_symlink(), file.stat().st_mode & 0o777) == (False, 0o600)
    assert len({one.password for one in [*made, *make_demo_accounts(store)]}) == 6
    assert run("password", "Demo-Officer").exit_code == 0
    assert run("disable", "demo-leader").exit_code == 0
    assert [line.split()[0] for line in file.read_text().splitlines()] == ["demo-planner"]
    assert file.stat().st_mode & 0o777 == 0o600
    assert remove_demo_accounts(store) == 3
    assert "demo-" not in run("list").output


def test_role_agency_and_units_are_replaced(store: Engine) -> None:
    assert (
        run("add", "thay.doi", "--role", "officer", "--unit", "2025/commune/17263").exit_code == 0
    )
    assert run("role", "THAY.DOI", "leader").exit_code == 0
    assert run("agency", "thay.doi", "CA_T").exit_code == 0
    changed = run("units", "thay.doi", "--unit", "2025/province/40", "--country")
    assert changed.exit_code == 0, changed.output
    [line] = [one for one in run("list").output.splitlines() if one.startswith("thay.doi")]
    assert "lãnh đạo / leader\tcả nước / country, 2025/province/40\tCA_T" in line
    assert run("units", "thay.doi").exit_code == 0
    [line] = [one for one in run("list").output.splitlines() if one.startswith("thay.doi")]
    assert "leader\t-\tCA_T" in line


def test_one_time_codes_are_required_and_reset(store: Engine) -> None:
    assert run("add", "ma.so", "--role", "planner").exit_code == 0

    def marks() -> str:
        return next(one for one in run("list").output.splitlines() if one.startswith("ma.so"))

    for chosen in (("ma.so",), ("--role", "planner")):
        assert run("second-factor", "require", *chosen).exit_code == 0
        assert "has yet to turn on" in marks()
        assert run("second-factor", "require", *chosen, "--off").exit_code == 0
        assert "has yet to turn on" not in marks()
    with transaction(store) as connection:
        connection.execute(
            text(
                "INSERT INTO second_factor (account_id, secret, confirmed_at)"
                " SELECT id, '\\x00', now() FROM account WHERE username = 'ma.so'"
            )
        )
        written = connection.scalars(text("SELECT content FROM audit_entry ORDER BY id")).all()
    assert "one-time codes" in marks()
    assert any("second_factor_role" in one and "planner" in one for one in written)
    assert any('"second_factor_required": true' in one for one in written)
    token = sign_in_without_code(store)
    assert token == "sign_in.code_needed"
    assert run("second-factor", "reset", "MA.SO").exit_code == 0
    assert "one-time codes" not in marks()
    assert sign_in(store, Attempt("ma.so", PASSWORD, "here"))


def sign_in_without_code(store: Engine) -> str:
    """The code of the refusal."""
    with pytest.raises(SignInError) as refusal:
        sign_in(store, Attempt("ma.so", PASSWORD, "here"))
    return refusal.value.code


@pytest.mark.parametrize(
    ("arguments", "vi", "en"),
    [
        (["role", "khong.co", "leader"], "Không có tài khoản “khong.co”", "There is no account"),
        (["units", "khong.co"], "Không có tài khoản “khong.co”", "There is no account"),
        (["agency", "khong.co"], "Không có tài khoản “khong.co”", "There is no account"),
        (["provider", "khong.co"], "Không có tài khoản “khong.co”", "There is no account"),
        (
            ["provider", "khong.co", "--close"],
            "Không có tài khoản “khong.co”",
            "There is no account",
        ),
        (["disable", "khong.co"], "Không có tài khoản “khong.co”", "There is no account"),
        (
            ["second-factor", "require", "khong.co"],
            "Không có tài khoản “khong.co”",
            "There is no account",
        ),
        (
            ["second-factor", "reset", "khong.co"],
            "Không có tài khoản “khong.co”",
            "There is no account",
        ),
        (["second-factor", "require"], "Hãy nêu một tên đăng nhập", "Name one account"),
        (
            ["second-factor", "require", "a", "--role", "leader"],
            "Hãy nêu một tên đăng nhập",
            "Name one account",
        ),
    ],
)
def test_what_cannot_be_done_is_told_in_both_languages(
    store: Engine, arguments: list[str], vi: str, en: str
) -> None:
    done = run(*arguments)
    assert done.exit_code == 1
    assert vi in done.output
    assert en in done.output


def test_the_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    settings = Settings(state_directory=tmp_path)
    assert load_seal(settings) is None
    make_key(settings)
    assert settings.secret_key_file.stat().st_mode & 0o777 == 0o600
    owner, other = UUID(int=1), UUID(int=2)
    seal = load_seal(settings)
    assert seal is not None
    sealed = seal.close("bí mật", owner)
    make_key(settings)
    again = load_seal(settings)
    assert again is not None
    assert again.open(sealed, owner) == "bí mật"
    with pytest.raises(ResourceError):
        again.open(sealed, other)
    settings.secret_key_file.write_text("ngắn", encoding="utf-8")
    with pytest.raises(InputError, match="BIENMAP_SECRET_KEY"):
        load_seal(settings)
