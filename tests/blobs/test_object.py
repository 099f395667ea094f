"""A bucket keeps the blob contract, over a real S3 server; its errors are ours and tell no secret."""

import urllib.error
import urllib.request

import pytest
from obstore.store import MemoryStore

from assay.blobs import object as object_blobs
from assay.blobs.base import PARTIAL_PREFIX, Below, direct
from assay.blobs.object import ObjectBlobs
from assay.blobs.open import open_blobs
from assay.core.errors import (
    ConfigurationError,
    InvalidParameterValue,
    NotSupported,
    PermissionDenied,
    ResourceConflict,
    ResourceDoesNotExist,
    TemporarilyUnavailable,
)
from assay.testing.blob_contract import BlobContract, content
from assay.testing.s3 import SECRET
from assay.wire.artifacts import MultipartUploadPart


@pytest.fixture
def bucket(s3, monkeypatch, request):
    """The URI of an empty bucket, which this process reaches."""
    for name, value in s3.environment.items():
        monkeypatch.setenv(name, value)
    return s3.bucket(f"b{abs(hash(request.node.nodeid)):x}")


@pytest.fixture
def blobs(bucket):
    return open_blobs(f"{bucket}/some/root")


class TestBucket(BlobContract):
    @pytest.fixture
    def blobs(self, bucket):
        return open_blobs(bucket)


class TestPrefix(BlobContract):
    @pytest.fixture
    def blobs(self, bucket):
        return open_blobs(f"{bucket}/some/root/")


class TestBelowAPrefix(BlobContract):
    @pytest.fixture
    def blobs(self, bucket):
        return Below(open_blobs(f"{bucket}/some"), "root/deep")


class TestMemory(BlobContract):
    """obstore's own store, which gives parts of objects as HTTP asks for them; rclone does not quite."""

    @pytest.fixture
    def blobs(self):
        return ObjectBlobs(MemoryStore(), name="memory:")


@pytest.fixture
def small_parts(monkeypatch):
    """Parts as small as S3 allows, so that a small file has several."""
    monkeypatch.setattr(object_blobs, "PART", 5 << 20)


def test_a_file_of_several_parts_comes_back(blobs, small_parts):
    pieces = [bytes([number]) * 1_000_003 for number in range(17)]
    assert blobs.write("big", iter(pieces)) == 17_000_051
    assert content(blobs, "big") == b"".join(pieces)
    edge = b"".join(blobs.open("big").chunks(start=8_388_600, end=8_388_616))
    assert edge == b"".join(pieces)[8_388_600:8_388_616]


def test_a_file_of_several_parts_that_breaks_off_leaves_nothing(blobs, small_parts, s3, bucket):
    def chunks():
        for _ in range(12):
            yield b"x" * 1_000_000
        raise RuntimeError("broke off")

    with pytest.raises(RuntimeError, match="broke off"):
        blobs.write("d/big", chunks())
    assert blobs.list("d") == []
    left = [path for path in (s3.directory / bucket.removeprefix("s3://")).rglob("*") if path.is_file()]
    assert left == []


def test_lists_have_no_limit(blobs):
    for number in range(1100):
        blobs.write(f"many/{number:04}", [b"x"])
    assert [file.path for file in blobs.list("many")] == [f"many/{number:04}" for number in range(1100)]
    blobs.delete("many")
    assert blobs.list("many") == []


def test_uploads_under_way_are_in_no_list(blobs):
    blobs.write(f"{PARTIAL_PREFIX}parts/key/0", [b"x"])
    assert blobs.list() == []
    assert [file.path for file in blobs.list(f"{PARTIAL_PREFIX}parts")] == [f"{PARTIAL_PREFIX}parts/key"]


def test_a_digest_is_kept_with_the_file(blobs, small_parts):
    blobs.write("small", [b"x"], sha256="ab" * 32)
    blobs.write("large", [b"x" * 6_000_000], sha256="cd" * 32)
    blobs.write("none", [b"x"])
    assert [blobs.open(name).sha256 for name in ("small", "large", "none")] == ["ab" * 32, "cd" * 32, None]


def test_a_file_replaced_while_it_is_read_is_told():
    blobs = ObjectBlobs(MemoryStore(), name="memory:")
    blobs.write("f", [b"1" * 20_000_000])
    reader = blobs.open("f").chunks()
    next(reader)
    blobs.write("f", [b"2" * 20_000_000])
    with pytest.raises(ResourceConflict, match="'f' was replaced"):
        list(reader)
    late = blobs.open("f")
    blobs.delete("f")
    with pytest.raises(ResourceConflict):
        list(late.chunks())


