"""S20 to S26: what the server sends to addresses that a user chose, as a server started by its operator does it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import socket
import time
from contextlib import closing
from functools import partial

import pytest

from assay.core import egress
from assay.store.open import open_store
from assay.testing.webhook_contract import add_webhook

from .aliases import aliases

EVENTS = [{"entity": "REGISTERED_MODEL", "action": "CREATED"}]
WEBHOOKS = "2.0/mlflow/webhooks"
FORBIDDEN = [
    "http://127.0.0.1:{port}/", "https://127.0.0.1/", "https://localhost/", "http://localhost:{port}/", "https://[::1]/",
    "https://[::ffff:127.0.0.1]/", "https://0/", "https://0.0.0.0/", "https://2130706433/", "https://0x7f.1/",
    "https://0177.0.0.1/", "https://127.1/", "https://169.254.169.254/latest/meta-data/", "https://10.0.0.1/",
    "https://172.16.0.1/", "https://192.168.1.1:8443/", "https://100.64.0.1/", "https://[fd00::1]/", "https://[fe80::1]/",
    "https://[64:ff9b::7f00:1]/", "ftp://8.8.8.8/", "file:///etc/passwd", "gopher://8.8.8.8/", "http://8.8.8.8/",
    "https://user:word@8.8.8.8/", "https://8.8.8.8:22/", "https://8.8.8.8@127.0.0.1/", "https://127。0。0。1/",
]  # fmt: skip


@pytest.fixture
def webhook(admin):
    """One that may be: a public address, which nothing is sent to until something happens."""
    body = {"name": "w", "url": "https://8.8.8.8/", "events": EVENTS, "status": "DISABLED"}
    made = admin.done("webhooks", **body)["webhook"]["webhook_id"]
    yield made
    assert admin.send("DELETE", f"/api/{WEBHOOKS}/{made}").status == 200


@pytest.mark.parametrize("url", FORBIDDEN)
def test_s20_a_webhook_goes_to_no_address_of_this_machine_or_network(server, admin, webhook, url):
    url = url.format(port=server.port)
    body = {"name": "w", "url": url, "events": EVENTS}
    for address in aliases(f"POST {WEBHOOKS}"):
        answer = admin.send("POST", address, body)
        assert (answer.status, answer.code) == (400, "INVALID_PARAMETER_VALUE"), answer
    for address in aliases(f"PATCH {WEBHOOKS}/{{webhook_id}}"):
        assert admin.send("PATCH", address.format(webhook_id=webhook), {"url": url}).status == 400
    [kept] = admin.send("GET", f"/api/{WEBHOOKS}").json["webhooks"]
    assert kept["url"] == "https://8.8.8.8/"


def test_s21_a_name_that_leads_here_later_is_not_connected_to(admin, monkeypatch):
    """The name is a public address when the webhook is made, and this machine's when it is told."""
    with closing(socket.create_server(("127.0.0.3", 8443))) as trap:
        answers, real = [("127.0.0.3", 8443), ("8.8.8.8", 8443)], socket.getaddrinfo

        def look_up(host, *more, **named):
            if host != "rebound.example":
                return real(host, *more, **named)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", answers.pop() if len(answers) > 1 else answers[0])]

        monkeypatch.setattr(egress.socket, "getaddrinfo", look_up)
        body = {"name": "w", "url": "https://rebound.example:8443/", "events": EVENTS}
        made = admin.done("webhooks", **body)["webhook"]["webhook_id"]
        told = admin.send("POST", f"/api/{WEBHOOKS}/{made}/test", {})
        assert told.json["result"]["success"] is False
        assert len(answers) == 1, "looked up again"
        assert "127.0.0.3" not in told.body.decode()
        assert admin.send("DELETE", f"/api/{WEBHOOKS}/{made}").status == 200
        trap.settimeout(0.1)
        with pytest.raises(TimeoutError):
            trap.accept()


HOSTS = ["10.1.2.3", "169.254.169.254", "[fd00::1]", "192.168.0.1", "100.64.0.1"]


def test_s21_addresses_that_stand_in_the_store_are_looked_at_again_before_they_are_connected_to(server, admin):
    """As if they had been allowed once: by a test, and by what happens. The canary hears whether anything is sent."""
    with closing(open_store(server.config.backend_store_uri, artifact_root="/")) as store:
        webhooks = [add_webhook(store, f"kept-{secrets.token_hex(4)}") for _ in HOSTS]
        for webhook, host in zip(webhooks, HOSTS, strict=True):
            webhook.url = f"https://{host}/"
            store.write(partial(_replace, webhook))
            result = admin.send("POST", f"/api/{WEBHOOKS}/{webhook.webhook_id}/test", {}).json["result"]
            assert result["success"] is False
            assert "not on the public internet" in result["error_message"]
        admin.done("registered-models/create", name=f"told of {webhooks[0].webhook_id}")
        for webhook in webhooks:
            deadline = time.monotonic() + 10
            while not (given_up := store.read(partial(_undelivered, webhook))):
                assert time.monotonic() < deadline
                time.sleep(0.05)
            assert "not on the public internet" in given_up[0]
            assert admin.send("DELETE", f"/api/{WEBHOOKS}/{webhook.webhook_id}").status == 200


def _replace(webhook, session):
    session.webhooks.replace(webhook, secret=None)


def _undelivered(webhook, session):
    return session.webhooks.undelivered(webhook.webhook_id)


TEXTS = ["$HOME", "${AWS_SECRET_ACCESS_KEY}", "{{x}}", "%(AWS_SECRET_ACCESS_KEY)s", "{AWS_SECRET_ACCESS_KEY}", "$(id)"]


def test_s25_the_environments_proxy_is_not_used(deployed):
    made = deployed.admin.done("webhooks", name="w", url=deployed.receiver.url("/s25"), events=EVENTS)["webhook"]
    told = deployed.admin.send("POST", f"/api/{WEBHOOKS}/{made['webhook_id']}/test", {}).json
    assert told == {"result": {"success": True, "response_status": 200}}
    deployed.admin.done("registered-models/create", name="s25")
    assert len(deployed.receiver.wait_for(2, "/s25")) == 2
    deployed.proxy.settimeout(0.1)
    with pytest.raises(TimeoutError):
        deployed.proxy.accept()


@pytest.mark.parametrize("text", TEXTS)
def test_s26_texts_are_stored_and_sent_as_they_are(deployed, text):
    admin, path = deployed.admin, f"/s26-{TEXTS.index(text)}"
    run_id = admin.done("runs/create", experiment_id="0", tags=[{"key": "t", "value": text}])["run"]["info"]["run_id"]
    admin.done("runs/log-parameter", run_id=run_id, key="p", value=text)
    told = admin.get(f"runs/get?run_id={run_id}").json["run"]["data"]
    assert [one["value"] for one in told["params"]] == [text]
    assert text in [one["value"] for one in told["tags"]]
    hook = {"name": "w", "url": deployed.receiver.url(path), "events": EVENTS, "secret": text, "description": text}
    made = admin.done("webhooks", **hook)["webhook"]
    assert made["description"] == text
    admin.send("POST", f"/api/{WEBHOOKS}/{made['webhook_id']}/test", {})
    [arrival] = deployed.receiver.wait_for(1, path)
    named = f"{arrival.headers['x-mlflow-delivery-id']}.{arrival.headers['x-mlflow-timestamp']}.".encode()
    signature = base64.b64encode(hmac.new(text.encode(), named + arrival.body, hashlib.sha256).digest()).decode()
    assert arrival.headers["x-mlflow-signature"] == f"v1,{signature}"
