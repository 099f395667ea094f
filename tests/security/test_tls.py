"""HTTPS by the server itself: a certificate that works, and clients that know it or do not."""

import datetime as dt
import ipaddress
import ssl
import urllib.request

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

import assay
from assay.core.errors import ConfigurationError
from assay.server.config import ServerConfig
from assay.server.tls import Tls
from assay.testing.server import running_server


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """A certificate for 127.0.0.1 that vouches for itself, and its key."""
    directory = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "assay test")])
    now = dt.datetime.now(dt.timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    (directory / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (directory / "key.pem").write_bytes(private)
    return str(directory / "cert.pem"), str(directory / "key.pem")


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


def test_a_page_is_served_over_tls_and_only_over_it(server, files):
    context = ssl.create_default_context(cafile=files[0])
    with urllib.request.urlopen(f"{server.url}/health", context=context) as answer:
        assert answer.read() == b"OK"
        assert answer.headers["strict-transport-security"]
    with pytest.raises(OSError):
        urllib.request.urlopen(f"http://{server.host}:{server.port}/health", timeout=5)


def test_a_client_that_is_told_the_certificate_logs_a_run(server, files, monkeypatch, fresh_library, tmp_path):
    monkeypatch.setenv("MLFLOW_TRACKING_SERVER_CERT_PATH", files[0])
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
