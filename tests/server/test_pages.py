"""The web UI's files: kept for ever when hashed, fresh otherwise, compressed as the browser likes."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.requests import Request

from assay.core.errors import EndpointNotFound
from assay.server.handover import Handover, Workers
from assay.server.pages import Pages

INDEX = b"<!doctype html><title>Assay</title>"
SCRIPT = b"console.log(1)"


@pytest.fixture
def root(tmp_path):
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_bytes(INDEX)
    (tmp_path / "favicon.svg").write_bytes(b"<svg/>")
    for suffix, content in (("", SCRIPT), (".br", b"brotli"), (".gz", b"gzip")):
        (tmp_path / "assets" / f"app-B1x9_Qz2.js{suffix}").write_bytes(content)
    return tmp_path


def get(root, path, **headers):
    async def respond():
        workers = Workers(Handover(asyncio.get_running_loop()), threads=2, waiting=8, name="test")
        scope = {
            "type": "http",
            "method": "GET",
            "path": path,
            "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
        }
        try:
            return await Pages(workers, root=root).respond(Request(scope))
        finally:
            workers.close()

    with ThreadPoolExecutor(1) as pool:  # a browser of other tests may have left a loop running in this thread
        return pool.submit(asyncio.run, respond()).result()


def test_the_page_is_always_checked_again(root):
    answer = get(root, "/", accept="text/html")
    assert answer.body == INDEX
    assert answer.headers["cache-control"] == "no-cache"
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    again = get(root, "/", accept="text/html", if_none_match=answer.headers["etag"])
    assert again.status_code == 304


def test_any_address_of_the_app_is_the_page(root):
    for path in ("/experiments/1", "/runs/abc?tab=x", "/experiments/1/models.v2"):
        assert get(root, path, accept="text/html,*/*").body == INDEX


@pytest.mark.parametrize("path", ["/api/x", "/ajax-api/x", "/assets/none.js", "/static-files/none.css"])
def test_what_is_no_page_is_not_found(root, path):
    with pytest.raises(EndpointNotFound):
        get(root, path, accept="text/html")
    with pytest.raises(EndpointNotFound):
        get(root, "/experiments/1", accept="application/json")


@pytest.mark.parametrize(
    ("accepted", "body", "encoding"),
    [
        ("gzip, deflate, br", b"brotli", "br"),
        ("gzip", b"gzip", "gzip"),
        ("identity", SCRIPT, None),
        ("", SCRIPT, None),
    ],
)
def test_hashed_files_are_kept_for_ever_and_sent_compressed(root, accepted, body, encoding):
    answer = get(root, "/assets/app-B1x9_Qz2.js", accept_encoding=accepted)
    assert answer.body == body
    assert answer.headers.get("content-encoding") == encoding
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert "Accept-Encoding" in answer.headers["vary"]
    assert answer.headers["content-type"].startswith(("text/javascript", "application/javascript"))


def test_plain_files_are_checked_again(root):
    answer = get(root, "/favicon.svg")
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["content-type"] == "image/svg+xml"


@pytest.mark.parametrize("path", ["/../secret", "/..%2fsecret", "/assets/../../secret", "//etc/passwd"])
def test_only_files_known_at_the_start_are_served(root, path):
    (root.parent / "secret").write_text("marker")
    with pytest.raises(EndpointNotFound):
        get(root, path)


def test_without_a_build_a_page_says_what_to_do(tmp_path):
    answer = get(tmp_path / "none", "/", accept="text/html")
    assert b"make ui" in answer.body
