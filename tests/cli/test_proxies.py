"""The examples for a reverse proxy under a real nginx and a real Caddy: syntax, websockets, and the other hub when one is not ready.

Long form: both programs are asked for only here. Where they are not on the path, `DUTYDESK_TEST_PROXIES` names a folder that has them.
"""

import asyncio
import os
import re
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.services import free_port

DEPLOY = Path(__file__).parents[2] / "docs/deploy"
PATIENCE = 60  # seconds until a proxy, which looks at health by its own clock, must have noticed
pytestmark = pytest.mark.long


def program(name: str) -> str:
    path = f"{os.environ['PATH']}:/usr/sbin:{os.environ.get('DUTYDESK_TEST_PROXIES', '')}"
    return shutil.which(name, path=path) or pytest.skip(f"{name} is not installed")


class Hub:
    """What a proxy sees of a hub: ready or not, answers with its name, speaks on the feed."""

    def __init__(self, name: str) -> None:
        self.name, self.ready = name, True
        app = web.Application()
        app.add_routes([web.get("/readyz", self.answer), web.get("/live", self.live), web.post("/hooks", self.answer)])
        self.server = TestServer(app)

    async def answer(self, request: web.Request) -> web.Response:
        said = f"{self.name} {request.headers.get('X-Forwarded-For', '')}"
        return web.Response(text=said, status=200 if self.ready else 503)

    async def live(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        async for said in socket:
            await socket.send_str(f"{self.name} heard {said.data}")
        return socket


@pytest.fixture
async def hubs() -> AsyncIterator[list[Hub]]:
    made = [Hub("a"), Hub("b")]
    for hub in made:
        await hub.server.start_server()
    yield made
    for hub in made:
        await hub.server.close()


@contextmanager
def serving(command: list[str], folder: Path) -> Iterator[None]:
    process = subprocess.Popen(command, cwd=folder, env={"HOME": str(folder), "PATH": os.environ["PATH"]})
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)


def assert_right(command: list[str], folder: Path) -> None:
    """The program itself finds nothing wrong with the example."""
    checked = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60)
    assert checked.returncode == 0, checked.stderr


def nginx(folder: Path, port: int, hubs: list[Hub]) -> tuple[list[str], list[str]]:
    """The example in an http block of its own, with a certificate made here; how it is checked and started."""
    text = (DEPLOY / "nginx.conf").read_text()
    for example, hub in zip(("127.0.0.1:8081", "127.0.0.1:8082"), hubs, strict=True):
        assert example in text
        text = text.replace(example, f"127.0.0.1:{hub.server.port}")
    text = text.replace("listen 443 ssl", f"listen 127.0.0.1:{port} ssl")
    text = text.replace("/etc/ssl/private/desk.key", "desk.key").replace("/etc/ssl/desk.pem", "desk.pem")
    key = ["-newkey", "rsa:2048", "-nodes", "-keyout", str(folder / "desk.key"), "-out", str(folder / "desk.pem")]
    subprocess.run(
        ["openssl", "req", "-x509", *key, "-subj", "/CN=desk.example.gov.cn"], check=True, capture_output=True
    )
    paths = "".join(f"{name}_temp_path {name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    http = f"http {{ access_log off; {paths}\n{text}\n}}"
    whole = f"daemon off; pid nginx.pid; error_log stderr; events {{}}\n{http}"
    (folder / "nginx.conf").write_text(whole)
    command = [program("nginx"), "-p", str(folder), "-c", str(folder / "nginx.conf")]
    return [*command, "-t"], command


def caddy(folder: Path, port: int, hubs: list[Hub]) -> tuple[list[str], list[str]]:
    text = (DEPLOY / "Caddyfile").read_text()
    for example, hub in zip(("hub-a:8080", "hub-b:8080"), hubs, strict=True):
        assert example in text
        text = text.replace(example, f"127.0.0.1:{hub.server.port}")
    text = re.sub(r"^desk\.example\.gov\.cn", f"http://127.0.0.1:{port}", text)
    (folder / "Caddyfile").write_text(f"{{\n\tadmin off\n}}\n{text}")
    command = [program("caddy"), "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]
    return [command[0], "validate", *command[2:]], command


@pytest.mark.parametrize(("name", "scheme"), [("nginx", "https"), ("caddy", "http")])
async def test_an_example_serves_and_passes_over_a_hub_that_is_not_ready(
    tmp_path: Path, hubs: list[Hub], name: str, scheme: str
) -> None:
    port = free_port()
    check, start = {"nginx": nginx, "caddy": caddy}[name](tmp_path, port, hubs)
    assert_right(check, tmp_path)
    url = f"{scheme}://127.0.0.1:{port}"
    with serving(start, tmp_path):
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=False)) as http:
            assert "127.0.0.1" in await _until_served(http, url)
            async with http.ws_connect(f"{url.replace('http', 'ws', 1)}/live") as socket:
                await socket.send_str("x")
                assert (await socket.receive_str()).endswith("heard x")
            for away, there in (hubs, hubs[::-1]):
                away.ready, there.ready = False, True
                await _until_only(http, url, there.name)


async def _until_served(http: aiohttp.ClientSession, url: str) -> str:
    async with asyncio.timeout(PATIENCE):
        while True:
            with suppress(aiohttp.ClientError):
                async with http.get(f"{url}/readyz") as answer:
                    if answer.status == 200:
                        return await answer.text()


async def _until_only(http: aiohttp.ClientSession, url: str, name: str) -> None:
    """Until thirty posts in a row were answered by the hub that is ready."""
    in_a_row = 0
    async with asyncio.timeout(PATIENCE):
        while in_a_row < 30:
            async with http.post(f"{url}/hooks", data="x") as answer:
                in_a_row = in_a_row + 1 if answer.status == 200 and (await answer.text()).startswith(name) else 0
