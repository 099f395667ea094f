"""Folders as pages look at them, folders as one archive, and pages and PDFs that browsers show without rights."""

import io
import resource
import socket
import stat
import zipfile
from urllib.parse import quote, urlencode

import pytest

from assay.blobs.archive import safe_name, zip_chunks
from assay.blobs.local import LocalBlobs
from assay.core.errors import ResourceDoesNotExist

VIEW = "/ajax-api/assay/1/views/run-files"
ARCHIVE = "/ajax-api/assay/1/run-archive"


@pytest.fixture
def run(http_, directory):
    """A run, and where its files are."""
    run_id = http_.new_run()
    root = directory / "mlartifacts" / "0" / run_id / "artifacts"
    root.mkdir(parents=True)
    return run_id, root


def view(http_, run_id, **asked):
    answer = http_.get(f"{VIEW}?{urlencode({'run_id': run_id, **asked})}")
    assert answer.status == 200, answer.body
    return answer.json


def write(root, files):
    for path, body in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(body)


def unpacked(body):
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_folder_comes_in_parts_with_its_folders_first(http_, run):
    run_id, root = run
    write(root, {f"d/f{number:03}.txt": b"x" * number for number in range(30)} | {"d/z/deep.txt": b"y"})
    first = view(http_, run_id, path="d", max_results=10)
    assert first["names"][:3] == ["z", "f000.txt", "f001.txt"]
    assert first["sizes"][:3] == [None, 0, 1]
    assert (first["total"], first["folders"], first["bytes"], first["start"]) == (31, 1, sum(range(30)), 0)
    last = view(http_, run_id, path="d", max_results=10, start=25)
    assert (last["names"][-1], len(last["names"])) == ("f029.txt", 6)
    around = view(http_, run_id, path="d", max_results=10, around="f017.txt")
    assert around["start"] == 10
    assert "f017.txt" in around["names"]
    assert view(http_, run_id, path="none")["total"] == 0


def test_names_are_found_at_any_depth(http_, run):
    run_id, root = run
    write(root, {"a/b/Loss.csv": b"1", "a/loss.png": b"22", "a/loss/other.txt": b"333", "gloss": b"4444"})
    found = view(http_, run_id, contains="LOSS")
    assert found["names"] == ["a/b/Loss.csv", "a/loss.png", "gloss"]
    assert (found["bytes"], found["complete"]) == (7, True)
    assert view(http_, run_id, contains="loss", path="a/b")["names"] == ["Loss.csv"]


@pytest.mark.parametrize("asked", [{"max_results": 0}, {"max_results": 10_001}, {"start": -1}, {"path": "../x"}])
def test_what_cannot_be_shown_is_refused(http_, run, asked):
    answer = http_.get(f"{VIEW}?{urlencode({'run_id': run[0], **asked})}")
    assert (answer.status, answer.code) == (400, "INVALID_PARAMETER_VALUE")


def test_a_folder_is_downloaded_as_one_archive(http_, run):
    run_id, root = run
    write(root, {"m/a.txt": b"a", "m/d/b.bin": bytes(300_000), "m/d/empty": b"", "m/é 漢.txt": b"u", "other": b"o"})
    answer = http_.get(f"{ARCHIVE}?run_id={run_id}&path=m")
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"] == 'attachment; filename="m.zip"'
    assert answer.headers["content-security-policy"].startswith("sandbox")
    assert unpacked(answer.body) == {"a.txt": b"a", "é 漢.txt": b"u", "d/b.bin": bytes(300_000), "d/empty": b""}
    whole = http_.get(f"{ARCHIVE}?run_id={run_id}")
    assert set(unpacked(whole.body)) == {"other", "m/a.txt", "m/é 漢.txt", "m/d/b.bin", "m/d/empty"}
    assert f'filename="{run_id}.zip"' in whole.headers["content-disposition"]
    head = http_.send("HEAD", f"{ARCHIVE}?run_id={run_id}")
    assert (head.status, head.body) == (200, b"")


def test_no_folder_no_archive(http_, run):
    run_id, root = run
    write(root, {"f": b"x"})
    for path in ("none", "f", "none/deeper"):
        assert http_.get(f"{ARCHIVE}?run_id={run_id}&path={path}").status == 404
    assert http_.get(f"{ARCHIVE}?run_id={run_id}&path={quote('../..')}").status == 400
    assert http_.get(f"{ARCHIVE}?run_id={'0' * 32}").status == 404


