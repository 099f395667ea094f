"""What looks like a key stands in no log."""

import io
import logging
import time

import pytest

from assay.core import log
from assay.core.redaction import redacted
from assay.service import tokens

TOKEN = tokens.make()
SIGNED = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Authorization: Bearer abc.def-ghi12", "Authorization: Bearer ***"),
        ("authorization: basic YWRtaW46c2VjcmV0", "authorization: basic ***"),
        ("the key sk-proj-0123456789abcdefghij was refused", "the key sk-*** was refused"),
        ("ghp_0123456789abcdefghijklmnopqrstuvwxyz", "ghp_***"),
        ("hf_abcdefghijklmnopqrstuvwxyz", "hf_***"),
        (f"id_token {SIGNED}, refused", "id_token eyJ***, refused"),
        ("postgresql://ada:s3cret@db/runs is away", "postgresql://ada:***@db/runs is away"),
        ("https://user:p%40ss@host/x?y=1", "https://user:***@host/x?y=1"),
    ],
)
def test_keys_are_left_out(text, shown):
    assert redacted(text) == shown


@pytest.mark.parametrize("text", ["GET /x/{} 404", "token={}&x=1"])
def test_tokens_are_left_out_but_for_their_names(text):
    assert redacted(text.format(TOKEN.text)) == text.format(f"assay_{TOKEN.token_id}_***")


@pytest.mark.parametrize(
    "text",
    [
        "http://127.0.0.1:5000/api/2.0/mlflow/runs/get",
        "run 0123456789abcdef0123456789abcdef of mlflow-artifacts:/0/x",
        "a basic model, the bearer of news",
        "s3://bucket/path@1/key",
        "risk-assessment-of-all-the-things-there-are",
        "assay_mlflow and assay.server",
        "12:00:01 127.0.0.1 GET /#/experiments/1 200 1.0 ms",
    ],
)
def test_other_texts_stay(text):
    assert redacted(text) == text


def test_the_log_of_commands_leaves_them_out_of_messages_and_tracebacks(monkeypatch):
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    logger = logging.getLogger(log.ROOT)
    before = logger.handlers[:], logger.level, logger.propagate
    try:
        log.set_up("INFO")
        try:
            int(TOKEN.text)
        except ValueError:
            log.logger("test").exception("refused %s", TOKEN.text)
    finally:
        logger.handlers[:], logger.level, logger.propagate = before
    said = stream.getvalue()
    assert "Traceback" in said
    assert said.count(f"assay_{TOKEN.token_id}_***") == 2, said
    assert TOKEN.text not in said


@pytest.mark.parametrize("piece", ["eyJ-", "://a:", ":", "sk-", "eyJaaaaaaaaa.", "basic ", "assay_00000000_", "-eyJ"])
def test_long_texts_take_no_longer_than_they_are_long(piece):
    begun = time.process_time()
    redacted(f"://{piece * 50_000}")
    assert time.process_time() - begun < 1
