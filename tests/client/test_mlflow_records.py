"""What is needed to hand records to a server that takes no journals: ids that are kept, and records put together."""

from __future__ import annotations

from assay.client.ledger import NAME, RunLedger
from assay.client.merging import Merged
from assay.wire.metrics import GetMetricHistory, LogMetric
from assay.wire.runs import GetRun, LogBatch, LogParam, Param, RunTag, SetTag


def point(step):
    return LogMetric(run_id="r", key="m", value=step, timestamp=step, step=step)


def test_ids_are_known_to_every_process(tmp_path):
    writing, reading = RunLedger(tmp_path), RunLedger(tmp_path)
    assert (reading.server_id("ours"), reading.begun_ms("ours")) == (None, None)
    writing.note("ours", sync=True)
    assert reading.server_id("ours") is None
    assert reading.begun_ms("ours") is not None
    writing.note("ours", server_id="theirs", writer="w", sync=True)
    assert reading.server_id("ours") == RunLedger(tmp_path).server_id("ours") == "theirs"
    assert reading.resolve(GetRun(run_id="ours")) == GetRun(run_id="theirs")
    assert reading.resolve(GetMetricHistory(run_uuid="ours", metric_key="m")).run_uuid == "theirs"
    other = GetRun(run_id="another")
    assert reading.resolve(other) is other


def test_a_run_is_kept_open_by_who_opened_it_last(tmp_path):
    ledger = RunLedger(tmp_path)
    ledger.note("ours", server_id="theirs", writer="first")
    ledger.note("second run", writer="first")
    assert ledger.kept_open_by("first") == ["theirs", "second run"]
    ledger.note("theirs", writer="resumed")
    ledger.note("second run", writer="")
    assert (ledger.kept_open_by("first"), ledger.kept_open_by("resumed")) == ([], ["theirs"])


def test_a_line_that_a_dying_process_left_half_written_costs_nothing_else(tmp_path, caplog):
    ledger = RunLedger(tmp_path)
    ledger.note("a", server_id="1")
    with (tmp_path / NAME).open("ab") as file:
        file.write(b'\n{"run_id": "b", "serv')
    assert ledger.server_id("a") == "1"
    ledger.note("c", server_id="3")
    assert (ledger.server_id("b"), ledger.server_id("c")) == (None, "3")
    assert "cannot be read" in caplog.text


def test_a_spool_made_anew_forgets(tmp_path):
    ledger = RunLedger(tmp_path)
    ledger.note("ours", server_id="theirs")
    assert ledger.server_id("ours") == "theirs"
    (tmp_path / NAME).unlink()
    assert ledger.server_id("ours") is None


def test_records_are_merged_up_to_the_limits():
    merged = Merged()
    assert all(merged.add(step, point(step)) for step in range(1000))
    assert not merged.add(1000, point(1000))
    assert not merged.add(1000, SetTag(run_id="r", key="t", value="x"))
    assert [one.step for one in merged.request("r").metrics] == list(range(1000))
    for kind in ("params", "tags"):
        full = Merged()
        item = Param if kind == "params" else RunTag
        hundred = [item(key=str(number), value="x") for number in range(100)]
        assert full.add(1, LogBatch(run_id="r", **{kind: hundred}))
        assert not full.add(2, LogBatch(run_id="r", **{kind: [item(key="one more", value="x")]}))
        assert full.add(2, point(1))


def test_an_equal_param_stands_once_and_another_value_waits_for_the_next_request():
    merged = Merged([(1, LogParam(run_id="r", key="p", value="1")), (2, LogParam(run_id="r", key="p", value="1"))])
    assert not merged.add(3, LogParam(run_id="r", key="p", value="2"))
    assert merged.request("r").params == [Param(key="p", value="1")]
    assert [seq for seq, _ in merged.records] == [1, 2]


def test_of_a_tag_the_last_value_counts():
    merged = Merged((number, SetTag(run_id="r", key="t", value=str(number))) for number in range(5))
    assert merged.request("r").tags == [RunTag(key="t", value="4")]
