"""What every answer of the site carries, and the parts of the page that need no browser."""

import json
import re
import subprocess
from dataclasses import replace
from pathlib import Path

import folium
import httpx
import pytest

from geo.settings import Settings
from layers.definition import Text
from layers.registry import LAYERS, layers_for
from web.assets import PREFIX, VENDOR, load_assets, replace_folium_links
from web.i18n import messages
from web.maps import PageRequest, build_map_page
from web.page_data import MapState

WEB = Path(__file__).parents[2] / "web"
EMPTY = MapState(levels=[], runs=[], months=None, is_demo=False)


def test_pages_carry_a_strict_policy_with_a_fresh_nonce(address: str) -> None:
    policies = set()
    for _ in range(2):
        answer = httpx.get(address, timeout=120)
        policy = answer.headers["content-security-policy"]
        nonce = re.search(r"'nonce-([\w-]+)'", policy)
        assert nonce is not None
        assert f'nonce="{nonce.group(1)}"' in answer.text
        assert "unsafe" not in policy
        assert "default-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        policies.add(policy)
    assert len(policies) == 2
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"


def test_data_may_not_act_as_a_page(address: str) -> None:
    answer = httpx.get(f"{address}/api/v1/health", timeout=120)
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


def test_a_foreign_host_is_refused(address: str) -> None:
    assert httpx.get(address, headers={"Host": "evil.example"}, timeout=120).status_code == 400


def test_static_files_are_kept_for_ever_and_nothing_else_is_served(address: str) -> None:
    page = httpx.get(address, timeout=120).text
    files = set(re.findall(rf'"({PREFIX}/[^"]+)"', page))
    assert any("leaflet.js" in file for file in files)
    for file in files:
        answer = httpx.get(address + file, timeout=120)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["content-encoding"] == "gzip"
        again = httpx.get(
            address + file, headers={"If-None-Match": answer.headers["etag"]}, timeout=120
        )
        assert again.status_code == 304
    version = next(iter(files)).split("/")[2]
    for name in ("../app.py", "..%2fapp.py", "js/../../app.py", "nothing.js", "vendor/"):
        assert (
            httpx.get(
                f"{address}{PREFIX}/{version}/{name}", follow_redirects=True, timeout=120
            ).status_code
            == 404
        )


def test_folium_names_no_outside_host() -> None:
    replace_folium_links(load_assets(Settings()))
    page = folium.Figure().add_child(folium.Map(tiles=None)).get_root().render()
    assert PREFIX in page
    assert not re.findall(r'(?:src|href)="(?:https?:)?//[^"]+"', page)


def test_text_of_a_boundary_file_cannot_leave_the_script() -> None:
    hostile = "</script><img src=x onerror=alert(1)><!--"
    state = MapState(
        levels=[
            {
                "edition": "2025",
                "level": "commune",
                "tiles": "f",
                "approximate": True,
                "source": hostile,
                "licence": hostile,
                "unit_count": 1,
            }
        ],
        runs=[],
        months=(24_000, 24_010),
        is_demo=True,
    )
    assets = load_assets(Settings())
    page = build_map_page(PageRequest("vi", "n"), assets, state, layers_for("planner"))
    assert "<img src=x" not in page
    assert page.count("</script>") == page.count("<script")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_an_empty_store_still_has_a_page(language: str) -> None:
    page = build_map_page(
        PageRequest(language, "n"), load_assets(Settings()), EMPTY, layers_for("planner")
    )
    assert messages(language)["page_no_script"] in page


def test_titles_of_layers_are_no_templates() -> None:
    title = "{{7*7}}{% raw %}{#</script>{{{1}}}"
    hostile = replace(LAYERS["border-gates"], title=Text(title, title))
    page = build_map_page(PageRequest("vi", "n"), load_assets(Settings()), EMPTY, (hostile,))
    found = re.search(r"bienmap\.addLayer\(\w+, (.*)\);", page)
    assert found
    assert json.loads(found[1])["title"] == title
    assert "</script>{{" not in page


def test_every_text_has_both_languages_and_the_same_places_for_values() -> None:
    vietnamese, english = messages("vi"), messages("en")
    for key, text in vietnamese.items():
        assert text.strip()
        assert english[key].strip()
        assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", english[key])), key


def test_every_text_is_used_and_every_text_used_is_there() -> None:
    scripts = "".join(path.read_text() for path in (WEB / "static/js").rglob("*.js"))
    templates = "".join(path.read_text() for path in (WEB / "templates").glob("*.html"))
    said = set(re.findall(r'say\(\s*"([a-z_]+)"', scripts))
    said |= set(re.findall(r'(?:cell|add|button)\((?:"[^"]*", )?"([a-z_]+)"', scripts))
    said |= set(re.findall(r'"(incidents|incidents_one)"', scripts))
    written = set(re.findall(r"\bt\.([a-z_0-9]+)", templates))
    known = set(json.loads((WEB / "messages.json").read_text()))
    assert said | written <= known
    composed = re.compile(
        r"^(neighbour_|level_|page_edition_|page_role_|page_compare_|method_|measure_"
        r"|neighbourhood_|left_out_)"
    )
    assert {key for key in known - said - written if not composed.match(key)} == set()


def test_vendor_files_are_those_of_the_locked_packages() -> None:
    locked = json.loads((WEB.parent / "package-lock.json").read_text())["packages"]
    for source in VENDOR.values():
        assert f"node_modules/{source.split('/')[0]}" in locked


# One process for all: to start one takes longer than to parse a hundred modules.
PARSE_EACH = """
const { readFileSync } = require("node:fs");
const { SourceTextModule } = require("node:vm");
for (const identifier of process.argv.slice(1)) {
    new SourceTextModule(readFileSync(identifier, "utf8"), { identifier });
}
"""


def test_modules_parse(tmp_path: Path) -> None:
    def parsed(*modules: Path) -> subprocess.CompletedProcess[str]:
        node = ["node", "--experimental-vm-modules", "--eval", PARSE_EACH, "--", *map(str, modules)]
        return subprocess.run(node, capture_output=True, text=True, check=False)

    modules = sorted((WEB / "static/js").rglob("*.js"))
    assert len(modules) > 100
    done = parsed(*modules)
    assert done.returncode == 0, done.stderr
    torn = tmp_path / "torn.js"
    torn.write_text('import { one } from "./one.js";\nexport function (', encoding="utf-8")
    done = parsed(*modules, torn)
    assert done.returncode != 0
    assert f"{torn}:2" in done.stderr
