"""A whole scheme, played in a new database, then served."""

import os
import subprocess
import sys
from pathlib import Path
from shutil import rmtree

import click

import poincon
from poincon.cli.app import open_house
from poincon.cli.serving import serve_site, worker_beside
from poincon.cli.shape import Answer, Command, Refused, answers, progress_bar
from poincon.demo.stories import scenario_names

DATABASE = "demo.sqlite3"
#: SQLite keeps what is being written beside the database.
BESIDE = ("", "-wal", "-shm")


@click.command(cls=Command)
@click.option(
    "--scenario",
    type=click.Choice(scenario_names()),
    default=scenario_names()[0],
    show_default=True,
    help="Histoire à jouer.",
)
@click.option("--serve/--no-serve", default=True, show_default=True, help="Ouvrir ensuite le site.")
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADRESSE", help="Adresse où écouter.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), metavar="N", help="Port.")
@answers
def demo(scenario: str, serve: bool, host: str, port: int) -> Answer:
    """Joue un dispositif entier dans une base neuve, puis ouvre le site.

    Communes réelles, personnes inventées, quelques mois d’activité jusqu’à hier. La base de la démonstration est
    refaite à chaque fois ; jamais une autre n’est touchée.
    """
    var = _prepare(host, port)
    if serve:
        _play_apart(scenario)
        click.echo(f"\nLe site est ouvert : http://{host}:{port} (Ctrl+C pour l’arrêter)")
        with worker_beside():
            serve_site(host, port)
        return Answer(None)
    open_house()
    told, lines = _play(scenario, var)
    return Answer(told, lines)


def _play_apart(scenario: str) -> None:
    """Play the story in a process of its own, which says what happened.

    The story prints booklets, and the threads of the printer (Typst) are lost when the server forks its workers: a
    process that has printed would wait for ever at its next letter.
    """
    command = [sys.executable, "-m", "poincon", "demo", "--no-serve", "--scenario", scenario]
    if code := subprocess.run(command, check=False).returncode:  # noqa: S603  the scenario is one of ours
        sys.exit(code)


def _prepare(host: str, port: int) -> Path:
    """Choose the demonstration's mode, folder and database, before the settings are read."""
    if os.environ.get("POINCON_MODE") == "production":
        raise Refused(
            "demo_in_production",
            "La démonstration ne se joue pas avec des réglages de production : elle ouvre tous les comptes.",
            "Lancez-la sur une autre machine, ou sans POINCON_MODE.",
        )
    var = Path(os.environ.get("POINCON_VAR", Path(poincon.__file__).parents[1] / "var")).resolve()
    var.mkdir(parents=True, exist_ok=True)
    os.environ |= {"POINCON_MODE": "demo", "POINCON_VAR": str(var)}
    os.environ.setdefault("POINCON_PUBLIC_URL", f"http://{host}:{port}")
    os.environ.setdefault("POINCON_HOSTS", f"127.0.0.1,localhost,[::1],{host}")
    if "DATABASE_URL" not in os.environ:
        for suffix in BESIDE:
            (var / f"{DATABASE}{suffix}").unlink(missing_ok=True)
        os.environ["DATABASE_URL"] = f"sqlite:///{var / DATABASE}"
    return var


def _play(scenario: str, var: Path) -> tuple[object, list[str]]:
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    from poincon.demo.player import play
    from poincon.demo.telling import lines, tell
    from poincon.territories.services import load_territories

    call_command("migrate", verbosity=0, interactive=False)
    with progress_bar("Communes de France") as progress:
        load_territories(progress=progress)
    out = var / "documents" / "demonstration"
    rmtree(out, ignore_errors=True)
    with progress_bar("L’histoire se joue") as progress:
        world = play(scenario, now=timezone.now(), out=out, progress=progress)
    told = tell(world)
    # The processes that serve open their own connections.
    connection.close()
    return told.data(), list(lines(told))
