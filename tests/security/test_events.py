"""The stream of changes tells each page only of what its user may read."""

import http.client
import json

import pytest

from .conftest import basic


@pytest.fixture
def listen(server):
    """The events that somebody is told, as they come."""
    connections = []

    def listen(username):
        connection = http.client.HTTPConnection(server.host, server.port, timeout=10)
        connections.append(connection)
        headers = {"Authorization": basic(username, f"the words of {username}")}
        connection.request("GET", "/ajax-api/assay/1/events", headers=headers)
        answer = connection.getresponse()
        assert answer.status == 200
        assert answer.readline() == b"event: hello\n"
        return answer

    yield listen
    for connection in connections:
        connection.close()


def changes(answer, until):
    """What was told, up to the change that names an experiment."""
    told = []
    while True:
        line = answer.readline()
        if line.startswith(b"data: ") and b"runs" in line:
            told.append(json.loads(line[6:]))
            if until in told[-1]["experiments"] or until in told[-1]["runs"]:
                return told


def test_changes_of_what_may_not_be_read_are_not_told(listen, people, admin, world):
    mine = people["nobody"].done("experiments/create", name=f"mine {world.run_id}")["experiment_id"]
    nobody, reader = listen("nobody"), listen("reader")
    admin.done("runs/set-tag", run_id=world.run_id, key="a", value="b")
    run_id = people["nobody"].done("runs/create", experiment_id=mine)["run"]["info"]["run_id"]
    told = changes(nobody, until=run_id)
    assert world.run_id not in json.dumps(told)
    assert changes(reader, until=world.run_id)
