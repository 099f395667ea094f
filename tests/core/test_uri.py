"""Places: what lies below what."""

import pytest

from assay.core import uri


@pytest.mark.parametrize(
    ("location", "root"),
    [
        ("s3://b/x", "s3://b"),
        ("s3://b/x/y", "s3://b/x/"),
        ("s3://b/x", "s3://b/x"),
        ("S3://b/x", "s3://b/x"),
        ("/srv/a/b", "/srv/a"),
        ("file:///srv/a", "/srv"),
        ("/srv", "file:///"),
        ("mlflow-artifacts:/1/x", "mlflow-artifacts:/"),
        ("wasbs://c@a.blob.core.windows.net/x", "wasbs://c@a.blob.core.windows.net"),
    ],
)
def test_below(location, root):
    assert uri.is_below(location, root)


@pytest.mark.parametrize(
    ("location", "root"),
    [
        ("s3://b/xy", "s3://b/x"),
        ("s3://b", "s3://b/x"),
        ("s3://bb/x", "s3://b"),
        ("s3://b@c/x", "s3://b"),
        ("s3://b/x/../y", "s3://b/x"),
        ("s3://b/x?y", "s3://b"),
        ("s3://b/x#y", "s3://b"),
        ("gs://b/x", "s3://b"),
        ("/srv/../etc", "/srv"),
        ("/srvx", "/srv"),
        ("s3://etc", "/"),
        ("http://h/x", "/"),
        ("wasbs://c@b.blob.core.windows.net/x", "wasbs://c@a.blob.core.windows.net"),
    ],
)
def test_not_below(location, root):
    assert not uri.is_below(location, root)
