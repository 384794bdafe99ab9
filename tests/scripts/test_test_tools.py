"""Which browser the tests drive: the quick one where it is enough, the whole one otherwise."""

from collections.abc import Callable
from pathlib import Path

import pytest

from scripts import test_tools
from scripts.with_postgresql import UnavailableError

Installed = Callable[..., None]


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Installed:
    """Only these programs are on the PATH."""
    monkeypatch.delenv("POINCON_TEST_CHROMIUM", raising=False)

    def only(*names: str) -> None:
        monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}" if name in names else None)

    return only


def test_pages_are_drawn_by_the_shell_where_it_is(installed: Installed) -> None:
    installed("chromium", "chromium-headless-shell")
    assert test_tools.quick_chromium() == Path("/usr/bin/chromium-headless-shell")
    assert test_tools.chromium() == Path("/usr/bin/chromium")


def test_the_whole_browser_draws_them_elsewhere(installed: Installed) -> None:
    installed("google-chrome")
    assert test_tools.quick_chromium() == Path("/usr/bin/google-chrome")


def test_the_browser_that_was_named_is_obeyed(installed: Installed, monkeypatch: pytest.MonkeyPatch) -> None:
    installed("chromium", "chromium-headless-shell")
    monkeypatch.setenv("POINCON_TEST_CHROMIUM", "/opt/chromium")
    assert test_tools.quick_chromium() == test_tools.chromium() == Path("/opt/chromium")


def test_without_any_browser_it_says_what_to_install(installed: Installed) -> None:
    installed()
    with pytest.raises(UnavailableError, match="apt-get install chromium"):
        test_tools.quick_chromium()


@pytest.mark.parametrize(("package", "code"), [("chromium-headless-shell", 0), ("postgresql", 1)])
def test_only_what_tests_cannot_do_without_stops_them(
    package: str, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(test_tools, "missing", lambda: {package: "not found"})
    monkeypatch.setattr(test_tools, "install", lambda _packages: None)
    assert test_tools.main() == code
    assert "not found" in capsys.readouterr().err
