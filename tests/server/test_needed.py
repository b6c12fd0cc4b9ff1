"""Where there is no PostgreSQL these tests are skipped, and say so; in CI they fail."""

import pytest

from . import conftest


def test_what_is_missing_is_said_or_fails_where_it_must_be_there(monkeypatch):
    monkeypatch.delenv(conftest.NEEDED, raising=False)
    with pytest.raises(pytest.skip.Exception, match=r"no PostgreSQL \(no-such-program\) here: install it"):
        conftest.found("no-such-program")
    monkeypatch.setenv(conftest.NEEDED, "1")
    with pytest.raises(pytest.fail.Exception, match="these tests must run"):
        conftest.found("no-such-program")
