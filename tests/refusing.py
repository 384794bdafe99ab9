"""Say in a test that the domain refuses, and with which code."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from poincon.kernel.refusals import Refusal


@contextmanager
def refused(code: str, match: str | None = None) -> Iterator[None]:
    """The block must raise the refusal of this code, its sentences holding ``match`` (a regular expression)."""
    with pytest.raises(Refusal, match=match) as caught:
        yield
    assert caught.value.code == code
