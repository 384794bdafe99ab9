"""The house itself: prepare the database, open the site, do the long work."""

import os
from pathlib import Path

import click
from django.conf import settings
from django.core.management import call_command

from poincon.cli.acting import acts
from poincon.cli.app import is_database_ready
from poincon.cli.serving import serve_site, statistics_fresh
from poincon.cli.shape import Answer, Command, Refused, answers
from poincon.organisations.actors import Actor
from poincon.passes import keys
from poincon.programmes.services import load_catalogue

NOT_READY = ("database_not_ready", "La base de données n’est pas à jour.", "Lancez « poincon migrate ».")


@click.command(cls=Command)
@answers
@acts
def migrate(by: Actor) -> Answer:
    """Prépare la base : tables, catalogue des services, première clé de signature.

    À lancer à l’installation et après chaque mise à jour. Recommencer ne change rien.
    """
    Path(settings.VAR_DIR).mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0, interactive=False)
    services = load_catalogue()
    key = keys.current_key() or keys.rotate(by=by)
    return Answer(
        {"services": services, "key": key.identifier},
        [
            "La base est prête.",
            f"Services du catalogue : {services}. Clé de signature : {key.identifier}.",
            "Ensuite : poincon territories load",
        ],
    )


@click.command(cls=Command)
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADRESSE", help="Adresse où écouter.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), metavar="N", help="Port.")
@click.option(
    "--workers", type=click.IntRange(1, 256), metavar="N", help="Nombre de processus.  [par défaut : un par cœur]"
)
def serve(host: str, port: int, workers: int | None) -> None:
    """Ouvre le site et l’API, derrière un serveur mandataire en production.

    Refuse de s’ouvrir sur une base qui n’est pas à jour. En production, rassemble d’abord les fichiers statiques.
    """
    if not is_database_ready():
        raise Refused(*NOT_READY)
    if settings.PRODUCTION:
        call_command("collectstatic", verbosity=0, interactive=False)
    serve_site(host, port, workers=workers)


@click.command(cls=Command)
def worker() -> None:
    """Fait les longs travaux que le site met en attente (imprimer un lot…). Autant de fois qu’on veut, partout."""
    if not is_database_ready():
        raise Refused(*NOT_READY)
    # Two workers on one machine share the queue: each takes what the other has not.
    with statistics_fresh():
        call_command("db_worker", worker_id=f"poincon-{os.getpid()}", reload=False)
