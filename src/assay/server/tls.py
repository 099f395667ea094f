"""The certificate of a server that speaks HTTPS by itself; in front of a larger team stands a proxy that does."""

from __future__ import annotations

import ssl
from dataclasses import dataclass

from assay.core.errors import ConfigurationError


@dataclass(frozen=True)
class Tls:
    """The files of a certificate, with those that vouch for it, and of its key, both in PEM."""

    certificate: str
    key: str | None = None

    @classmethod
    def configured(cls, certificate: str | None, key: str | None) -> Tls | None:
        """From the settings of a server; None where there is none.

        Raises:
            ConfigurationError: a file is missing or cannot be used, or there is a key without a certificate.
        """
        if not certificate:
            if key:
                raise ConfigurationError("--ssl-keyfile is given without --ssl-certfile. Give both, or none.")
            return None
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)
        except OSError as error:  # ssl.SSLError is one
            raise ConfigurationError(
                f"The certificate {certificate!r} cannot be used with the key {key or certificate!r}: {error}."
            ) from error
        return cls(certificate, key)
