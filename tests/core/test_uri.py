"""Places: what lies below what, and what nobody else may see of an address."""

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


@pytest.mark.parametrize(
    ("address", "shown", "bare"),
    [
        ("http://h:5000/a", "http://h:5000/a", "http://h:5000/a"),
        ("http://h:80/a@b", "http://h:80/a@b", "http://h:80/a@b"),
        ("https://u:p@h/a", "https://u:***@h/a", "https://u@h/a"),
        ("postgresql://u@h/d", "postgresql://u:***@h/d", "postgresql://u@h/d"),
        ("postgresql://u:p#s?s@h:1,i:2/d", "postgresql://u:***@h:1,i:2/d", "postgresql://u@h:1,i:2/d"),
        ("postgresql://u:1234@h/d", "postgresql://u:***@h/d", "postgresql://u@h/d"),
        ("mysql+pymysql://u:a/b@h/d?ssl_ca=x", "mysql+pymysql://u:***@h/d?ssl_ca=x", "mysql+pymysql://u@h/d?ssl_ca=x"),
        ("mysql://u:a@b@h/d?ssl_key_password=p", "mysql://u:***@h/d?ssl_key_password=***", "mysql://u@h/d"),
        (
            "postgresql:///d?host=/run/x&password=a#b&user=u",
            "postgresql:///d?host=/run/x&password=***&user=u",
            "postgresql:///d?host=/run/x&user=u",
        ),
        ("sqlite:////srv/a.db", "sqlite:////srv/a.db", "sqlite:////srv/a.db"),
        ("/srv/a:b@c", "/srv/a:b@c", "/srv/a:b@c"),
    ],
)
def test_passwords_are_hidden_or_left_out(address, shown, bare):
    assert uri.redact(address) == shown
    assert uri.without_password(address) == bare
    assert uri.without_password(bare) == bare


@pytest.mark.parametrize(
    ("address", "escaped"),
    [
        ("postgresql://u:p#s?s/s@h/d", "postgresql://u:p%23s%3Fs%2Fs@h/d"),
        ("postgresql://u:p%23s@h/d?x=y", "postgresql://u:p%23s@h/d?x=y"),
        ("postgresql://u@h:1/d", "postgresql://u@h:1/d"),
        ("postgresql://h:1/d", "postgresql://h:1/d"),
    ],
)
def test_passwords_as_sqlalchemy_takes_them_are_escaped(address, escaped):
    assert uri.with_escaped_password(address) == escaped
