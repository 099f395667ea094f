"""Gates of registered models: what a version must show before it gets an alias or enters a stage."""

from __future__ import annotations

import msgspec

from assay.wire.base import Message, operation


class GatesResponse(Message):
    """The gates of a model as text, empty for none; when they were set, in milliseconds, and by whom, if known."""

    rules: str = msgspec.field(default_factory=str)
    changed_at: int = 0
    changed_by: str = ""


class GateOutcome(Message):
    """What a version showed for one rule.

    `guards` is an alias with its `@`, or a stage; `line` is where the rule stands in the text.
    """

    guards: str
    line: int
    rule: str
    passed: bool = msgspec.field(default_factory=bool)
    found: str = msgspec.field(default_factory=str)
    wanted: str = msgspec.field(default_factory=str)


class CheckGatesResponse(Message):
    """What a version showed for each rule, in the order of the text."""

    outcomes: list[GateOutcome] = msgspec.field(default_factory=list)


_REGISTRY = "assay/1/registry"


@operation("POST", f"{_REGISTRY}/set-gates", access="registered_model:manage")
class SetGates(Message):
    """Replace the gates of a registered model; the text names the model. Without a gate in it, there is none."""

    rules: str
    changed_by: str = ""


@operation("GET", f"{_REGISTRY}/gates", returns=GatesResponse, access="registered_model:read", quick=True)
class GetGates(Message):
    """Get the gates of a registered model, as they were set."""

    name: str


@operation("GET", f"{_REGISTRY}/check-gates", returns=CheckGatesResponse, access="registered_model:read")
class CheckGates(Message):
    """Get what a version shows for each rule of the gate of an alias or stage, or of all gates. Nothing is changed."""

    name: str
    version: str
    alias: str = ""
    stage: str = ""
