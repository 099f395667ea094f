"""S01 to S07, S12, S13 and S16: no path leads out, by any operation that takes one, under any of its addresses."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from urllib.parse import quote, unquote, urlencode

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assay.wire.operations import OPERATIONS, TRANSFERS

from .aliases import aliases
from .lines import Line

HOSTILE = {
    "S01": ["../x", "a/../../x", "a/..", ".."],
    "S02": ["..%2fx", "%2e%2e%2fx", "%2e%2e/x"],
    "S03": ["%252e%252e%252fx", "%252e%252e/x", "a%2525/x"],
    "S04": [
        "/etc/hostname", "//etc", "%2fetc%2fhostname", "C:/x", "C:x", "%5c%5csrv%5cx", "a%5c..%5cb", "a//b",
    ],
    "S05": [
        "a%3b/../b", "a%3fx=/../b", "a%23/../b", "a%00b", "a%0ab", "a%7f", "x" * 256, "a/" + "x" * 256 + "/b",
        "%c3%bc" * 128, "d/" * 64 + "f", "x" * 5000, "a%ff", "a%ed%a0%80",
    ],
    "S06": [".", "./", "./a", "a/."],
}  # fmt: skip
"""Paths as they stand in an address, by number."""
ARCHIVE = "/api/assay/1/run-archive"
FIELDS = ("path", "directory", "artifact_file_path", "artifact_directory_path")
TAKING = [
    (operation, method, field.name)
    for operation in (*OPERATIONS.values(), *TRANSFERS.values())
    for method in operation.methods
    for field in msgspec.structs.fields(operation.request)
    if field.name in FIELDS
]
ONLY_ITS_NAME = {(one, "path") for one in ("createMultipartUpload", "completeMultipartUpload", "abortMultipartUpload")}
"""Clients send here the path of a file on their own disk; the server takes what stands behind the last slash."""


def test_no_operation_that_takes_a_path_is_forgotten():
    assert len(TAKING) > 30
    named = {field.name for one in (*OPERATIONS, *TRANSFERS) for field in msgspec.structs.fields(one)}
    assert {name for name in named if "path" in name or "directory" in name} == set(FIELDS)


@pytest.fixture
def known(admin, world):
    """A value for each field that an operation needs besides its path."""
    model = admin.done("logged-models", experiment_id=world.experiment_id, name="m", source_run_id=world.run_id)
    model_id = model["model"]["info"]["model_id"]
    return {
        "run_id": world.run_id, "run_uuid": world.run_id, "model_id": model_id, "name": world.model, "version": "1",
        "size": 5, "sha256": "0" * 64, "part": 0, "upload_id": "u", "path": "f", "directory": "d",
    }  # fmt: skip


@pytest.fixture
def marker(server):
    """What lies beside the root of the artifacts, and must never be seen, changed or joined by others."""
    root = Path(server.config.artifacts_destination)
    outside = root.parent / "x"
    outside.write_bytes(b"canary-" + os.urandom(8).hex().encode())
    yield outside.read_bytes()
    names = {path.name for path in root.parent.iterdir()}
    assert outside.read_bytes().startswith(b"canary-")
    assert names <= {"x", "beside", "mlruns", "mlartifacts"}, names
    outside.unlink()


def asked(operation, method, field, wire, known):
    """The requests that say a path in a field: the targets, one for each alias, and the body."""
    names = [one.name for one in msgspec.structs.fields(operation.request)]
    message = {name: known[name] for name in names if name in known and name != field}
    if operation.request.__name__ == "CreatePresignedUploadUrl":
        del message["model_id"]
    carried = method in ("GET", "HEAD") or operation.request in TRANSFERS
    in_path = {name: quote(str(message.get(name, "")), safe="") for name in operation.variables}
    in_path = {**in_path, field: wire}
    rest = {name: value for name, value in message.items() if name not in operation.variables}
    query = urlencode(rest) if carried else ""
    if carried and field not in operation.variables:
        query += f"&{field}={wire}"
    if not carried:
        rest |= {} if field in operation.variables else {field: unquote(wire, errors="surrogateescape")}
    body = None if method in ("GET", "HEAD") else b"x" if carried else rest
    for alias in aliases(operation):
        target = alias.format(**in_path)
        yield f"{target}?{query}" if query else target, body


@pytest.mark.parametrize("number", HOSTILE)
@pytest.mark.parametrize("name", ["admin", "editor"])
def test_no_path_leads_out_whoever_asks(server, admin, people, known, marker, number, name):
    wrong = {}
    with Line({"admin": admin, **people}[name]) as line:
        for operation, method, field in TAKING:
            refused = {400} if name == "admin" else {400, 403, 404}
            if (operation.name, field) in ONLY_ITS_NAME:
                refused |= {501}
            for wire in HOSTILE[number]:
                for target, body in asked(operation, method, field, wire, known):
                    answer = line.send(method, target, body)
                    assert marker not in answer.body
                    if answer.status not in refused:
                        wrong[f"{method} {target[:150]}"] = (answer.status, answer.body[:100])
    assert wrong == {}


def test_s06_nothing_at_all_deletes_nothing(server, admin, world):
    with Line(admin) as line:
        for alias in aliases("2.0/mlflow-artifacts/artifacts"):
            for target in (alias, f"{alias}/", f"{alias}//", f"{alias}/?path=", f"{alias}/%2f", f"{alias}/%20/.."):
                assert line.send("DELETE", target).status in (400, 404, 405), target
    kept = Path(server.config.artifacts_destination) / world.experiment_id / world.run_id / "artifacts/m/f.txt"
    assert kept.read_bytes() == b"secret content"


ODD = [
    "a.", " a", "a ", "CON", "aux.txt", "a:b", 'q"<>|*?#;&=+', "e\u0301", "\u00e9", "漢字/👩‍💻", "x" * 255, "ü" * 127,
    "d/" * 40 + "f", "~", "-rf", "$(id)", "`id`", "{{x}}", "...", "..a", "a..b",
]  # fmt: skip
"""Names that other systems could misread: Assay takes them, since clients log such files, and keeps them exactly."""


def test_s05_what_is_not_refused_comes_back_exactly_as_it_went(server, admin, people, world):
    below = f"{world.experiment_id}/{world.run_id}/artifacts"
    (alias, _) = aliases("GET 2.0/mlflow-artifacts/artifacts/{path*}")
    with Line(people["editor"]) as editor, Line(people["reader"]) as reader:
        for name in ODD:
            target = alias.format(path=f"{below}/odd/{quote(name)}")
            assert editor.send("PUT", target, name.encode()).status == 200, name
            assert reader.send("GET", target).body == name.encode()
    root = Path(server.config.artifacts_destination) / below / "odd"
    found = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}
    assert found == set(ODD)
    listed = people["reader"].get(f"artifacts/list?run_id={world.run_id}&path=odd").json["files"]
    assert {file["path"] for file in listed} == {"odd/" + name.partition("/")[0] for name in ODD}


def roots(server, known, world):
    """The directories of the artifacts that requests of `known` reach."""
    below = Path(server.config.artifacts_destination) / world.experiment_id
    run, model = below / world.run_id / "artifacts", below / "models" / known["model_id"] / "artifacts"
    return below, (run, run / "m", model)


def test_s12_links_below_the_artifacts_lead_nowhere(server, admin, known, world, marker):
    below, places = roots(server, known, world)
    for place in places:
        place.mkdir(parents=True, exist_ok=True)
        (place / "link").symlink_to(server.config.artifacts_destination + "/..", target_is_directory=True)
        (place / "file").symlink_to(Path(server.config.artifacts_destination).parent / "x")
    beside = {path.name for path in below.parent.parent.iterdir()}
    with Line(admin) as line:
        for target in (f"/api/2.0/mlflow/artifacts/list?run_id={world.run_id}", f"{ARCHIVE}?run_id={world.run_id}"):
            answer = line.send("GET", target)
            assert answer.status == 200
            assert b"link" not in answer.body
        for operation, method, field in TAKING:
            prefix = f"{world.experiment_id}/{world.run_id}/artifacts/" if operation.resource == "artifact" else ""
            for path in ("link", "link/x", "link/mlruns", "file"):
                for target, body in asked(operation, method, field, prefix + path, known):
                    answer = line.send(method, target, body)
                    assert marker not in answer.body, target
                    assert b"mlruns" not in answer.body.replace(b"link/mlruns", b""), target
                    assert answer.status < 500 or answer.status == 501, (target, answer)
    assert {path.name for path in below.parent.parent.iterdir()} == beside


def test_s13_a_directory_that_becomes_a_link_while_it_is_read_never_leads_out(server, people, world, marker):
    """Short: a thousand requests; the two ways to look at the same name cannot be told apart by luck alone."""
    root = Path(server.config.artifacts_destination) / world.experiment_id / world.run_id / "artifacts"
    (root / "d").mkdir()
    (root / "d" / "x").write_bytes(b"inside")
    (root / "link").symlink_to(Path(server.config.artifacts_destination).parent)
    target = f"/get-artifact?run_id={world.run_id}&path=d/x"
    stopped = threading.Event()
    answers: list[tuple[int, bytes]] = []

    def swap():
        while not stopped.is_set():
            for old, new in (("d", "away"), ("link", "d"), ("d", "link"), ("away", "d")):
                (root / old).rename(root / new)
            stopped.wait(0.0005)

    def ask():
        with Line(people["reader"]) as line:
            for _ in range(250):
                answer = line.send("GET", target)
                answers.append((answer.status, answer.body))

    threads = [threading.Thread(target=work) for work in (swap, ask, ask, ask, ask)]
    for thread in threads:
        thread.start()
    for thread in threads[1:]:
        thread.join()
    stopped.set()
    threads[0].join()
    assert len(answers) == 1000
    assert {body for status, body in answers if status == 200} == {b"inside"}
    assert {status for status, _ in answers} <= {200, 404}


PIECES = st.sampled_from(
    [
        "..", ".", "/", "//", "\\", "%2e", "%2f", "%252e", "%00", "\x00", "~", "C:", ";", "?", "#", "&", "e\u0301",
        "\u202e", "\u2215", "\uff0e", "\u2024", "\u200b", "\ufeff", "\ud800", "NUL", "f", " ", ".assay-", "artifacts",
    ]
)  # fmt: skip
PATHS = st.lists(PIECES | st.text(max_size=6), min_size=1, max_size=8).map("".join).filter(bool)


def fuzzed(server, people, world, marker, examples):
    below = f"{world.experiment_id}/{world.run_id}/artifacts/fuzz"
    root = Path(server.config.artifacts_destination)
    (alias, _) = aliases("GET 2.0/mlflow-artifacts/artifacts/{path*}")
    taken = []

    @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(path=PATHS)
    def go(path):
        body = path.encode("utf-8", "surrogatepass")
        target = alias.format(path=f"{below}/{quote(body, safe='/')}")
        put = manager.send("PUT", target, body)
        if put.status != 200:
            assert put.status == 400, (path, put)
            return
        assert manager.send("GET", target).body == body
        (file,) = [one for one in (root / below).rglob("*") if not one.is_dir()]
        assert file.resolve().is_relative_to((root / below).resolve())
        assert file.relative_to(root / below).as_posix() == path.removesuffix("/")
        assert manager.send("DELETE", alias.format(path=below)).status == 200
        taken.append(path)

    with Line(people["manager"]) as manager:
        go()
    assert len(taken) > examples // 20
    assert marker in {path.read_bytes() for path in root.parent.iterdir() if path.is_file()}


def test_s16_any_text_is_refused_or_comes_back_exactly(server, people, world, marker):
    fuzzed(server, people, world, marker, 150)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_s16_any_text_is_refused_or_comes_back_exactly_at_length(server, people, world, marker):
    fuzzed(server, people, world, marker, 100_000)