def test_links_do_not_lead_an_archive_out(http_, run, tmp_path):
    run_id, root = run
    (tmp_path / "secret").write_text("secret")
    write(root, {"d/own.txt": b"own"})
    (root / "d" / "link").symlink_to(tmp_path / "secret")
    (root / "d" / "folder").symlink_to(tmp_path)
    assert unpacked(http_.get(f"{ARCHIVE}?run_id={run_id}&path=d").body) == {"own.txt": b"own"}


@pytest.mark.parametrize(
    ("path", "safe"),
    [
        ("a/b.txt", "a/b.txt"),
        ("..\\..\\evil.exe", ".._.._evil.exe"),
        ("C:evil", "C_evil"),
        ("a/CON.txt", "a/_CON.txt"),
        ("aux", "_aux"),
        ("console.log", "console.log"),
        ("dots...", "dots"),
        ("a/ . /b", "a/_/b"),
        ("new\nline\x7f", "new_line_"),
        ('q?"<>|*', "q______"),
    ],
)
def test_names_in_an_archive_are_safe_on_every_system(path, safe):
    assert safe_name(path) == safe


def test_names_that_some_systems_take_for_one_are_kept_apart(tmp_path):
    write(tmp_path, {"Model.txt": b"1", "model.txt": b"2", "a:b": b"3", "a_b": b"4"})
    found = unpacked(b"".join(zip_chunks(LocalBlobs(tmp_path))))
    assert found == {"Model.txt": b"1", "model (2).txt": b"2", "a_b": b"3", "a_b (2)": b"4"}


def test_an_archive_of_a_file_that_goes_is_broken_off(tmp_path):
    write(tmp_path, {"a": b"1", "b": b"2"})
    chunks = zip_chunks(LocalBlobs(tmp_path))
    next(chunks)
    (tmp_path / "b").unlink()
    with pytest.raises(ResourceDoesNotExist, match="'b'"):
        list(chunks)


def test_unpacked_files_can_be_read_and_not_run(tmp_path):
    write(tmp_path, {"a": b"1"})
    with zipfile.ZipFile(io.BytesIO(b"".join(zip_chunks(LocalBlobs(tmp_path))))) as archive:
        assert stat.S_IMODE(archive.infolist()[0].external_attr >> 16) == 0o644


def test_a_large_folder_is_archived_in_flat_memory_without_a_file(http_, run):
    run_id, root = run
    size = 300 << 20
    with (root / "large").open("wb") as file:
        file.truncate(size)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with socket.create_connection(("127.0.0.1", http_.port)) as connection:
        asked = f"GET {ARCHIVE}?run_id={run_id} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        connection.sendall(asked.encode())
        received = 0
        while data := connection.recv(1 << 20):
            received += len(data)
    assert received > size
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000, "KiB"
    assert [path.name for path in root.iterdir()] == ["large"]


def test_pages_and_pdfs_are_shown_without_rights_and_nothing_else_is_shown(http_, run):
    run_id, root = run
    write(root, {"p.html": b"<script>1</script>", "d.pdf": b"%PDF-", "v.svg": b"<svg/>", "x.xhtml": b"x", "n": b"x"})

    def shown(path):
        headers = http_.get(f"/get-artifact?run_id={run_id}&path={path}&inline=true").headers
        assert headers["x-content-type-options"] == "nosniff"
        return headers["content-disposition"], headers["content-security-policy"], headers["content-type"]

    disposition, policy, kind = shown("p.html")
    assert (disposition, kind.partition(";")[0]) == ("inline", "text/html")
    rights = dict(part.strip().partition(" ")[::2] for part in policy.split(";"))
    assert rights["sandbox"] == "allow-scripts", "an origin of its own, no forms, no windows, no leading away"
    assert rights["default-src"] == rights["form-action"] == "'none'"
    assert "connect-src" not in rights
    assert not any("http" in right or "'self'" in right for name, right in rights.items() if name != "frame-ancestors")
    disposition, policy, kind = shown("d.pdf")
    assert (disposition, kind) == ("inline", "application/pdf")
    assert "script-src" not in policy
    assert "default-src 'none'" in policy
    for path in ("v.svg", "x.xhtml", "n"):
        disposition, policy, _ = shown(path)
        assert disposition.startswith("attachment"), path
        assert policy == "sandbox; default-src 'none'"
    assert http_.get(f"/get-artifact?run_id={run_id}&path=p.html").headers["content-disposition"].startswith("attach")
