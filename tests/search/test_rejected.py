"""Every mistake gets an error that says where it is and what would be right."""

import pytest

from assay.core.errors import InvalidParameterValue
from assay.search.clauses import MAX_WILDCARDS
from assay.search.fields import EXPERIMENTS, RUNS
from assay.search.parser import MAX_COMPARISONS, MAX_DEPTH, parse_filter
from assay.search.source import MAX_LENGTH

REJECTED_RUNS = [
    # text, position, part of the message
    (" \n\t", 1, "only blanks"),
    # values
    ("metrics.a > 'x'", 13, "expected a number after >, found 'x'. Numbers are written without quotes."),
    ("metrics.a > NaN", 13, "found NaN"),
    ("metrics.a > inf", 13, "found inf"),
    ("metrics.a > 1_0", 13, "malformed number '1_0'"),
    ("metrics.a > 0x10", 13, "malformed number '0x10'"),
    ("metrics.a > 1.2.3", 13, "malformed number"),
    ("metrics.a > 1e", 13, "malformed number"),
    ("metrics.a > +1", 13, "malformed number '+1'"),
    ("metrics.a > 1and metrics.b > 2", 13, "malformed number"),
    ("metrics.a > - 1", 13, "unexpected character '-'"),
    ("metrics.a > metrics.b", 13, "found metrics.b"),
    ("metrics.a > .", 13, "directly after the dot"),
    ("metrics.a > 1 + 1", 15, "unexpected character '+'"),
    ("params.a = x", 12, "expected a quoted string or a number after =, found x. Put it in quotes: 'x'."),
    ("params.a = `x`", 12, "found `x`"),
    ("params.a = NULL", 12, "found NULL"),
    ("params.a = metrics.'x'", 12, "found metrics.'x'."),
    ("params.a LIKE 5", 15, "expected a quoted string after LIKE, found 5. Put it in quotes: '5'."),
    ("params.a > '1'", 12, "expected a number after >, found '1'. Numbers are written without quotes."),
    ("tags.a = 1", 10, "expected a quoted string"),
    ("status = 1", 10, "Put it in quotes: '1'"),
    ("dataset.name = 1", 16, "expected a quoted string"),
    ("start_time > '1'", 14, "expected an unquoted number"),
    # operators
    ("metrics.a == 1", 11, "unknown operator '=='. Use one of =, !=, <, <=, >, >=."),
    ("metrics.a <> 1", 11, "unknown operator '<>'"),
    ("metrics.a => 1", 11, "unknown operator '=>'"),
    ("metrics.a ! = 1", 11, "unknown operator '!'"),
    ("metrics.a > = 1", 13, "found =."),
    ("metrics.a BETWEEN 1 AND 2", 11, "unknown operator 'BETWEEN'"),
    ("metrics.a LIKE 'x'", 11, "metrics.a cannot be compared with LIKE"),
    ("metrics.a IN (1)", 11, "cannot be compared with IN"),
    ("metrics.a IS NULL", 11, "cannot be compared with IS NULL"),
    ("params.a IN ('x')", 10, "Use one of =, !=, LIKE, ILIKE, IS NULL, IS NOT NULL, <, <=, >, >=."),
    ("tags.a NOT IN ('x')", 8, "cannot be compared with NOT IN"),
    ("tags.a > 'x'", 8, "cannot be compared with >"),
    ("status > 'x'", 8, "cannot be compared with >"),
    ("status IN ('x')", 8, "cannot be compared with IN"),
    ("status IS NULL", 8, "cannot be compared with IS NULL"),
    ("run_name IN ('x')", 10, "cannot be compared with IN"),
    ("start_time LIKE '1'", 12, "cannot be compared with LIKE"),
    ("start_time IN (1)", 12, "cannot be compared with IN"),
    ("dataset.name IS NULL", 14, "cannot be compared with IS NULL"),
    ("dataset.name < 'x'", 14, "cannot be compared with <"),
    ("params.a NOT LIKE 'x'", 14, "Put NOT before the clause"),
    ("params.a NOT NULL", 14, "expected IN after NOT, found NULL"),
    ("params.a IS 'x'", 13, "expected NULL or NOT NULL after IS"),
    ("params.a IS NOT 'x'", 17, "expected NULL after IS"),
    ("params.a IS", 12, "found the end of the text"),
    ("params.a NULL", 10, "unknown operator 'NULL'"),
    ("params.a", 9, "expected an operator (=, !=, LIKE"),
    ("params.a =", 11, "found the end of the text"),
    ("params.a 'x'", 10, "expected an operator"),
    ("params.a`b` = 'x'", 9, "a key that holds '`' must be quoted"),
    ("metrics.a(b) > 1", 10, "expected an operator"),
    ("params.model type = 'x'", 14, "unknown operator 'type'"),
    ("run name = 'x'", 1, "unknown attribute 'run'. Keys need a prefix: metrics.run"),
    # lists
    ("run_id IN ()", 12, "expected a quoted string in the list, found )"),
    ("run_id IN (1)", 12, "expected a quoted string in the list, found 1"),
    ("run_id IN ('a', NULL)", 17, "found NULL"),
    ("run_id IN (('a'))", 12, "found ("),
    ("run_id IN ('a'", 15, "expected a comma or the end of the list, found the end of the text"),
    ("run_id IN ('a' 'b')", 16, "expected a comma"),
    ("run_id IN (,'a')", 12, "found ,"),
    ("run_id IN ('a',,)", 16, "found ,"),
    ("run_id IN 'a'", 11, "expected a list in parentheses"),
    # names
    ("foo = 'x'", 1, "unknown attribute 'foo'. Keys need a prefix: metrics.foo or params.foo or tags.foo."),
    ("`a b` = 'x'", 1, "metrics.`a b` or params.`a b`"),
    ("startime > 1", 1, "Did you mean 'start_time'?"),
    ("STATUS = 'x'", 1, "Did you mean 'status'?"),
    ("lifecycle_stage = 'active'", 1, "artifact_uri, end_time, run_id, run_name, start_time, status, user_id."),
    ("experiment_id = '1'", 1, "unknown attribute"),
    ("params = 'x'", 1, "Write params.<key>."),
    ("`metrics.a` > 1", 1, "Quote the key alone: metrics.`a`."),
    ("attribute.foo = 'x'", 1, "unknown attribute 'foo'. Attributes of runs are"),
    ("attributes.metrics.a > 1", 1, "unknown attribute 'metrics.a'"),
    ("dataset.foo = 'x'", 1, "unknown property 'foo'. Properties of dataset are context, digest, name."),
    ("metrc.a > 1", 1, "unknown prefix 'metrc'. Did you mean 'metric'? Prefixes of runs are metrics, metric,"),
    ("METRICS.a > 1", 1, "Did you mean 'metrics'?"),
    ("zzz.a > 1", 1, "unknown prefix 'zzz'. Prefixes of runs are"),
    ("params.`` = 'x'", 1, "the key after 'params' is empty"),
    ("params. = 'x'", 7, "directly after the dot"),
    ("metrics. a > 1", 8, "directly after the dot"),
    ("metrics .a > 1", 9, "directly after the dot"),
    (".a = 'x'", 1, "directly after the dot"),
    ("metrics.a/b > 1", 10, "a key that holds '/' must be quoted. Write metrics.`a/b`."),
    ("metrics.val-loss > 1", 12, "Write metrics.`val-loss`."),
    ("metrics.top-5 > 1", 12, "Write metrics.`top-5`."),
    ("params.$a = 'x'", 7, "directly after the dot"),
    ("params.`a`.b = 'x'", 11, "Quote the whole key."),
    # quotes
    ("params.`a = 'x'", 8, "the quote ` is not closed"),
    ("params.a = 'x", 12, "the quote ' is not closed"),
    ('params.a = "x', 12, 'the quote " is not closed'),
    ("params.a = 'it''s'", 16, "expected AND, OR or the end, found 's'"),
    ("params.a = 'it\\'s'", 18, "is not closed. Quotes inside a text cannot be escaped."),
    # structure
    ("= 'x'", 1, "expected a clause that starts with a field"),
    ("'x' = params.a", 1, "expected a clause that starts with a field, like metrics.loss < 1, found 'x'"),
    ("params.a = 'x' 'y'", 16, "expected AND, OR or the end"),
    ('params.a = "x" "y"', 16, "expected AND, OR or the end"),
    ("metrics.a > 1 amd metrics.b > 2", 15, "expected AND, OR or the end, found amd"),
    ("params.a = 'x', params.b = 'y'", 15, "expected AND, OR or the end, found ,"),
    ("params.a = 'x';", 15, "only one expression is allowed"),
    ("params.a = 'x' -- comment", 16, "unexpected character '-'"),
    ("params.a = 'x' /* c */", 16, "unexpected character '/'"),
    ("params.a = 'x' OR", 18, "found the end of the text"),
    ("OR params.a = 'x'", 1, "expected a clause"),
    ("params.a = 'x' OR AND params.a = 'x'", 19, "expected a clause that starts with a field"),
    ("params.a = 'x' AND OR params.a = 'x'", 20, "expected a clause that starts with a field"),
    ("NOT", 4, "expected a clause"),
    ("()", 2, "expected a clause"),
    ("(params.a = 'x'", 16, "expected AND, OR or the ) for the ( at position 1, found the end of the text"),
    ("params.a = 'x')", 15, "expected AND, OR or the end, found )"),
    ("NOT (params.a = 'x' 5)", 21, "the ( at position 5, found 5"),
]

