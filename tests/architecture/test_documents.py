"""The documents that repeat what the code says are compared with it."""

import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import click
import pytest

from poincon.cli.app import poincon
from poincon.cli.shape import GroupWithDefault
from scripts.rights_table import PAGE, render
from tests.architecture.repository import ROOT, sources, text

VARIABLE = re.compile(r"\b(?:POINCON_[A-Z_]*[A-Z]|DATABASE_URL)\b")
ADDRESS = re.compile(r"\]\((?!https?:|mailto:|#)([^)#]+)")


def project() -> dict[str, list[str]]:
    """Every list of dependencies of pyproject.toml."""
    described = tomllib.loads(text(Path("pyproject.toml")))["project"]
    return {"base": described["dependencies"], **described["optional-dependencies"]}


def bare_name(requirement: str) -> str:
    return re.split(r"[\[<>=!~; ]", requirement)[0].lower()


def test_each_dependency_has_its_reason() -> None:
    given = re.findall(r"^- \*\*(.+?)\*\*: \S+", text(Path("docs/dependencies.md")), re.MULTILINE)
    asked = [bare_name(requirement) for group in project().values() for requirement in group]
    assert sorted(name.lower() for name in given) == sorted(asked)


@pytest.mark.parametrize(("lock", "groups"), [("base", ["base"]), ("dev", ["base", "dev"])])
def test_each_dependency_is_pinned_with_hashes(lock: str, groups: list[str]) -> None:
    pinned = re.findall(
        r"^([\w.-]+)(?:\[[\w,-]+\])?==.*\\\n    --hash=", text(Path(f"requirements/{lock}.lock")), flags=re.MULTILINE
    )
    asked = {bare_name(requirement).replace("_", "-") for group in groups for requirement in project()[group]}
    assert asked <= {name.lower() for name in pinned}


def test_each_variable_of_the_environment_is_documented() -> None:
    read = {
        name for module in sources(".py") if module.parts[0] == "poincon" for name in VARIABLE.findall(text(module))
    }
    told = re.findall(r"^\| `([A-Z_]+)`", text(Path("docs/operate/settings.md")), re.MULTILINE)
    assert sorted(told) == sorted(read)


def test_the_table_of_rights_is_the_one_of_the_code() -> None:
    assert PAGE.read_text() == render(), "the rights have changed: make rights"


def test_every_link_of_the_documents_leads_somewhere() -> None:
    dead = [
        f"{page}: {target}"
        for page in sources(".md")
        for target in ADDRESS.findall(text(page))
        if not (ROOT / page.parent / target).exists()
    ]
    assert not dead


def test_decisions_are_numbered_without_a_hole() -> None:
    numbers = sorted(int(page.name[:4]) for page in (ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    assert numbers == list(range(1, len(numbers) + 1))


def commands_of(page: Path) -> list[str]:
    """The lines of shell that a page tells its reader to type."""
    blocks = re.findall(r"^```sh\n(.*?)^```", text(page), re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line and not line.startswith("#")]


def commands_starting(*starts: str) -> list[str]:
    """Every documented line that starts so, without its comment."""
    lines = {line.partition("  #")[0].strip() for page in sources(".md") for line in commands_of(page)}
    return sorted(line for line in lines if line.startswith(starts))


def test_the_readme_gives_the_two_commands() -> None:
    assert {"make demo", "make test"} <= set(commands_of(Path("README.md")))


@pytest.mark.parametrize("command", commands_starting("make "))
def test_make_knows_what_the_documents_say(command: str) -> None:
    planned = subprocess.run([*command.split(), "--dry-run"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert planned.returncode == 0, planned.stderr


@pytest.mark.parametrize("command", commands_starting("poincon ", ".venv/bin/poincon "))
def test_poincon_knows_what_the_documents_say(command: str) -> None:
    """Every word is a known command, and every option one of its options; the verbs themselves are tested elsewhere."""
    known: click.Command = poincon
    words = shlex.split(command)[1:]
    while isinstance(known, click.Group):
        if isinstance(known, GroupWithDefault) and words[0] not in known.commands:
            words.insert(0, known.default)
        if not words or words[0].startswith("-"):
            break
        found = known.get_command(click.Context(known), words.pop(0))
        assert found is not None, f"no such command: {command}"
        known = found
    options = {name for parameter in known.params for name in parameter.opts} | {"--help"}
    unknown = [word for word in words if word.startswith("--") and word.partition("=")[0] not in options]
    assert not unknown


@pytest.mark.parametrize("command", [line for line in commands_of(Path("README.md")) if ".venv/bin/" in line])
def test_the_commands_of_the_readme_run(command: str, fresh_environment: dict[str, str]) -> None:
    typed = command.replace(".venv/bin/", f"{shlex.quote(str(Path(sys.executable).parent))}/")
    done = subprocess.run(
        typed, shell=True, cwd=ROOT, env=fresh_environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
