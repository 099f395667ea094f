"""An authority that lives for a test, and the certificates that it signs."""

from __future__ import annotations

import datetime as dt
import ipaddress

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_NAMES = (x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1")))


class Authority:
    """Signs certificates for this machine into a directory.

    Attributes:
        path: The certificate of the authority, for those who are to trust it.
    """

    def __init__(self, directory):
        self._directory = directory
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _named("Assay's test authority")
        constraint = x509.BasicConstraints(ca=True, path_length=0)
        certificate = _begun(self._name, self._name, self._key).add_extension(constraint, critical=True)
        self.path = self._written("authority.pem", _pem(certificate.sign(self._key, hashes.SHA256())))

    def sign(self, name):
        """The paths of a new certificate and of its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = _begun(_named(name), self._name, key).add_extension(
            x509.SubjectAlternativeName(_NAMES), critical=False
        )
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        signed = _pem(certificate.sign(self._key, hashes.SHA256()))
        return self._written(f"{name}.pem", signed), self._written(f"{name}.key", private)

    def pair(self, name):
        """The path of a file that holds both."""
        content = b"".join(path.read_bytes() for path in self.sign(name))
        return self._written(f"{name}-both.pem", content)

    def _written(self, name, content):
        path = self._directory / name
        path.write_bytes(content)
        return path


def _named(name):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _begun(subject, issuer, key):
    now = dt.datetime.now(dt.timezone.utc)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
    )


def _pem(certificate):
    return certificate.public_bytes(serialization.Encoding.PEM)
