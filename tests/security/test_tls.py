"""HTTPS by the server itself: a certificate that works, and clients that know it or do not."""

import ssl
import urllib.request

import pytest

import assay
from assay.core.errors import ConfigurationError
from assay.server.config import ServerConfig
from assay.server.tls import Tls
from assay.testing.server import running_server

from .certificates import Authority


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def files(authority):
    """A certificate for this machine, and its key."""
    return [str(path) for path in authority.sign("server")]


@pytest.fixture
def server(tmp_path, files):
    config = ServerConfig(
        backend_store_uri=str(tmp_path / "mlruns"),
        artifacts_destination=str(tmp_path / "mlartifacts"),
        access_log=False,
        tls=Tls.configured(*files),
    )
    with running_server(tmp_path, config) as running:
        yield running


def test_a_page_is_served_over_tls_and_only_over_it(server, authority):
    context = ssl.create_default_context(cafile=authority.path)
    with urllib.request.urlopen(f"{server.url}/health", context=context) as answer:
        assert answer.read() == b"OK"
        assert answer.headers["strict-transport-security"]
    with pytest.raises(OSError):
        urllib.request.urlopen(f"http://{server.host}:{server.port}/health", timeout=5)


def test_a_client_that_is_told_the_certificate_logs_a_run(server, authority, monkeypatch, fresh_library):
    monkeypatch.setenv("MLFLOW_TRACKING_SERVER_CERT_PATH", str(authority.path))
    assay.set_tracking_uri(server.url)
    with assay.start_run() as run:
        assay.log_metric("loss", 1.0)
        assay.log_text("over tls", "note.txt")
    assert assay.get_run(run.info.run_id).data.metrics == {"loss": 1.0}
    assert assay.artifacts.load_text(f"runs:/{run.info.run_id}/note.txt") == "over tls"


@pytest.mark.parametrize(
    ("certificate", "key", "reason"),
    [(None, "key", "without"), ("missing.pem", "key", "missing.pem"), ("key", "cert", "cannot be used")],
)
def test_a_certificate_that_cannot_be_used_is_told(files, certificate, key, reason):
    named = {"cert": files[0], "key": files[1]}
    with pytest.raises(ConfigurationError, match=reason):
        Tls.configured(named.get(certificate, certificate), named.get(key, key))
