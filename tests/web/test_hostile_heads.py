"""What no browser sends: header lines that are no text, origins that are no address, forms that break off, no HTTP at all."""

import asyncio
import logging
import re

import pytest
from aiohttp import web
from aiohttp.http import HttpProcessingError
from aiohttp.test_utils import TestClient, make_mocked_request
from pytest_aiohttp.plugin import AiohttpClient, AiohttpServer

from dutydesk.cli.logs import NoHttp
from dutydesk.web.health import alive
from dutydesk.web.server import AccessLog
from tests.web.city import City


async def said(desk: City, *lines: bytes, body: bytes = b"", first: bytes = b"POST /api/preview HTTP/1.1") -> str:
    """The whole answer to a request of these lines."""
    reader, writer = await asyncio.open_connection("127.0.0.1", desk.server.port)
    head = (first, b"Host: a", b"Connection: close", b"Content-Length: %d" % len(body), *lines)
    writer.write(b"\r\n".join(head) + b"\r\n\r\n" + body)
    answer = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    return answer.decode()


def status(answer: str) -> int:
    found = re.match(r"HTTP/1\.[01] (\d{3})", answer)
    return int(found[1]) if found else 0


@pytest.mark.parametrize(
    "name", [b"X-CSRF", b"Cookie", b"Authorization", b"Idempotency-Key", b"X-Forwarded-For", b"Accept"]
)
@pytest.mark.parametrize("path", [b"/api/preview", b"/api/reports", b"/sign-in", b"/account/code"])
async def test_a_head_that_is_no_text_is_refused_in_words(desk: City, name: bytes, path: bytes) -> None:
    headers = await desk.headers("officer")
    good = [f"{key}: {value}".encode() for key, value in headers.items() if key.encode() != name]
    value = (
        b"dutydesk=\xff\xfe" if name == b"Cookie" else b"Bearer \xed\xa0\x80" if name == b"Authorization" else b"\xff"
    )
    answer = await said(desk, *good, name + b": " + value, first=b"POST " + path + b" HTTP/1.1")
    assert (status(answer), "请求头里有不是文字的内容" in answer) == (400, True)


async def test_a_socket_whose_key_is_no_base64_is_refused(desk: City) -> None:
    headers = [f"{key}: {value}".encode() for key, value in (await desk.headers("officer", Origin="http://a")).items()]
    socket = (b"Upgrade: websocket", b"Connection: upgrade", b"Sec-WebSocket-Version: 13")
    for key in ("钥匙".encode(), b"\xff", b"", b"x"):
        answer = await said(desk, *headers, *socket, b"Sec-WebSocket-Key: " + key, first=b"GET /live HTTP/1.1")
        assert status(answer) == 400, key


async def test_a_head_in_chinese_is_text(desk: City) -> None:
    assert status(await said(desk, "X-Name: 值班".encode(), first=b"GET /healthz HTTP/1.1")) == 200


@pytest.mark.parametrize(
    "origin", [b"http://[", b"http://[::1", b"null", b"//", b"http://a:99999999", "http://℀".encode()]
)
async def test_an_origin_that_is_no_address_is_not_ours(desk: City, origin: bytes) -> None:
    headers = await desk.headers("officer")
    good = [f"{key}: {value}".encode() for key, value in headers.items() if key != "Origin"]
    answer = await said(desk, *good, b"Origin: " + origin)
    assert (status(answer), "不是从本值班台的页面发出的" in answer) == (403, True)


@pytest.mark.parametrize(
    "kind", [b"multipart/form-data", b"multipart/form-data; boundary=b1", b"multipart/form-data; boundary=b2"]
)
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--b1\r\n=?x?b?=\r\n\r\nx\r\n--b1--",
        b"--b1\r\nContent-Dispo",
        b"--b1x\r\n\r\n",
        b"\0" * 40,
        b"--b1\r\nContent-Disposition: form-data\r\nContent-Transfer-Encoding: none\r\n\r\nx\r\n--b1--\r\n",
    ],
)
async def test_a_form_that_broke_off_is_answered_in_words(desk: City, kind: bytes, body: bytes) -> None:
    link = desk.link("report", "C1", "contact:C1").encode()
    answer = await said(desk, b"Content-Type: " + kind, body=body, first=b"POST " + link + b" HTTP/1.1")
    assert status(answer) in (400, 422)
    assert "<main" in answer, "a page with the number to ring"


