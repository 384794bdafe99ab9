"""The command ``poincon``: which families of commands there are, read only when one is typed."""

import os
from importlib import import_module
from typing import Any

import click

from poincon.cli.shape import AS_JSON, Group, Refused

#: Each family: what it is about, where it is, whether it works with the database. Reading them all would make
#: ``poincon --help`` wait for the whole house.
FAMILIES = {
    "demo": ("Jouer un dispositif entier dans une base neuve, puis l’ouvrir dans le navigateur.", "demo", False),
    "migrate": ("Préparer la base : tables, catalogue des services, première clé de signature.", "house", True),
    "serve": ("Ouvrir le site et l’API (serveur de production).", "house", True),
    "worker": ("Faire les longs travaux demandés par le site.", "house", True),
    "territories": ("Communes, EPCI, départements et régions.", "territories", True),
    "organisation": ("Organisations : enregistrer, corriger, lister, compte bancaire.", "organisations", True),
    "user": ("Personnes : ouvrir un compte, corriger, fermer, lister.", "people", True),
    "role": ("Rôles : donner, changer, retirer.", "people", True),
    "invitation": ("Invitations par courriel : envoyer, renvoyer, retirer.", "people", True),
    "programme": ("Dispositifs : créer, copier, montrer, régler, prolonger, suspendre.", "programmes", True),
    "territory": ("Territoires d’un dispositif : ajouter, changer leurs communes.", "programme_parts", True),
    "public": ("Publics d’un dispositif : ouvrir, fermer.", "programme_parts", True),
    "service": ("Services propres à un dispositif : ajouter, retirer.", "programme_parts", True),
    "funding": ("Part de chaque financeur d’un dispositif.", "receipts", True),
    "receipt": ("Versements et engagements reçus.", "receipts", True),
    "operator": ("Opérateurs : qualifier, suspendre, retirer la qualification, attester.", "network", True),
    "prescriber": ("Prescripteurs : conventionner, mettre fin.", "network", True),
    "training": ("Formations suivies.", "network", True),
    "venue": ("Lieux de médiation : ouvrir, modifier, lister, fermer, importer un réseau.", "mediation", True),
    "offer": ("Offres de service d’un lieu : publier, lister, retirer.", "mediation", True),
    "batch": ("Lots de chéquiers : commander, imprimer, activer, annuler, faire expirer.", "batches", True),
    "booklets": (
        "Chéquiers : expédier, rappeler, recevoir, remettre, bloquer, détruire, leurs papiers.",
        "booklets",
        True,
    ),
    "case": ("Dossiers de suivi des personnes.", "cases", True),
    "device": ("Appareils qui poinçonnent.", "devices", True),
    "scan": ("Poinçonner des pass, annuler un poinçon.", "scans", True),
    "month": ("Arrêter un mois.", "settlement", True),
    "statement": ("Relevés des opérateurs.", "settlement", True),
    "payments": ("Ordres de paiement : préparer, approuver, confirmer, rejeter.", "settlement", True),
    "keys": ("Clés qui signent les pass.", "keys", True),
    "check": ("Vérifier tout ce qui doit toujours être vrai dans la base.", "proofs", True),
    "seal": ("Sceller les faits inscrits depuis le sceau précédent.", "proofs", True),
    "verify": ("Prouver que rien de scellé n’a changé.", "proofs", True),
}


class House(Group):
    """The root: finds a family when it is typed, and turns every refusal into words and an exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(FAMILIES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in FAMILIES:
            return None
        _, module, needs_database = FAMILIES[cmd_name]
        if needs_database:
            open_house()
        found: click.Command = getattr(import_module(f"poincon.cli.commands.{module}"), cmd_name)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        from gettext import gettext

        with formatter.section(gettext("Commands")):
            formatter.write_dl([(name, words) for name, (words, _, _) in FAMILIES.items()])

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Refused as said:
            # Some are said by the command itself, which does not know how it is answered.
            said.as_json = bool(ctx.meta.get(AS_JSON))
            raise
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            # Only what the domain or the database says on purpose is put in words; our own mistakes go on up, loudly.
            refused = _in_words(error, as_json=bool(ctx.meta.get(AS_JSON)))
            if refused is None:
                raise
            raise refused from error


def open_house() -> None:
    """Make Django ready, once."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "poincon.config.settings")
    from django.apps import apps

    if not apps.ready:
        import django

        django.setup()


def _in_words(error: Exception, *, as_json: bool) -> Refused | None:
    """What a person can act upon; anything else is a mistake of ours and must be seen as it is."""
    from django.core.exceptions import ImproperlyConfigured
    from django.db import DatabaseError

    from poincon.kernel.refusals import Refusal

    if isinstance(error, Refusal):
        return Refused(error.code, str(error.sentence), str(error.next_step), as_json=as_json)
    if isinstance(error, ImproperlyConfigured):
        return Refused("settings", str(error), "Voir docs/operate/settings.md.", as_json=as_json)
    if isinstance(error, DatabaseError) and not is_database_ready():
        return Refused(
            "database_not_ready",
            "La base de données ne répond pas, ou n’est pas à jour.",
            "Vérifiez DATABASE_URL, puis lancez « poincon migrate ».",
            as_json=as_json,
        )
    return None


def is_database_ready() -> bool:
    """Whether the database answers and every migration is applied."""
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
        return not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return False


def _version(context: click.Context, _: click.Parameter, value: bool) -> None:
    if value:
        from poincon import __version__

        click.echo(f"Poinçon {__version__}")
        context.exit()


@click.group(cls=House, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Dire la version.")
def poincon() -> None:
    """Poinçon fait vivre un Pass numérique : chéquiers, remises, poinçons, relevés, paiements.

    Chaque commande fait ce que fait l’écran du même nom. Elle répond 0 quand c’est fait, 1 quand la règle le refuse
    (la raison et que faire sont dites), 2 quand elle est mal tapée.
    """