REJECTED_EXPERIMENTS = [
    ("attributes.name = 'x'", 1, "unknown prefix 'attributes'. Did you mean 'attribute'?"),
    ("params.a = 'x'", 1, "Prefixes of experiments are attribute, tags, tag."),
    ("lifecycle_stage = 'active'", 1, "Keys need a prefix: tags.lifecycle_stage."),
    ("name IN ('x')", 6, "cannot be compared with IN"),
    ("name > 'x'", 6, "cannot be compared with >"),
    ("creation_time > 1.5", 17, "expected an integer of at most 64 bits, found 1.5"),
    ("creation_time > 1e3", 17, "expected an integer"),
    ("creation_time > 99999999999999999999", 17, "at most 64 bits"),
    ("creation_time > 9999999999999999999999999999", 17, "at most 64 bits"),
    ("creation_time > '1'", 17, "expected an integer after >"),
    ("experiment_id = 'a'", 17, "expected a quoted integer of at most 64 bits, found 'a'"),
    ("experiment_id = 1", 17, "expected a quoted integer after =, found 1. Put it in quotes: '1'."),
    ("experiment_id IN ('1', 'a')", 24, "found 'a'"),
    ("experiment_id LIKE '1'", 15, "cannot be compared with LIKE"),
    ("tags.a IN ('x')", 8, "cannot be compared with IN"),
]


