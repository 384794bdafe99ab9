"""The shape of every command: an answer for people or as JSON, a refusal on stderr, one exit code for each."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import click

REFUSED = 1
AS_JSON = "poincon.json"

Callback = TypeVar("Callback", bound=Callable[..., Any])
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Answer:
    """What a command has to say: ``data`` for scripts (``--json``), ``lines`` for people, and its exit code."""

    data: Any
    lines: Sequence[str] = ()
    code: int = 0


class Refused(click.ClickException):
    """The domain said no: what and why, then what to do. Exit code 1."""

    exit_code = REFUSED

    def __init__(self, code: str, sentence: str, next_step: str = "", *, as_json: bool = False) -> None:
        super().__init__(sentence)
        self.words = {"refused": code, "sentence": sentence.strip(), "next_step": next_step}
        self.as_json = as_json

    def show(self, file: Any = None) -> None:
        if self.as_json:
            click.echo(json.dumps(self.words, ensure_ascii=False), err=True)
            return
        click.echo(f"Refus : {self.words['sentence']}", err=True)
        if self.words["next_step"]:
            click.echo(f"→ {self.words['next_step']}", err=True)


class FrenchFormatter(click.HelpFormatter):
    """French puts a space before a colon."""

    def write_heading(self, heading: str) -> None:
        self.write(f"{'':>{self.current_indent}}{heading} :\n")


class FrenchContext(click.Context):
    formatter_class = FrenchFormatter


class Command(click.Command):
    """A command whose function may return an Answer."""

    context_class = FrenchContext

    def invoke(self, ctx: click.Context) -> Any:
        result = super().invoke(ctx)
        if not isinstance(result, Answer):
            return result
        _say(result, as_json=bool(ctx.meta.get(AS_JSON)))
        return ctx.exit(result.code)


class Group(click.Group):
    """A family of commands."""

    context_class = FrenchContext
    command_class = Command

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **({"subcommand_metavar": "COMMANDE …"} | options))

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


Group.group_class = Group


class GroupWithDefault(Group):
    """A family whose first command may be typed without its name: ``poincon scan CODE`` and ``poincon scan annul``."""

    default: str

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        names = {*self.commands, *self.get_help_option_names(ctx)}
        return super().parse_args(ctx, args if args and args[0] in names else [self.default, *args])


def _say(said: Answer, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(said.data, ensure_ascii=False, indent=2, default=str))
        return
    for line in said.lines:
        click.echo(line)


def _keep_json(context: click.Context, _: click.Parameter, value: bool) -> None:
    context.meta[AS_JSON] = value


def answers(function: Callback) -> Callback:
    """Add ``--json``: the answer, or the refusal, is then one JSON document."""
    option = click.option(
        "--json",
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_keep_json,
        help="Répondre en JSON, pour un script.",
    )
    return option(function)


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """Lines in columns as wide as their widest cell."""
    cells = [[str(cell) for cell in row] for row in [headings, *rows]]
    widths = [max(len(cell) for cell in column) for column in zip(*cells, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]


@contextmanager
def progress_bar(label: str) -> Iterator[Progress]:
    """What a long verb tells its progress to: (done, in all). Silent when nobody watches."""
    with click.progressbar(length=1, label=label, file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:

        def tell(done: int, total: int) -> None:
            bar.length = max(total, 1)
            bar.update(done - bar.pos)

        yield tell
