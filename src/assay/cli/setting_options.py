"""Options whose defaults are settings, so that their environment variables count."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from assay.core.settings import Setting


def setting_option(
    setting: Setting[Any], *names: str, **more: Any
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """An option for a setting; its help names the variables."""
    facts = [f"env: {', '.join(setting.variables)}"]
    if setting.default is not None and setting.type is not bool:
        facts.append(f"default: {setting.default}")
    text = f"{setting.help}  [{'; '.join(facts)}]"
    return click.option(*names, default=setting.get, help=text, **more)


def listed(text: str | None) -> tuple[str, ...]:
    """The parts of a text that commas separate."""
    return tuple(part.strip() for part in (text or "").split(",") if part.strip())
