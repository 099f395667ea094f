"""`assay server`: the web UI and MLflow's REST API over one store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from assay.cli.setting_options import listed, setting_option
from assay.core import log, settings, uri
from assay.core.errors import ConfigurationError
from assay.core.lazy import require

if TYPE_CHECKING:
    from assay.server.auth import Auth


@click.command(
    epilog="Example: assay server --host 0.0.0.0 --allowed-hosts lab.example.com --backend-store-uri ./mlruns"
)
@setting_option(settings.server_host, "--host", "-h")
@setting_option(settings.server_port, "--port", "-p", type=click.IntRange(0, 65535))
@setting_option(settings.server_workers, "--workers", "-w", type=click.IntRange(1, 64))
@setting_option(settings.backend_store_uri, "--backend-store-uri")
@setting_option(settings.artifacts_destination, "--artifacts-destination")
@setting_option(settings.default_artifact_root, "--default-artifact-root")
@setting_option(settings.serve_artifacts, "--serve-artifacts/--no-serve-artifacts")
@setting_option(settings.artifacts_only, "--artifacts-only", is_flag=True)
@setting_option(settings.allowed_artifact_roots, "--allowed-artifact-roots")
@setting_option(settings.allowed_hosts, "--allowed-hosts")
@setting_option(settings.cors_allowed_origins, "--cors-allowed-origins")
@setting_option(settings.ssl_certfile, "--ssl-certfile")
@setting_option(settings.ssl_keyfile, "--ssl-keyfile")
@setting_option(settings.auth, "--auth/--no-auth")
@click.option(
    "--app-name",
    type=click.Choice(["basic-auth"]),
    expose_value=True,
    help="MLflow's name for it: basic-auth is the same as --auth.",
)
@click.option("--access-log/--no-access-log", default=True, show_default=True, help="Log each request on stderr.")
def server(
    allowed_artifact_roots: str | None,
    allowed_hosts: str | None,
    cors_allowed_origins: str | None,
    ssl_certfile: str | None,
    ssl_keyfile: str | None,
    auth: bool,
    app_name: str | None,
    **options: Any,
) -> None:
    """Serve the web UI and MLflow's REST API until interrupted.

    Without options it serves what was logged in this directory, ./mlruns, at http://127.0.0.1:5000.
    """
    require("uvicorn", extra="server")
    require("starlette", extra="server")
    from assay.core.egress import Egress
    from assay.server.config import ServerConfig
    from assay.server.oidc import checked_public_url
    from assay.server.run import serve
    from assay.server.tls import Tls

    log.set_up(settings.log_level.get())
    public_url = checked_public_url(settings.public_url.get())
    options["backend_store_uri"] = options["backend_store_uri"] or f"./{uri.LOCAL_DIRECTORY}"
    serve(
        ServerConfig(
            allowed_artifact_roots=listed(allowed_artifact_roots),
            allowed_hosts=listed(allowed_hosts),
            cors_allowed_origins=listed(cors_allowed_origins),
            max_body_bytes=settings.max_body_bytes.get(),
            egress=Egress.configured(
                schemes=listed(settings.webhook_allowed_schemes.get()),
                ports=listed(settings.webhook_allowed_ports.get()),
                networks=listed(settings.webhook_allowed_networks.get()),
            ),
            tls=Tls.configured(ssl_certfile, ssl_keyfile),
            public_url=public_url,
            auth=_auth(public_url, is_wanted=auth or app_name is not None),
            **options,
        )
    )


def _auth(public_url: str | None, *, is_wanted: bool) -> Auth | None:
    """How the server knows its users; None where it has none."""
    from assay.server.auth import Auth
    from assay.server.oidc import Oidc

    oidc = Oidc.configured(
        public_url=public_url,
        allowed_groups=listed(settings.oidc_allowed_groups.get()),
        group_roles=listed(settings.oidc_group_roles.get()),
    )
    if is_wanted:
        return Auth.configured(proxies=listed(settings.trusted_proxies.get()), oidc=oidc)
    if oidc is not None:
        raise ConfigurationError("ASSAY_OIDC_ISSUER is set, but this server has no users. Start it with --auth.")
    return None
