"""What the checks share: a client, names that nobody else uses, and the wording of an expected error."""

import contextlib
import uuid

from mlflow import MlflowClient
from mlflow.exceptions import MlflowException


def client():
    return MlflowClient()


def fresh(name):
    return f"{name}-{uuid.uuid4().hex[:8]}"


def experiment(name="checks"):
    return client().create_experiment(fresh(name))


def run(**options):
    return client().create_run(experiment(), **options).info.run_id


@contextlib.contextmanager
def refused(code, *words):
    """The block must be refused with this error code, in a message that holds these words."""
    caught = None
    try:
        yield
    except MlflowException as error:
        caught = error
    assert caught is not None, f"not refused with {code}"
    assert caught.error_code == code, (caught.error_code, code, str(caught))
    assert all(word in str(caught) for word in words), (words, str(caught))
