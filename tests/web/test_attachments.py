"""What came along with a message is handed out to be saved, and never runs as ours."""

import hashlib

import pytest

from tests.web.city import City

CONTENT = b"<script>alert(1)</script>"
DIGEST = hashlib.sha256(CONTENT).hexdigest()


async def kept(desk: City, media_type: str) -> None:
    await desk.hub.beside(lambda c: c.run("put_blob", DIGEST, media_type, CONTENT))


@pytest.mark.parametrize(
    ("media_type", "sent", "ending"),
    [
        ("text/html", "application/octet-stream", "bin"),
        ("IMAGE/JPEG", "image/jpeg", "jpg"),
        ("application/pdf", "application/pdf", "pdf"),
    ],
)
async def test_an_attachment_is_saved_and_not_shown(desk: City, media_type: str, sent: str, ending: str):
    await kept(desk, media_type)
    answer = await desk.get(f"/blobs/{DIGEST}")
    assert (answer.status, await answer.read()) == (200, CONTENT)
    assert answer.content_type == sent
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{DIGEST[:12]}.{ending}"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize("digest", ["0" * 64, "x", "..%2f..%2fetc"])
async def test_what_is_not_kept_is_not_there(desk: City, digest: str):
    assert (await desk.get(f"/blobs/{digest}")).status == 404


async def test_who_sees_masked_numbers_gets_no_attachment(desk: City):
    await kept(desk, "image/jpeg")
    for role in ("reader", "auditor", "unit"):
        assert (await desk.get(f"/blobs/{DIGEST}", role)).status == 403
    assert (await desk.client.get(f"/blobs/{DIGEST}", allow_redirects=False)).status == 401
