"""Webhooks over HTTP and their delivery: who is told what, signed, once the change is stored, come what may."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time

import pytest

from assay.core import clock
from assay.core.egress import Egress
from assay.core.retry import Backoff
from assay.server.config import ServerConfig
from assay.server.webhooks import WebhookSender
from assay.store.open import open_store
from assay.testing.processes import ServerProcess
from assay.testing.receiver import running_receiver
from assay.testing.server import running_server
from assay.testing.webhook_contract import MADE, add_webhook, due

MODEL = {"entity": "REGISTERED_MODEL", "action": "CREATED"}
ALL = [
    MODEL,
    {"entity": "MODEL_VERSION", "action": "CREATED"},
    {"entity": "MODEL_VERSION_TAG", "action": "SET"},
    {"entity": "MODEL_VERSION_TAG", "action": "DELETED"},
    {"entity": "MODEL_VERSION_ALIAS", "action": "CREATED"},
    {"entity": "MODEL_VERSION_ALIAS", "action": "DELETED"},
]
WEBHOOKS = "/api/2.0/mlflow/webhooks"
KEY = "s3cret"


@pytest.fixture(scope="module")
def receiver():
    with running_receiver() as running:
        yield running


@pytest.fixture(scope="module")
def server(tmp_path_factory, receiver):
    directory = tmp_path_factory.mktemp("server")
    config = ServerConfig(
        backend_store_uri=str(directory / "mlruns"),
        artifacts_destination=str(directory / "mlartifacts"),
        access_log=False,
        egress=receiver.door(),
    )
    with running_server(directory, config) as running:
        yield running


@pytest.fixture(autouse=True)
def fresh(receiver):
    receiver.arrivals.clear()
    receiver.statuses.clear()


@pytest.fixture
def create(http_, receiver):
    """Makes webhooks that are deleted after the test."""
    made = []

    def create(path="/", **more):
        webhook = http_.call("webhooks", {"name": "w", "url": receiver.url(path), "events": ALL, **more})["webhook"]
        made.append(webhook["webhook_id"])
        return webhook

    yield create
    for webhook_id in made:
        http_.send("DELETE", f"{WEBHOOKS}/{webhook_id}")


def change(http_, method, path, message):
    answer = http_.send(method, f"/api/2.0/mlflow/{path}", *_json(message))
    assert answer.status == 200, answer
    return answer.json


def _json(message):

    return json.dumps(message), {"Content-Type": "application/json"}


def signature(arrival):
    headers = arrival.headers
    signed = f"{headers['x-mlflow-delivery-id']}.{headers['x-mlflow-timestamp']}.".encode() + arrival.body
    return "v1," + base64.b64encode(hmac.new(KEY.encode(), signed, hashlib.sha256).digest()).decode()


def test_a_webhook_is_told_of_each_change_in_mlflows_words(http_, create, receiver, eventually):
    create(secret=KEY)
    change(http_, "POST", "registered-models/create", {"name": "m", "tags": [{"key": "a", "value": "é"}]})
    version = {"name": "m", "source": "s3://b/x", "tags": [{"key": "a", "value": "b"}], "description": "vd"}
    change(http_, "POST", "model-versions/create", version)
    change(http_, "POST", "model-versions/create", {"name": "m", "source": "s3://b/y"})
    tag = {"name": "m", "version": "1", "key": "k"}
    change(http_, "POST", "model-versions/set-tag", {**tag, "value": "v"})
    change(http_, "DELETE", "model-versions/delete-tag", tag)
    change(http_, "POST", "registered-models/alias", {"name": "m", "alias": "best", "version": "1"})
    change(http_, "POST", "registered-models/alias", {"name": "m", "alias": "best", "version": "2"})
    change(http_, "DELETE", "registered-models/alias", {"name": "m", "alias": "best"})
    assert http_.post("registered-models/create", {"name": "m"}).status == 400
    eventually(lambda: len(receiver.arrivals) >= 8, seconds=30)
    said = [arrival.said for arrival in receiver.arrivals]
    assert [(one["entity"], one["action"], one["data"]) for one in said] == [
        ("registered_model", "created", {"name": "m", "tags": {"a": "é"}, "description": ""}),
        ("model_version", "created", {
            "name": "m", "version": "1", "source": "s3://b/x", "run_id": None, "tags": {"a": "b"}, "description": "vd",
        }),
        ("model_version", "created", {
            "name": "m", "version": "2", "source": "s3://b/y", "run_id": None, "tags": {}, "description": None,
        }),
        ("model_version_tag", "set", {"name": "m", "version": "1", "key": "k", "value": "v"}),
        ("model_version_tag", "deleted", {"name": "m", "version": "1", "key": "k"}),
        ("model_version_alias", "created", {"name": "m", "alias": "best", "version": "1"}),
        ("model_version_alias", "created", {"name": "m", "alias": "best", "version": "2"}),
        ("model_version_alias", "deleted", {"name": "m", "alias": "best"}),
    ]  # fmt: skip
    assert all(one["timestamp"].endswith("+00:00") for one in said)
    assert all(one.headers["x-mlflow-signature"] == signature(one) for one in receiver.arrivals)
    assert len({one.headers["x-mlflow-delivery-id"] for one in receiver.arrivals}) == 8
    assert all(abs(int(one.headers["x-mlflow-timestamp"]) - time.time()) < 60 for one in receiver.arrivals)


def test_a_webhook_is_kept_changed_and_deleted_and_its_secret_told_to_nobody(http_, create, receiver):
    made = create(secret=KEY, description="d", events=[*ALL, MODEL])
    webhook_id = made["webhook_id"]
    assert made["events"] == sorted(ALL, key=lambda event: (event["entity"], event["action"]))
    assert (made["name"], made["description"], made["status"]) == ("w", "d", "ACTIVE")
    assert made["creation_timestamp"] == made["last_updated_timestamp"]
    assert http_.get(f"{WEBHOOKS}/{webhook_id}").json["webhook"] == made
    ignored = {"name": "", "url": "", "events": [], "status": ""}
    same = change(http_, "PATCH", f"webhooks/{webhook_id}", ignored)["webhook"]
    assert {**same, "last_updated_timestamp": 0} == {**made, "last_updated_timestamp": 0}
    other = {"name": "other", "description": "", "url": receiver.url("/2"), "events": [MODEL], "status": "DISABLED"}
    changed = change(http_, "PATCH", f"webhooks/{webhook_id}", other)["webhook"]
    assert {name: changed.get(name, "") for name in other} == other
    assert KEY not in http_.get(WEBHOOKS).body.decode() + str(made) + str(changed)
    change(http_, "DELETE", f"webhooks/{webhook_id}", {})
    for method, path in (("GET", ""), ("PATCH", ""), ("DELETE", ""), ("POST", "/test")):
        answer = http_.send(method, f"{WEBHOOKS}/{webhook_id}{path}", *_json({}))
        assert (answer.status, answer.code) == (404, "RESOURCE_DOES_NOT_EXIST")


def test_webhooks_are_listed_in_pages_the_newest_first(http_, create):
    ids = []
    for _ in range(3):
        ids.insert(0, create()["webhook_id"])
        time.sleep(0.002)
    first = http_.get(f"{WEBHOOKS}?max_results=2").json
    second = http_.get(f"{WEBHOOKS}?max_results=2&page_token={first['next_page_token']}").json
    assert [one["webhook_id"] for one in first["webhooks"] + second["webhooks"]] == ids
    assert "next_page_token" not in second
    assert len(http_.get(f"{WEBHOOKS}?max_results=0").json["webhooks"]) == 3
    for query in ("max_results=1001", "max_results=-1", "page_token=zzz"):
        assert http_.get(f"{WEBHOOKS}?{query}").status == 400


@pytest.mark.parametrize(
    "bad",
    [
        {"name": None}, {"name": ""}, {"url": None}, {"url": ""}, {"events": None}, {"events": []}, {"name": "-x"},
        {"name": "x" * 64}, {"name": "a b"}, {"name": "a!"}, {"name": "é"}, {"name": "a\n"}, {"events": [{}]},
        {"events": [{"entity": "MODEL_VERSION"}]}, {"events": [{"entity": "MODEL_VERSION", "action": "SET"}]},
        {"events": [{"entity": "PROMPT", "action": "CREATED"}]}, {"status": "PAUSED"}, {"description": "d" * 1001},
        {"secret": "d" * 1001}, {"url": "http://127.0.0.1/" + "a" * 2000},
    ],
)  # fmt: skip
def test_what_is_no_webhook_is_refused(http_, receiver, bad):
    message = {"name": "w", "url": receiver.url(), "events": ALL, **bad}
    answer = http_.post("webhooks", {name: value for name, value in message.items() if value is not None})
    assert (answer.status, answer.code) == (400, "INVALID_PARAMETER_VALUE"), answer.body
    assert http_.get(WEBHOOKS).json == {}


@pytest.mark.parametrize(
    "url",
    [
        "http://[::1]:{port}/", "http://[::ffff:127.0.0.1]:{port}/", "http://0:{port}/", "http://169.254.169.254:{port}/",
        "http://10.0.0.1:{port}/", "https://127.0.0.1:{port}/", "ftp://127.0.0.1:{port}/", "file:///etc/passwd",
        "gopher://127.0.0.1:{port}/", "http://u:p@127.0.0.1:{port}/", "http://127.0.0.1:1/",
    ],
)  # fmt: skip
def test_an_address_that_may_not_be_spoken_to_is_refused(http_, create, receiver, url):
    url = url.format(port=receiver.port)
    answer = http_.post("webhooks", {"name": "w", "url": url, "events": ALL})
    assert (answer.status, answer.code) == (400, "INVALID_PARAMETER_VALUE"), answer.body
    webhook_id = create()["webhook_id"]
    assert http_.send("PATCH", f"{WEBHOOKS}/{webhook_id}", *_json({"url": url})).status == 400


@pytest.mark.parametrize("event", ALL, ids=lambda event: "-".join(event.values()))
def test_a_test_sends_an_example_and_tells_the_status_only(http_, create, receiver, event):
    webhook_id = create(secret=KEY, status="DISABLED")["webhook_id"]
    answer = http_.call(f"webhooks/{webhook_id}/test", {"event": event})
    assert answer == {"result": {"success": True, "response_status": 200}}
    [arrival] = receiver.arrivals
    assert (arrival.said["entity"].upper(), arrival.said["action"].upper()) == tuple(event.values())
    assert arrival.headers["x-mlflow-signature"] == signature(arrival)


def test_a_test_says_what_went_wrong(http_, create, receiver):
    webhook_id = create()["webhook_id"]
    receiver.statuses[:] = [302, 500]
    for status in (302, 500):
        result = http_.call(f"webhooks/{webhook_id}/test", {})["result"]
        assert result == {"success": False, "response_status": status}
    assert len(receiver.arrivals) == 2
    bad = http_.post(f"webhooks/{webhook_id}/test", {"event": {"entity": "MODEL_VERSION", "action": "SET"}})
    assert bad.status == 400


def test_a_slow_receiver_holds_up_neither_requests_nor_other_webhooks(http_, create, receiver, eventually):
    create("/slow", events=[MODEL])
    create("/quick", events=[MODEL])
    begun = time.monotonic()
    for place in range(10):
        http_.call("registered-models/create", {"name": f"slow-{place}"})
    assert time.monotonic() - begun < 1.5
    eventually(lambda: sum(arrival.path == "/quick" for arrival in receiver.arrivals) == 10)
    assert sum(arrival.path == "/slow" for arrival in receiver.arrivals) < 10
    receiver.released.set()


@pytest.fixture
def store(tmp_path):
    opened = open_store(str(tmp_path / "mlruns"), artifact_root="/artifacts")
    yield opened
    opened.close()


@pytest.fixture
def send(store, receiver):
    """Senders over the store, stopped after the test."""
    senders = []

    def start(door=None, **options):
        sender = WebhookSender(store, door or receiver.door(), **{"backoff": Backoff(base=0.02), **options})
        senders.append(sender)
        sender.start()
        return sender

    yield start
    for sender in senders:
        sender.stop()


def waiting(store):
    return due(store, now=2**52)


def listen(store, receiver, path="/"):
    webhook = add_webhook(store, "w")
    webhook.url = receiver.url(path)
    store.write(lambda session: session.webhooks.replace(webhook, secret=None))


def tell(store, body="{}"):
    store.write(lambda session: session.webhooks.tell(MADE, body=body, now=clock.now_ms()))


def undelivered(store):
    return store.read(lambda session: session.webhooks.undelivered("w"))


def test_a_busy_receiver_is_told_again_under_the_same_id(store, receiver, send, eventually):
    listen(store, receiver)
    tell(store, body='{"a": 1}')
    receiver.statuses[:] = [500, 429, 503]
    send()
    eventually(lambda: len(receiver.arrivals) == 4 and not waiting(store))
    assert len({arrival.headers["x-mlflow-delivery-id"] for arrival in receiver.arrivals}) == 1
    assert {arrival.body for arrival in receiver.arrivals} == {b'{"a": 1}'}
    assert "x-mlflow-signature" not in receiver.arrivals[0].headers
    assert undelivered(store) == []


@pytest.mark.parametrize(("statuses", "tries"), [([500] * 9, 3), ([404], 1), ([302], 1)])
def test_a_delivery_that_cannot_succeed_is_given_up_and_said_to_be(
    store, receiver, send, eventually, caplog, statuses, tries
):
    listen(store, receiver)
    tell(store)
    receiver.statuses[:] = list(statuses)
    send(tries=3)
    eventually(lambda: undelivered(store))
    assert undelivered(store) == [f"The answer has the status {statuses[0]}."]
    assert len(receiver.arrivals) == tries
    eventually(lambda: f"not told of a change, after {tries} tries" in caplog.text)
    assert not waiting(store)


def test_an_address_that_is_no_longer_allowed_gets_nothing(store, receiver, send, eventually):
    listen(store, receiver)
    tell(store)
    send(Egress(schemes=("http",), ports=(receiver.port,)))
    eventually(lambda: undelivered(store))
    assert "not on the public internet" in undelivered(store)[0]
    assert receiver.arrivals == []


def test_what_waits_survives_a_restart(store, receiver, send, eventually):
    listen(store, receiver)
    receiver.statuses[:] = [500]
    sender = send(backoff=Backoff(base=0.5))
    tell(store, body="1")
    eventually(lambda: receiver.arrivals)
    sender.stop()
    tell(store, body="2")
    send()
    eventually(lambda: [arrival.body for arrival in receiver.arrivals] == [b"1", b"2", b"1"])


def test_two_senders_send_once(store, receiver, send, eventually):
    listen(store, receiver)
    for place in range(40):
        tell(store, body=str(place))
    send()
    send()
    eventually(lambda: not waiting(store))
    assert sorted(int(arrival.body) for arrival in receiver.arrivals) == list(range(40))


def test_of_several_workers_one_sends_as_the_operators_settings_allow(tmp_path, receiver, new_postgres_uri, client_for):
    allowed = {
        "ASSAY_WEBHOOK_ALLOWED_SCHEMES": "http,https",
        "ASSAY_WEBHOOK_ALLOWED_PORTS": f"443, {receiver.port}",
        "ASSAY_WEBHOOK_ALLOWED_NETWORKS": "127.0.0.0/8",
    }
    options = ("--workers", "2", "--backend-store-uri", new_postgres_uri())
    team = ServerProcess(tmp_path, *options, environment=allowed).start()
    try:
        http = client_for(team.port)
        http.call("webhooks", {"name": "w", "url": receiver.url("/team"), "events": ALL})
        for place in range(10):
            http.call("registered-models/create", {"name": f"m{place}"})
        names = [arrival.said["data"]["name"] for arrival in receiver.wait_for(10, "/team")]
        assert sorted(names) == [f"m{place}" for place in range(10)]
    finally:
        team.kill()
