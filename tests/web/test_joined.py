"""Modules joined to one script, run by Node."""

import subprocess

import pytest

from web.assets import Asset, Assets
from web.joined import joined


def assets(**modules: str) -> Assets:
    return Assets(
        "v",
        {
            f"js/{name.replace('__', '/')}.js": Asset("text/javascript", source.encode(), b"")
            for name, source in modules.items()
        },
    )


def ran(script: str, expression: str) -> str:
    done = subprocess.run(
        ["node", "-e", f"{script}\nprocess.stdout.write(String({expression}));"],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_modules_keep_their_own_names_and_those_shared_run_once() -> None:
    files = assets(
        shared='let count = 0;\nconst own = "s";\nexport const next = () => `${own}${++count}`;\n',
        one='import { next } from "./shared.js";\nconst own = 1;\n'
        "export function first() { return own + next(); }\n",
        deep__two='import {\n  next as later,\n} from "../shared.js";\nconst own = 2;\n'
        "export async function unused() {}\nexport const second = () => own + later();\n",
        main='import { first } from "./one.js";\nimport { second } from "./deep/two.js";\n\n'
        "export class Main {\n  static text = () => [first(), second(), first()].join();\n}\n",
    )
    assert ran(joined(files, "js/main.js", "page"), "page.Main.text()") == "1s1,2s2,1s3"


@pytest.mark.parametrize(
    "source",
    [
        'import * as other from "./other.js";\n',
        'import "./other.js";\n',
        'export { a } from "./other.js";\n',
        "export default 1;\n",
        'const a = await import("./other.js");\n',
    ],
)
def test_what_it_does_not_know_it_refuses(source: str) -> None:
    files = assets(main=source, other="export const a = 1;\n")
    with pytest.raises(ValueError, match="cannot be joined"):
        joined(files, "js/main.js", "page")


def test_modules_that_import_each_other_are_refused() -> None:
    files = assets(
        main='import { a } from "./one.js";\n',
        one='import { b } from "./two.js";\nexport const a = 1;\n',
        two='import { a } from "./one.js";\nexport const b = 1;\n',
    )
    with pytest.raises(ValueError, match=r"js/one\.js: cannot be joined: js/two\.js imports"):
        joined(files, "js/main.js", "page")