def test_neighbours_with_the_same_beginning_are_left_alone(blobs):
    for path in ("run", "run1/f", "run2/f", "run-1/f"):
        blobs.write(path, [b"x"])
    blobs.delete("run")
    blobs.delete("run1")
    assert [file.path for file in blobs.list()] == ["run-1", "run2"]


def test_signed_addresses_give_one_file_and_nothing_else(blobs):
    blobs.write("d/ü #1.txt", [b"hello"])
    address = blobs.presign("GET", "d/ü #1.txt", seconds=60)
    assert fetch(address) == b"hello"
    with pytest.raises(urllib.error.HTTPError, match="403"):
        fetch(address.replace("%231", "%232"))
    with pytest.raises(urllib.error.HTTPError, match="403"):
        fetch(address, method="DELETE")
    fetch(blobs.presign("PUT", "d/new", seconds=60), method="PUT", body=b"from outside")
    assert content(blobs, "d/new") == b"from outside"


def test_parts_sent_to_signed_addresses_become_a_file(blobs):
    pieces = [b"1" * (5 << 20), b"2" * (5 << 20), b"3"]
    upload_id, addresses = blobs.begin_multipart("d/parts ü", parts=3, seconds=60)
    assert blobs.list("d") == []
    parts = [
        MultipartUploadPart(part_number=number, etag=fetch_etag(address, piece))
        for number, (address, piece) in enumerate(zip(addresses, pieces, strict=True), start=1)
    ]
    blobs.complete_multipart("d/parts ü", upload_id, list(reversed(parts)))
    assert content(blobs, "d/parts ü") == b"".join(pieces)


def test_an_upload_in_parts_can_be_dropped(blobs):
    upload_id, addresses = blobs.begin_multipart("d/f", parts=1, seconds=60)
    fetch_etag(addresses[0], b"x")
    blobs.abort_multipart("d/f", upload_id)
    blobs.abort_multipart("d/f", upload_id)
    part = MultipartUploadPart(part_number=1, etag='"x"')
    with pytest.raises(ResourceDoesNotExist, match="no such upload"):
        blobs.complete_multipart("d/f", upload_id, [part])
    assert blobs.list("d") == []


@pytest.mark.parametrize("parts", [0, -1, 10_001])
def test_an_upload_has_a_sensible_number_of_parts(blobs, parts):
    with pytest.raises(InvalidParameterValue, match="num_parts"):
        blobs.begin_multipart("f", parts=parts, seconds=60)


def test_a_part_that_was_never_sent_is_told(blobs):
    upload_id, _ = blobs.begin_multipart("f", parts=1, seconds=60)
    part = MultipartUploadPart(part_number=1, etag='"0123"')
    with pytest.raises(InvalidParameterValue, match="InvalidPart"):
        blobs.complete_multipart("f", upload_id, [part])


def test_nothing_in_parts_takes_the_place_of_a_directory(blobs):
    blobs.write("d/f", [b"x"])
    with pytest.raises(InvalidParameterValue, match="directory"):
        blobs.begin_multipart("d", parts=1, seconds=60)


def test_directories_of_this_disk_have_no_addresses(tmp_path):
    for store in (open_blobs(str(tmp_path)), Below(open_blobs(str(tmp_path)), "x")):
        with pytest.raises(NotSupported, match=r"^Because: it is no object store"):
            direct(store, "Because")


