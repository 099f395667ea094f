"""What a run prints is kept while it goes on, as a terminal would show it, and printing stays quick."""

from __future__ import annotations

import io
import os
import signal
import sys
import time
from contextlib import redirect_stdout
from pathlib import Path

import pytest

import assay
from assay.client import console
from assay.client.console import Screen, settled

DIES = """
import os, signal, sys, time, assay
assay.set_tracking_uri(sys.argv[1])
run = assay.start_run(log_console=True)
sys.__stdout__.write(run.info.run_id)
sys.__stdout__.flush()
print("before the end", file=sys.stderr)
time.sleep(1.5)
os.kill(os.getpid(), signal.SIGKILL)
"""


def kept(run_id, name="console.log"):
    assay.flush()
    return Path(assay.Client().download_artifacts(run_id, name)).read_text()


def test_both_streams_are_kept_and_given_back(tracked, capsys):
    before = (sys.stdout, sys.stderr)
    with assay.start_run(log_console=True) as run:
        print("hello")
        print("a warning", file=sys.stderr)
        sys.stdout.writelines(["one\n", "two\n"])
        assert sys.stdout.isatty() is False
    assert (sys.stdout, sys.stderr) == before
    print("afterwards")
    assert kept(run.info.run_id) == "hello\na warning\none\ntwo\n"
    assert capsys.readouterr().out.startswith("hello\none\ntwo\n")


def test_it_grows_while_the_run_goes_on(tracked, until):
    with assay.start_run(log_console=True) as run:
        print("early")
        print("unfinished", end="")

        def shown():
            return "console.log" in [one.path for one in assay.Client().list_artifacts(run.info.run_id)]

        until(shown)
        assert kept(run.info.run_id) == "early\nunfinished"


def test_the_error_that_ends_the_run_is_kept(tracked):
    def train():
        with assay.start_run(log_console=True):
            print("about to fail")
            return 1 / 0

    with pytest.raises(ZeroDivisionError):
        train()
    run = assay.last_active_run()
    text = kept(run.info.run_id)
    assert text.startswith("about to fail\nTraceback (most recent call last):\n")
    assert text.endswith("ZeroDivisionError: division by zero\n")


def test_what_a_killed_process_printed_is_there(script, tmp_path):
    done = script(DIES, str(tmp_path / "mlruns"))
    assert done.returncode == -signal.SIGKILL
    assay.set_tracking_uri(str(tmp_path / "mlruns"))
    run_id = done.stdout.strip()
    assert kept(run_id) == "before the end\n"
    assert assay.get_run(run_id).info.status == "KILLED"


def test_the_setting_turns_it_on_and_the_argument_off(monkeypatch):
    monkeypatch.setenv("ASSAY_LOG_CONSOLE", "1")
    with assay.start_run() as on:
        print("yes")
    with assay.start_run(log_console=False) as off:
        print("no")
    assert kept(on.info.run_id) == "yes\n"
    assert assay.Client().list_artifacts(off.info.run_id) == []


def test_a_run_that_prints_nothing_has_no_file():
    with assay.start_run(log_console=True) as run:
        pass
    assert assay.Client().list_artifacts(run.info.run_id) == []


def test_a_nested_run_keeps_its_part_and_the_outer_one_all():
    with assay.start_run(log_console=True) as outer:
        print("outer")
        with assay.start_run(nested=True, log_console=True) as inner:
            print("inner")
        print("outer again")
    assert kept(inner.info.run_id) == "inner\n"
    assert kept(outer.info.run_id) == "outer\ninner\nouter again\n"


def test_a_stream_that_somebody_else_redirects_is_left_to_them():
    own = io.StringIO()
    with redirect_stdout(own):
        run = assay.start_run(log_console=True)
        print("kept")
    print("not kept")
    with redirect_stdout(own):
        assay.end_run()
    assert kept(run.info.run_id) == "kept\n"
    assert own.getvalue() == "kept\n"


def test_much_output_is_several_files(monkeypatch):
    monkeypatch.setattr(console, "FILE_BYTES", 100)
    with assay.start_run(log_console=True) as run:
        for number in range(40):
            print(f"line {number:03d}")
    names = [one.path for one in assay.Client().list_artifacts(run.info.run_id)]
    assert sorted(names) == ["console.2.log", "console.3.log", "console.4.log", "console.log"]
    texts = [kept(run.info.run_id, name) for name in ("console.log", "console.2.log", "console.3.log", "console.4.log")]
    assert all(len(text) <= 100 for text in texts)
    assert "".join(texts) == "".join(f"line {number:03d}\n" for number in range(40))


@pytest.mark.parametrize(
    ("line", "seen"),
    [
        ("10%\r100%", "100%"),
        ("abc\rde", "dec"),
        ("done\r", "done"),
        ("\x1b[31mred\x1b[0m \x1b]0;title\x07text", "red text"),
        ("a\tb", "a\tb"),
    ],
)
def test_a_line_is_what_a_terminal_shows_of_it(line, seen):
    assert settled(line) == seen


def test_a_progress_bar_is_one_line():
    screen = Screen()
    for done in range(1000):
        screen.show("stderr", f"\r{done:4d}/1000")
        if done == 500:
            screen.show("stdout", "half\n")
    assert screen.unfinished() == " 999/1000"
    screen.show("stderr", "\r1000/1000\nnext")
    assert screen.take_lines() == "half\n1000/1000\n"
    assert (screen.take_lines(), screen.unfinished()) == ("", "next")


def test_a_forked_child_prints_for_itself():
    with assay.start_run(log_console=True) as run:
        print("parent")
        child = os.fork()
        if not child:
            print("child")
            os._exit(0)
        os.waitpid(child, 0)
    assert kept(run.info.run_id) == "parent\n"


def test_printing_costs_little_more(tmp_path):
    with (tmp_path / "out").open("w") as file, redirect_stdout(file):

        def seconds():
            begin = time.perf_counter()
            for number in range(2000):
                print(number)
            return time.perf_counter() - begin

        seconds()
        plain = min(seconds() for _ in range(3))
        with assay.start_run(log_console=True):
            listened = min(seconds() for _ in range(3))
    assert (listened - plain) / 2000 < 20e-6, "a print pays at most 20 microseconds"
