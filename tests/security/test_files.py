"""S82: the files of a server with users are its own."""

from __future__ import annotations

import os
import stat
from dataclasses import replace

import pytest

from assay.core.errors import ConfigurationError
from assay.server.auth import Auth
from assay.server.config import ServerConfig
from assay.server.private_files import keep_private
from assay.server.run import serve
from assay.testing.processes import ServerProcess
from assay.testing.server import RunningServer

from .conftest import ADMIN, SECRET, Person, basic


def modes(*roots):
    """Everything below some directories that its owner shares with others, by path."""
    found = [path for root in roots for path in (root, *root.rglob("*"))]
    assert len(found) > len(roots)
    return {path: oct(path.lstat().st_mode) for path in found if stat.S_IMODE(path.lstat().st_mode) & 0o077}


@pytest.fixture
def open_umask():
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.fixture
def config(tmp_path):
    return ServerConfig(
        backend_store_uri=str(tmp_path / "store"),
        artifacts_destination=str(tmp_path / "kept"),
        port=0,
        auth=Auth(admin_username=ADMIN, admin_password=SECRET),
    )


@pytest.mark.parametrize("place", ["store", "kept", "store/journal"])
@pytest.mark.parametrize("mode", [0o777, 0o770, 0o702])
def test_s82_a_server_with_users_does_not_start_where_others_write(config, tmp_path, place, mode):
    (tmp_path / "store").mkdir(mode=0o700)
    (tmp_path / place).mkdir(exist_ok=True)
    (tmp_path / place).chmod(mode)
    with pytest.raises(ConfigurationError, match=f"mode 0{mode:o}.*chmod go-w {tmp_path / place}"):
        serve(config)
    assert not (tmp_path / "store" / "assay.db").exists(), "nothing was begun"


def test_s82_nor_with_a_database_that_others_write(config, tmp_path):
    (tmp_path / "own").mkdir(mode=0o700)
    database = tmp_path / "own" / "runs.db"
    database.touch()
    database.chmod(0o666)
    with pytest.raises(ConfigurationError, match=rf"chmod go-w {database}"):
        serve(replace(config, backend_store_uri=f"sqlite:///{database}"))


def test_s82_a_server_without_users_asks_nobody(config, tmp_path, open_umask):
    """Whoever reaches it may do everything anyway, and local stores may be shared."""
    (tmp_path / "store").mkdir(mode=0o777)
    keep_private(replace(config, auth=None))
    assert os.umask(0) == 0


def test_s82_what_a_server_with_users_writes_is_its_own(tmp_path, open_umask):
    process = ServerProcess(tmp_path, "--auth", environment={"ASSAY_ADMIN_PASSWORD": SECRET})
    try:
        admin = Person(RunningServer(ServerConfig(), process.start().port), basic(ADMIN, SECRET))
        run = admin.done("runs/create", experiment_id="0")["run"]["info"]
        target = f"/api/2.0/mlflow-artifacts/artifacts/0/{run['run_id']}/artifacts/d/f"
        assert admin.send("PUT", target, b"x").status == 200
        upload = f"/api/assay/1/uploads/0/{run['run_id']}/artifacts/g?size=5&sha256={'0' * 64}"
        assert admin.send("POST", upload).status == 200
        assert modes(tmp_path / "mlruns", tmp_path / "mlartifacts") == {}
        assert "Others on this machine" not in process.log.read_text()
    finally:
        process.kill()


def test_s82_what_others_can_read_already_is_told(config, tmp_path, open_umask, capsys):
    (tmp_path / "store").mkdir()
    (tmp_path / "store").chmod(0o755)
    keep_private(config)
    assert f"Others on this machine can read {tmp_path / 'store'}. chmod -R go= " in capsys.readouterr().err