def test_without_a_key_of_ones_own_there_are_no_uploads_in_parts(bucket, monkeypatch):
    """A role's key is obstore's alone. The client then sends the file through the server."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
    with pytest.raises(NotSupported, match="multipart"):
        open_blobs(bucket).begin_multipart("f", parts=1, seconds=60)


def test_a_profile_is_read_when_no_key_is_set(bucket, monkeypatch, tmp_path, s3):
    file = tmp_path / "credentials"
    file.write_text(
        f"[lab]\naws_access_key_id = {s3.environment['AWS_ACCESS_KEY_ID']}\naws_secret_access_key = {SECRET}\n"
    )
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(file))
    monkeypatch.setenv("AWS_PROFILE", "lab")
    open_blobs(bucket).write("f", [b"x"])
    assert content(open_blobs(bucket), "f") == b"x"


ACTIONS = {
    "list": lambda blobs: blobs.list("d"),
    "open": lambda blobs: blobs.open("d/f"),
    "write": lambda blobs: blobs.write("d/f", [b"x"]),
    "write-large": lambda blobs: blobs.write("d/f", [b"x" * (6 << 20)]),
    "delete": lambda blobs: blobs.delete("d/f"),
    "begin": lambda blobs: blobs.begin_multipart("d/f", parts=1, seconds=60),
}


@pytest.mark.parametrize("action", ACTIONS.values(), ids=ACTIONS)
def test_wrong_keys_are_refused_without_telling_them(bucket, monkeypatch, action, small_parts):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong-secret-0123456789")
    with pytest.raises(PermissionDenied, match=bucket) as caught:
        action(open_blobs(bucket))
    assert "wrong-secret" not in caught.value.message
    assert "http" not in caught.value.message


@pytest.mark.parametrize("action", ACTIONS.values(), ids=ACTIONS)
def test_a_bucket_that_is_missing_is_named(bucket, action, small_parts):
    with pytest.raises(ResourceDoesNotExist, match="s3://missing-bucket does not exist"):
        action(open_blobs("s3://missing-bucket"))


@pytest.mark.parametrize("name", ["list", "write"])
def test_a_store_that_does_not_answer_is_a_temporary_error(monkeypatch, s3, name):
    for variable, value in s3.environment.items():
        monkeypatch.setenv(variable, value)
    monkeypatch.setenv("MLFLOW_S3_ENDPOINT_URL", "http://127.0.0.1:1")
    with pytest.raises(TemporarilyUnavailable, match=r"s3://bucket does not answer"):
        ACTIONS[name](open_blobs("s3://bucket"))


@pytest.mark.parametrize("uri", ["s3://", "s3:///path", "gs://", "s3://b/x?y=1", "r2://bucket/path", "s3:bucket/x"])
def test_addresses_that_name_no_bucket_are_refused(uri):
    with pytest.raises(ConfigurationError):
        open_blobs(uri)


@pytest.mark.parametrize(
    ("uri", "environment", "address"),
    [
        ("s3://bucket/p", {"AWS_REGION": "eu-north-1"}, "https://s3.eu-north-1.amazonaws.com/bucket/p/f?"),
        (
            "s3://bucket/p",
            {"MLFLOW_S3_ENDPOINT_URL": "https://s3.lab:9000", "MLFLOW_BOTO_CLIENT_ADDRESSING_STYLE": "virtual"},
            "https://bucket.s3.lab:9000/p/f?",
        ),
        ("r2://bucket@acc.r2.cloudflarestorage.com/p", {}, "https://acc.r2.cloudflarestorage.com/bucket/p/f?"),
        (
            "wasbs://box@acc.blob.core.windows.net/p",
            {"AZURE_STORAGE_ACCESS_KEY": "a2V5"},
            "https://acc.blob.core.windows.net/box/p/f?",
        ),
        (
            "abfss://box@acc.dfs.core.windows.net/p",
            {"AZURE_STORAGE_CONNECTION_STRING": "AccountName=acc;AccountKey=a2V5"},
            "https://acc.blob.core.windows.net/box/p/f?",
        ),
        (
            "az://box/p",
            {"AZURE_STORAGE_ACCOUNT": "acc", "AZURE_STORAGE_ACCOUNT_KEY": "a2V5"},
            "https://acc.blob.core.windows.net/box/p/f?",
        ),
    ],
)
def test_every_scheme_reaches_its_place(monkeypatch, uri, environment, address):
    """Signing needs no server, and its address says where requests would go."""
    for name, value in {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", **environment}.items():
        monkeypatch.setenv(name, value)
    assert open_blobs(uri).presign("GET", "f", seconds=60).startswith(address)


@pytest.mark.parametrize("uri", ["gs://bucket/p", "gcs://bucket/p"])
def test_google_needs_its_account_file(monkeypatch, tmp_path, uri):
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "missing.json"))
    with pytest.raises(ConfigurationError, match="'bucket' cannot be opened"):
        open_blobs(uri)


def fetch(address, *, method="GET", body=None):
    request = urllib.request.Request(address, data=body, method=method)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.read()


def fetch_etag(address, body):
    request = urllib.request.Request(address, data=body, method="PUT")
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.headers["ETag"]
