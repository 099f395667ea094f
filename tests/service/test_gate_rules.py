"""The text of gates: what is written is what is understood, and what is wrong is named with its line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.core.errors import InvalidParameterValue
from assay.search.tree import Comparison, Field, Kind, Operator
from assay.service.gate_rules import Approval, Gates, NotWorse, Presence, Rule, parse_gates, parse_rule

EXAMPLE = """\
# why: see the wiki
model fraud

gate @champion
  metrics.val_auc >= 0.9
  metrics.`val loss` <= @champion + 0.5
  tags.reviewed = 'yes'
  approved by ada, bob.b

gate production
  signature
  evaluation
"""


def test_an_example():
    loss = NotWorse("val loss", Operator.LESS_OR_EQUAL, "champion", 0.5)
    auc = Comparison(Field(Kind.METRIC, "val_auc"), Operator.GREATER_OR_EQUAL, 0.9)
    champion = (
        Rule(5, "metrics.val_auc >= 0.9", auc),
        Rule(6, "metrics.`val loss` <= @champion + 0.5", loss),
        Rule(7, "tags.reviewed = 'yes'", Comparison(Field(Kind.TAG, "reviewed"), Operator.EQUAL, "yes")),
        Rule(8, "approved by ada, bob.b", Approval(("ada", "bob.b"))),
    )
    production = (Rule(11, "signature", Presence.SIGNATURE), Rule(12, "evaluation", Presence.EVALUATION))
    assert parse_gates(EXAMPLE) == Gates("fraud", {"@champion": champion, "Production": production})
    assert parse_gates(EXAMPLE.replace("\n", "\r\n")) == parse_gates(EXAMPLE)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "name no model"),
        ("# nothing", "name no model"),
        ("gate @champion", "Line 1 of the gates, 'gate @champion': The model comes first"),
        ("model a/b", r"Line 1 .*may not hold"),
        ("model a\nmodel b", r"Line 2 .*gates of 'a'"),
        ("model a\nsignature", r"Line 2 of the gates, 'signature': A rule stands below the gate"),
        ("model a\ngate @v1", r"Line 2 .*reserved"),
        ("model a\ngate nowhere", r"Line 2 .*Invalid stage"),
        ("model a\ngate @b\n\ngate @b", r"Line 4 .*gate for @b above"),
        ("model a\ngate @b\n metrics.auc >> 1", r"Line 3 of the gates, 'metrics.auc >> 1': .*position"),
        ("model a\ngate @b\nparams.x = 1", r"Line 3 .*params"),
        ("model a\ngate @b\nmetrics.x > 1 AND metrics.y > 1", r"Line 3 .*One comparison is one rule"),
        ("model a\ngate @b\nmetrics.x >= @c + 1", r"Line 3 .*With >=, a tolerance follows -"),
        ("model a\ngate @b\nmetrics.x <= @c - 1", r"Line 3 .*With <=, a tolerance follows \+"),
        ("model a\ngate @b\nmetrics.x >= @c - -1", r"Line 3 .*tolerance '-1'"),
        ("model a\ngate @b\nmetrics.x >= @c - nan", r"Line 3 .*tolerance 'nan'"),
        ("model a\ngate @b\nmetrics.x >= @c - inf", r"Line 3 .*tolerance 'inf'"),
        ("model a\ngate @b\ntags.x >= @c", r"Line 3 "),
        ("model a\ngate @b\napproved by ada,,bob", r"Line 3 .*'' is no name"),
        ("model a\ngate @b\nsigned", r"Line 3 "),
        (f"model a\n#{'x' * 100_000}", "100009 characters"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(text, message):
    with pytest.raises(InvalidParameterValue, match=f"(?s){message}"):
        parse_gates(text)


NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True).filter(lambda name: not name.startswith("v"))
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="'\"\\\n"), max_size=10)
BETTER = st.sampled_from([Operator.GREATER_OR_EQUAL, Operator.LESS_OR_EQUAL])
ORDERING = st.sampled_from([Operator.EQUAL, Operator.NOT_EQUAL, Operator.LESS, Operator.GREATER])
TESTS = st.one_of(
    st.builds(Comparison, st.builds(Field, st.just(Kind.METRIC), NAMES), BETTER | ORDERING, NUMBERS),
    st.builds(Comparison, st.builds(Field, st.just(Kind.TAG), NAMES), st.just(Operator.EQUAL), TEXTS),
    st.builds(Comparison, st.builds(Field, st.just(Kind.TAG), NAMES), st.just(Operator.IS_NOT_NULL)),
    st.builds(NotWorse, NAMES, BETTER, NAMES.filter(lambda name: name != "latest"), NUMBERS.map(abs)),
    st.builds(Approval, st.lists(NAMES, min_size=1, max_size=3).map(tuple)),
    st.sampled_from(Presence),
)


def written(test):
    if isinstance(test, Presence):
        return test.value
    if isinstance(test, Approval):
        return f"approved by {', '.join(test.names)}"
    if isinstance(test, NotWorse):
        sign = "-" if test.operator is Operator.GREATER_OR_EQUAL else "+"
        return f"metrics.{test.metric} {test.operator.value} @{test.alias} {sign} {test.tolerance!r}"
    value = {float: repr, str: lambda text: f"'{text}'", type(None): lambda _: ""}[type(test.value)](test.value)
    return f"{'metrics' if test.field.kind is Kind.METRIC else 'tags'}.{test.field.key} {test.operator.value} {value}"


@given(TESTS)
def test_a_rule_is_understood_as_it_was_meant(test):
    assert parse_rule(written(test).strip()) == test


@given(st.lists(st.tuples(st.sampled_from(["@a", "@b", "Staging"]), TESTS)))
def test_every_rule_belongs_to_its_gate_and_its_line(pairs):
    targets = list(dict.fromkeys(target for target, _ in pairs))
    lines = ["model m"]
    for target in targets:
        lines += [f"gate {target}", *(f"  {written(test)}" for guarded, test in pairs if guarded == target)]
    parsed = parse_gates("\n".join(lines))
    for target in targets:
        assert [rule.test for rule in parsed.rules[target]] == [test for guarded, test in pairs if guarded == target]
        assert all(lines[rule.line - 1].strip() == rule.text for rule in parsed.rules[target])


FRAGMENTS = ["model ", "gate ", "@", "metrics.", "tags.", ">=", " - ", "1e999", "approved by ", "'", "\n", "signature"]


@given(st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=3)).map("".join))
def test_any_text_is_understood_or_refused(text):
    try:
        parse_gates(text)
    except InvalidParameterValue as error:
        assert error.message
