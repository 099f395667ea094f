"""Addresses of stores that no store has."""

from __future__ import annotations

import pytest

from assay.core.errors import ConfigurationError
from assay.store.open import open_store


@pytest.mark.parametrize("kind", ["postgresql", "postgres", "postgresql+psycopg2", "mysql", "mariadb+pymysql"])
@pytest.mark.parametrize("rest", ["/ada:s3cret@127.0.0.1:1/runs", "ada:s3cret@127.0.0.1:1/runs"])
def test_a_misspelt_address_is_refused_without_its_password(kind: str, rest: str) -> None:
    with pytest.raises(ConfigurationError, match="no // behind") as refusal:
        open_store(f"{kind}:{rest}", artifact_root="/")
    assert "s3cret" not in str(refusal.value)
