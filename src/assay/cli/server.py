"""`assay server`: the web UI and MLflow's REST API over one store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from assay.core import log, settings, uri
from assay.core.lazy import require

if TYPE_CHECKING:
    from collections.abc import Callable

    from assay.core.settings import Setting


def _option(setting: Setting[Any], *names: str, **more: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """An option whose default is a setting, so that its environment variables count."""
    facts = [f"env: {', '.join(setting.variables)}"]
    if setting.default is not None and setting.type is not bool:
        facts.append(f"default: {setting.default}")
    text = f"{setting.help}  [{'; '.join(facts)}]"
    return click.option(*names, default=setting.get, help=text, **more)


def _listed(text: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in (text or "").split(",") if part.strip())


@click.command(
    epilog="Example: assay server --host 0.0.0.0 --allowed-hosts lab.example.com --backend-store-uri ./mlruns"
)
@_option(settings.server_host, "--host", "-h")
@_option(settings.server_port, "--port", "-p", type=click.IntRange(0, 65535))
@_option(settings.server_workers, "--workers", "-w", type=click.IntRange(1, 64))
@_option(settings.backend_store_uri, "--backend-store-uri")
@_option(settings.artifacts_destination, "--artifacts-destination")
@_option(settings.default_artifact_root, "--default-artifact-root")
@_option(settings.serve_artifacts, "--serve-artifacts/--no-serve-artifacts")
@_option(settings.artifacts_only, "--artifacts-only", is_flag=True)
@_option(settings.allowed_artifact_roots, "--allowed-artifact-roots")
@_option(settings.allowed_hosts, "--allowed-hosts")
@_option(settings.cors_allowed_origins, "--cors-allowed-origins")
@click.option("--access-log/--no-access-log", default=True, show_default=True, help="Log each request on stderr.")
def server(
    allowed_artifact_roots: str | None, allowed_hosts: str | None, cors_allowed_origins: str | None, **options: Any
) -> None:
    """Serve the web UI and MLflow's REST API until interrupted.

    Without options it serves what was logged in this directory, ./mlruns, at http://127.0.0.1:5000.
    """
    require("uvicorn", extra="server")
    require("starlette", extra="server")
    from assay.core.egress import Egress
    from assay.server.config import ServerConfig
    from assay.server.run import serve

    log.set_up(settings.log_level.get())
    options["backend_store_uri"] = options["backend_store_uri"] or f"./{uri.LOCAL_DIRECTORY}"
    serve(
        ServerConfig(
            allowed_artifact_roots=_listed(allowed_artifact_roots),
            allowed_hosts=_listed(allowed_hosts),
            cors_allowed_origins=_listed(cors_allowed_origins),
            max_body_bytes=settings.max_body_bytes.get(),
            egress=Egress.configured(
                schemes=_listed(settings.webhook_allowed_schemes.get()),
                ports=_listed(settings.webhook_allowed_ports.get()),
                networks=_listed(settings.webhook_allowed_networks.get()),
            ),
            **options,
        )
    )