@pytest.mark.parametrize(
    ("resource", "text", "position", "part"),
    [(RUNS, *row) for row in REJECTED_RUNS] + [(EXPERIMENTS, *row) for row in REJECTED_EXPERIMENTS],
    ids=lambda value: repr(value) if isinstance(value, str) else "",
)
def test_a_mistake_is_named_where_it_stands(resource, text, position, part):
    with pytest.raises(InvalidParameterValue) as caught:
        parse_filter(text, resource)
    message = str(caught.value)
    assert message.startswith(f"Filter error at position {position}: ")
    assert part in message
    _, shown, caret = message.split("\n")
    assert len(caret) == 2 + position
    assert shown[2:] == "".join(sign if sign.isprintable() else " " for sign in text)


def test_the_whole_shape_of_an_error():
    with pytest.raises(InvalidParameterValue) as caught:
        parse_filter("metrics.acc > 0.9 AND metrics.loss == 1", RUNS)
    assert str(caught.value) == (
        "Filter error at position 36: unknown operator '=='. Use one of =, !=, <, <=, >, >=.\n"
        "  metrics.acc > 0.9 AND metrics.loss == 1\n"
        "                                     ^"
    )


def test_the_excerpt_of_a_long_text_is_short_and_the_caret_stays_under_the_mistake():
    text = "params.a = 'x' AND " * 300 + "params.b ?? 'x'" + " AND params.c = 'x'" * 100
    with pytest.raises(InvalidParameterValue) as caught:
        parse_filter(text, RUNS)
    head, shown, caret = str(caught.value).split("\n")
    assert f"position {19 * 300 + 10}:" in head
    assert len(shown) < 120
    assert shown.startswith("  ...")
    assert shown.endswith("...")
    assert shown[caret.index("^")] == "?"


def test_nesting_is_limited():
    deepest = "(" * MAX_DEPTH + "params.a = 'x'" + ")" * MAX_DEPTH
    assert parse_filter(deepest, RUNS) == parse_filter("params.a = 'x'", RUNS)
    for text in (f"({deepest})", f"NOT {deepest}", "(" * 90_000, "NOT " * 20_000, "(NOT " * 10_000):
        with pytest.raises(InvalidParameterValue, match="more than 100 levels of parentheses and NOT"):
            parse_filter(text, RUNS)


def test_length_is_limited():
    text = "params.a = '".ljust(MAX_LENGTH - 1, "x") + "'"
    assert parse_filter(text, RUNS) is not None
    with pytest.raises(InvalidParameterValue, match=f"at most {MAX_LENGTH} are allowed"):
        parse_filter(text + " ", RUNS)


def test_the_number_of_comparisons_is_limited():
    clause = "params.a = 'x'"
    assert len(parse_filter(" AND ".join([clause] * MAX_COMPARISONS), RUNS).parts) == MAX_COMPARISONS
    with pytest.raises(InvalidParameterValue, match="more than 500 comparisons"):
        parse_filter(" OR ".join([clause] * (MAX_COMPARISONS + 1)), RUNS)


@pytest.mark.parametrize("operator", ["LIKE", "ILIKE"])
def test_the_parts_of_a_pattern_are_limited(operator):
    assert parse_filter(f"params.a {operator} '{'%x' * MAX_WILDCARDS}'", RUNS).value == "%x" * MAX_WILDCARDS
    with pytest.raises(InvalidParameterValue, match="more than 100 % in one pattern"):
        parse_filter(f"params.a {operator} '{'%x' * MAX_WILDCARDS}%'", RUNS)
    assert parse_filter(f"params.a = '{'%' * 1000}'", RUNS).value == "%" * 1000
