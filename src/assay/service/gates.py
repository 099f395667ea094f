"""Handlers for `wire.gates`, and the check that stands before every alias and stage."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assay.blobs.base import Below
from assay.blobs.paths import checked_path
from assay.core import clock, uri
from assay.core.errors import AssayError, InvalidParameterValue, InvalidState, ResourceDoesNotExist
from assay.service import registry_rules
from assay.service.artifacts import blobs_at
from assay.service.dispatch import Context, handles
from assay.service.gate_facts import Facts, facts_of
from assay.service.gate_outcomes import Verdict, judged
from assay.service.gate_rules import NotWorse, Presence, Rule, guards, parse_gates
from assay.service.model_sources import RUNS_SCHEME, parse_run_uri
from assay.store.registry import Change
from assay.wire import gates as wire
from assay.wire.base import Empty

if TYPE_CHECKING:
    from assay.blobs.base import BlobStore
    from assay.store.base import Session
    from assay.wire.registry import ModelVersion

_MLMODEL = "MLmodel"
_MOST_BYTES = 1 << 20
_SIGNED = re.compile(rb"^signature:(?!\s*(?:null|~)\s*$)", re.MULTILINE)
"""The key in YAML, as every flavor writes it, with something below or beside it."""


@handles(wire.SetGates)
def set_gates(context: Context, session: Session, request: wire.SetGates) -> Empty:
    """Replace the gates of the model that the text names."""
    parsed = parse_gates(request.rules)
    by = context.caller.name or registry_rules.short(request.changed_by, "changed_by")
    text = request.rules if any(parsed.rules.values()) else ""
    session.registered_models.set_gates(parsed.model, rules=text, change=Change(clock.now_ms(), by))
    return Empty()


@handles(wire.GetGates)
def get_gates(context: Context, session: Session, request: wire.GetGates) -> wire.GatesResponse:
    """Get the gates as they were set."""
    del context
    return session.registered_models.gates(registry_rules.model_name(request.name))


@handles(wire.CheckGates)
def check_gates(context: Context, session: Session, request: wire.CheckGates) -> wire.CheckGatesResponse:
    """Get what a version shows for each rule."""
    name, version = registry_rules.model_name(request.name), registry_rules.version_number(request.version)
    if request.alias and request.stage:
        raise InvalidParameterValue("Name an alias or a stage, not both; or neither, for all gates.")
    chosen = f"@{request.alias}" if request.alias else request.stage
    found = session.model_versions.get(name, version)
    return wire.CheckGatesResponse(outcomes=_outcomes(context, session, found, target=guards(chosen) if chosen else ""))


def pass_gate(context: Context, session: Session, version: ModelVersion, *, target: str) -> None:
    """Return when a version may have the alias or enter the stage.

    Raises:
        InvalidState: rules of the gate fail; names each, with what was found and wanted.
    """
    outcomes = _outcomes(context, session, version, target=target)
    failed = [outcome for outcome in outcomes if not outcome.passed]
    if failed:
        lines = [f"\n  line {one.line}: {one.rule} (found {one.found}; wanted {one.wanted})" for one in failed]
        raise InvalidState(
            f"Version {version.version} of {version.name!r} does not pass the gate of {target}: {len(failed)} of "
            f"{len(outcomes)} rules fail. Nothing was changed.{''.join(lines)}"
        )


def _outcomes(context: Context, session: Session, version: ModelVersion, *, target: str) -> list[wire.GateOutcome]:
    """What a version shows for each rule of one gate, or of all."""
    text = session.registered_models.gates(version.name).rules
    known = parse_gates(text).rules if text else {}
    asked = [(guarded, rule) for guarded, rules in known.items() if target in ("", guarded) for rule in rules]
    if not asked:
        return []
    signature = ""
    if any(rule.test is Presence.SIGNATURE for _, rule in asked):
        signature = _missing_signature(context, session, version)
    facts = facts_of(session, version, signature=signature)
    aliases = {rule.test.alias for _, rule in asked if isinstance(rule.test, NotWorse)}
    others = {alias: _aliased(session, version.name, alias) for alias in aliases}
    return [_outcome(guarded, rule, judged(rule.test, facts, others)) for guarded, rule in asked]


def _outcome(guarded: str, rule: Rule, verdict: Verdict) -> wire.GateOutcome:
    return wire.GateOutcome(
        guards=guarded,
        line=rule.line,
        rule=rule.text,
        passed=verdict.passed,
        found=verdict.found,
        wanted=verdict.wanted,
    )


def _aliased(session: Session, name: str, alias: str) -> Facts | None:
    found = session.model_versions.aliased(name, alias=alias)
    return None if found is None else facts_of(session, found)


def _missing_signature(context: Context, session: Session, version: ModelVersion) -> str:
    """What there is in place of a signature, empty where there is one. Only a gate that asks for one reads files."""
    try:
        blob = _files(context, session, version).open(_MLMODEL)
        head = b"".join(blob.chunks(end=min(blob.size, _MOST_BYTES)))
    except ResourceDoesNotExist:
        return f"no {_MLMODEL} file"
    except AssayError as error:
        return f"an {_MLMODEL} file that cannot be read: {error.message}"
    return "" if _SIGNED.search(head) else f"none in the {_MLMODEL} file"


def _files(context: Context, session: Session, version: ModelVersion) -> BlobStore:
    location = session.model_versions.location(version.name, int(version.version))
    if uri.scheme(location) != RUNS_SCHEME:
        return blobs_at(context, location)
    run_id, path = parse_run_uri(location)
    blobs = blobs_at(context, session.runs.info(run_id).artifact_uri)
    return Below(blobs, checked_path(path)) if path else blobs
