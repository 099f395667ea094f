"""The client's operations on the gates of registered models."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.client import entities
from assay.client.context import user
from assay.service import gate_rules, registry_rules
from assay.wire import gates as wire
from assay.wire.base import Empty

if TYPE_CHECKING:
    from assay.client.connection import Connection


class GateOperations:
    """What a client can do with gates: what a version must show before it gets an alias or enters a stage."""

    _registry: Connection

    def set_gates(self, rules: str) -> str:
        """Replace the gates of the registered model that the text names, and return its name.

        The text is that of a gates file; without a gate in it, the model has none.

        Raises:
            InvalidParameterValue: it is no such text; names the line and the rule.
            ResourceDoesNotExist: there is no such model.
        """
        parsed = gate_rules.parse_gates(rules)
        self._registry.ask(wire.SetGates(rules=rules, changed_by=user()), Empty)
        return parsed.model

    def get_gates(self, name: str) -> str:
        """The gates of a registered model as they were set; an empty text for none.

        Raises:
            ResourceDoesNotExist: there is no such model.
        """
        return self._registry.ask(wire.GetGates(name=registry_rules.model_name(name)), wire.GatesResponse).rules

    def check_gates(
        self, name: str, version: str, *, alias: str | None = None, stage: str | None = None
    ) -> list[entities.GateOutcome]:
        """What a version shows for each rule of the gate of an alias or stage, or of all gates; nothing is changed.

        Raises:
            ResourceDoesNotExist: there is no such version.
            InvalidParameterValue: both an alias and a stage are given, or one that cannot be.
        """
        request = wire.CheckGates(
            name=registry_rules.model_name(name), version=str(version), alias=alias or "", stage=stage or ""
        )
        return [
            entities.gate_outcome(outcome) for outcome in self._registry.ask(request, wire.CheckGatesResponse).outcomes
        ]