async def test_a_report_with_a_letter_that_is_no_utf_8_is_recorded_with_its_other_words(desk: City) -> None:
    link = desk.link("report", "C1", "contact:C1").encode()
    form = b"Content-Type: application/x-www-form-urlencoded; charset=nonsense"
    body = b"text=\xe4\xbb\x93\xe5\xba\x93%E7%9D%80%E7%81%AB\xff%FE&form=f"
    assert status(await said(desk, form, body=body, first=b"POST " + link + b" HTTP/1.1")) == 200
    rows = await desk.hub.read(lambda c: c.all("rows_of_kind", "message"))
    assert [row for row in rows if "仓库着火��" in row[6]]


async def test_a_field_whose_name_is_no_text_costs_no_other(desk: City) -> None:
    kind, part = (
        b"Content-Type: multipart/form-data; boundary=b1",
        b'--b1\r\nContent-Disposition: form-data; name="%b"\r\n\r\n%b\r\n',
    )
    body = part % (b"\x9e\xff", b"x") + part % (b"text", "仓库着火".encode()) + b"--b1--\r\n"
    link = desk.link("report", "C1", "contact:C1").encode()
    assert status(await said(desk, kind, body=body, first=b"POST " + link + b" HTTP/1.1")) == 200


@pytest.mark.parametrize("coding", [b"gzip", b"deflate"])
async def test_a_body_that_is_not_packed_as_it_says_is_refused(desk: City, coding: bytes) -> None:
    answer = await said(desk, b"Content-Encoding: " + coding, body=b"not packed", first=b"POST /sign-in HTTP/1.1")
    assert status(answer) == 400


@pytest.mark.parametrize(
    "first",
    [b"GET \n\n HTTP/1.1", b"GET / HTTP/1/1", b"\x16\x03\x01\x02", b"GET / HTTP/1.1\r\nCookie: dutydesk=secr\x00et"],
)
async def test_what_is_no_http_is_answered(desk: City, first: bytes) -> None:
    assert status(await said(desk, first=first)) == 400


async def test_the_log_does_not_quote_what_is_no_http() -> None:
    broken = HttpProcessingError(message="b'Cookie: dutydesk=secret'")
    shape: dict[str, object] = {
        "name": "aiohttp.server",
        "levelno": logging.ERROR,
        "msg": "Error handling request from %s",
    }
    quoting = logging.makeLogRecord(shape | {"exc_info": (type(broken), broken, None)})
    assert not NoHttp().filter(quoting)
    assert NoHttp().filter(logging.makeLogRecord(shape))


def test_the_access_log_has_a_line_for_what_is_no_http(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "dutydesk.access")
    request = make_mocked_request("GET", "/")
    request._match_info = None
    AccessLog(logging.getLogger("x"), "").log(request, web.Response(status=400), 0.1)
    assert "route=(none) status=400" in caplog.text


async def test_the_access_log_names_a_route_without_places(
    caplog: pytest.LogCaptureFixture, aiohttp_server: AiohttpServer, aiohttp_client: AiohttpClient
) -> None:
    caplog.set_level(logging.INFO, "dutydesk.access")
    app = web.Application()
    app.router.add_get("/healthz", alive)
    client: TestClient = await aiohttp_client(await aiohttp_server(app, access_log_class=AccessLog))
    await client.get("/healthz")
    assert "route=/healthz status=200" in caplog.text


@pytest.mark.parametrize("path", [b"/healthz", b"/api/board", b"/static/app/main.js"])
@pytest.mark.parametrize("value", [b"\xe4\xb8", b"nonsense"])
async def test_an_expectation_that_nobody_knows_is_no_mistake_of_ours(desk: City, path: bytes, value: bytes) -> None:
    assert status(await said(desk, b"Expect: " + value, first=b"GET " + path + b" HTTP/1.1")) == 417


async def test_who_waits_to_send_the_body_is_told_to_go_on(desk: City) -> None:
    answer = await said(desk, b"Expect: 100-continue", body=b"username=x&password=y", first=b"POST /sign-in HTTP/1.1")
    assert answer.startswith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 403"), "no origin"
