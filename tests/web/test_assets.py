"""What a browser loads of ours: once an upgrade, pressed, and no more before the first sight than the desk screen needs."""

import gzip
import re
from pathlib import Path

import pytest

from dutydesk.web import assets
from tests.web.city import City

STATIC = Path(assets.__file__).parent / "static"


async def test_an_address_that_says_what_it_holds_is_asked_for_once(desk: City):
    shell = assets.shell()
    for path in (shell.main, shell.sheet, shell.modules[-1]):
        answer = await desk.client.get(path)
        assert (answer.status, answer.headers["Content-Encoding"]) == (200, "gzip")
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    main = await desk.client.get(shell.main)
    assert await main.read() == (STATIC / "app" / "main.js").read_bytes()


async def test_a_lasting_address_is_asked_for_again_and_answered_shortly(desk: City):
    first = await desk.client.get("/static/app/main.js")
    assert first.headers["Cache-Control"] == "no-cache"
    again = await desk.client.get("/static/app/main.js", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status, await again.read()) == (304, b"")


async def test_a_page_of_the_release_before_gets_files_that_it_must_ask_for_again(desk: City):
    answer = await desk.client.get("/assets/0123456789abcdef/app/main.js")
    assert (answer.status, answer.headers["Cache-Control"]) == (200, "no-cache")


@pytest.mark.parametrize(
    "path", ["/static/none.js", "/static/../views.py", "/static/..%2fviews.py", "/assets/x/app/main.js"]
)
async def test_nothing_else_is_given(desk: City, path: str):
    assert (await desk.client.get(path)).status == 404


def test_what_is_asked_for_at_once_is_all_that_the_first_module_needs_and_no_other_view():
    modules = assets.now().eager()
    assert len(modules) == len(set(modules)) < 100
    assert [name for name in modules if name.startswith("app/views/")] == ["app/views/desk.js"]
    assert not any(name.startswith("app/words/en") for name in modules)
    imports = {
        name: re.findall(r'^(?:import|export) .*?from "(.+?)";', assets.now().bodies[name].decode(), re.M | re.S)
        for name in modules
    }
    reached = {
        str((STATIC / name).parent.joinpath(one).resolve().relative_to(STATIC))
        for name, ones in imports.items()
        for one in ones
    }
    assert reached <= set(modules)


def test_the_words_of_a_language_come_in_one_piece():
    for index in assets.WORDS:
        body, own = assets.now().bodies[index].decode(), (STATIC / index).read_text()
        parts = re.findall(r'from "\./(.+?)"', own)
        assert len(parts) > 10
        assert "import" not in re.sub(r'"[^"]*"', "", re.sub(r"/\*.*?\*/", "", body, flags=re.DOTALL))
        assert [part for part in parts if (STATIC / "app" / "words" / part).read_text() not in body] == []


def test_every_style_is_in_the_one_sheet():
    sheet = assets.now().bodies[assets.SHEET]
    files = sorted((STATIC / "style").glob("*.css"))
    assert [path.name for path in files if path.read_bytes() not in sheet] == []
    assert len(gzip.compress(sheet)) < 20_000
