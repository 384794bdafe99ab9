"""Not a word of English on the screen: click's own sentences, and the help of every command."""

import ast
import gettext
import re
from pathlib import Path

import click
import pytest

from poincon.cli.french import CATALOGUE
from scripts.command_line import PAGE, every_command, render
from tests.cli.conftest import Typed

FOLDER = CATALOGUE / "fr" / "LC_MESSAGES"
#: Said to developers, or on a system we do not run on.
NOT_SHOWN = re.compile(
    r"Windows error|Could not determine name|No options defined|Arguments take exactly|defined twice"
    r"|Boolean option|Invalid start character|Unknown color|Unknown standard stream|Choice\(\{choices\}\)"
)


def sentences_of_click() -> set[str]:
    """What the installed click gives to its translators."""
    found = set()
    for module in Path(click.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"_", "ngettext"}:
                found |= {one.value for one in node.args[:1] if isinstance(one, ast.Constant)}
    return {str(sentence) for sentence in found if not NOT_SHOWN.search(str(sentence))}


def compiled() -> gettext.GNUTranslations:
    with (FOLDER / "click.mo").open("rb") as file:
        return gettext.GNUTranslations(file)


def written() -> set[str]:
    """The sentences of the catalogue as it is written."""
    text = (FOLDER / "click.po").read_text(encoding="utf-8")
    return {ast.literal_eval(sentence) for sentence in re.findall(r'^msgid ("(?:[^"\\]|\\.)+")$', text, re.MULTILINE)}


def test_each_sentence_of_click_is_translated() -> None:
    assert sentences_of_click() - written() == set()


def test_the_compiled_catalogue_is_the_written_one() -> None:
    singular = {key if isinstance(key, str) else key[0] for key in compiled()._catalog if key}  # type: ignore[attr-defined]
    assert singular == written()
    text = (FOLDER / "click.po").read_text(encoding="utf-8")
    for translation in (one for one in compiled()._catalog.values() if "\n" not in one):  # type: ignore[attr-defined]
        assert translation.replace("\t", "\\t") in text


@pytest.mark.parametrize(("line", "command"), every_command(), ids=lambda one: one if isinstance(one, str) else "")
def test_each_command_and_option_says_what_it_does(line: str, command: click.Command) -> None:
    assert command.help, line
    for option in command.params:
        if isinstance(option, click.Option):
            assert option.help, f"{line} {option.opts[0]}"


ENGLISH = re.compile(r"\b(TEXT|INTEGER|FLOAT|FILENAME|FILE|DIRECTORY|PATH|RANGE|ARGS|COMMAND|BOOLEAN)\b")


@pytest.mark.parametrize(("line", "command"), every_command(), ids=lambda one: one if isinstance(one, str) else "")
def test_what_to_give_is_named_in_french(line: str, command: click.Command) -> None:
    usage = command.get_help(click.Context(command, info_name=line))
    assert not ENGLISH.search(usage), usage


def test_the_help_is_in_french(typed: Typed) -> None:
    shown = typed("batch", "order", "--help").output
    assert "Utilisation : poincon batch order" in shown
    assert "Affiche cette aide." in shown
    assert "[obligatoire]" in shown
    assert not re.search(r"\b(Usage|Show this|required|default)\b", shown)


def test_a_wrongly_typed_command_is_said_in_french(typed: Typed) -> None:
    assert "La commande 'btach' n’existe pas." in typed("btach").output
    assert "Il manque l’argument 'DISPOSITIF'" in typed("batch", "order").output


def test_the_page_lists_every_command() -> None:
    assert PAGE.read_text(encoding="utf-8").endswith(render()), "run python -m scripts.command_line"
