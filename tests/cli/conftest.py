"""Commands run in this process, in French, and answered as a terminal would see them."""

from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from poincon.cli.app import poincon
from poincon.cli.french import speak_french

# click keeps the first translation it makes of some words: French comes before any command is read.
speak_french()

Typed = Callable[..., Result]


@pytest.fixture
def typed() -> Typed:
    """Type a command: ``typed("batch", "show", "creuse/1")``. A programming error is not caught."""

    def run(*arguments: str, text: str | None = None) -> Result:
        result = CliRunner().invoke(poincon, list(arguments), input=text, prog_name="poincon")
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run
