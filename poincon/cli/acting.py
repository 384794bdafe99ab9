"""In whose name a command acts: the person of ``--as``, or whoever may type commands on the server."""

import functools
import getpass
from collections.abc import Callable
from typing import Any, TypeVar

import click

from poincon.cli.references import PERSON
from poincon.organisations.actors import Actor
from poincon.organisations.models import User

Result = TypeVar("Result")
SOURCE = "command"


def acts(function: Callable[..., Result]) -> Callable[..., Result]:
    """Add ``--as`` and give the command its actor, ``by``."""

    @click.option(
        "--as",
        "acting_as",
        type=PERSON,
        help="Agir au nom de cette personne, avec ses droits. Sans elle : le serveur, avec tous les droits.",
    )
    @functools.wraps(function)
    def command(*args: Any, acting_as: User | None, **options: Any) -> Result:
        return function(*args, by=actor(acting_as), **options)

    return command


def actor(person: User | None) -> Actor:
    """That person, or the command itself under the name of the account that typed it."""
    if person is not None:
        return Actor(user=person, source=SOURCE)
    return Actor.system(f"commande ({_login()})", source=SOURCE)


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "compte inconnu"
