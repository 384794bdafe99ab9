"""Write the list of commands at the end of docs/operate/command-line.md from the commands themselves.

python -m scripts.command_line
"""

import os
from collections.abc import Iterator
from pathlib import Path

import click
import django

PAGE = Path(__file__).resolve().parents[1] / "docs" / "operate" / "command-line.md"
MARK = "## Toutes les commandes\n"
HEAD = """
Cette liste est écrite par le programme (`python -m scripts.command_line`).

| commande | ce qu’elle fait |
|---|---|
"""


def commands(group: click.Group, context: click.Context) -> Iterator[tuple[str, click.Command]]:
    """Each command under a group, with the whole line to type, in the order of the help."""
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is None:
            continue
        below = click.Context(command, info_name=name, parent=context)
        if isinstance(command, click.Group):
            yield from commands(command, below)
        else:
            yield below.command_path, command


def every_command() -> list[tuple[str, click.Command]]:
    """All the commands of ``poincon``."""
    from poincon.cli.app import poincon

    return list(commands(poincon, click.Context(poincon, info_name="poincon")))


def render() -> str:
    """The list, as it must stand in the documentation."""
    rows = [f"| `{line}` | {_first_sentence(command)} |\n" for line, command in every_command()]
    return MARK + HEAD + "".join(rows)


def _first_sentence(command: click.Command) -> str:
    paragraph = (command.help or "").strip().split("\n\n")[0]
    return " ".join(paragraph.split())


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "poincon.config.settings")
    django.setup()
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(text.partition(MARK)[0].rstrip() + "\n\n" + render(), encoding="utf-8")
