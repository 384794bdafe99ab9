"""Is this server ready for the public? ``make check-production``, with the environment of the server.

Says everything at once: settings that would be unsafe, legal texts that are missing, what Django itself warns of,
a database that does not answer or is late, a mail server that does not answer. Exit code 1 if anything is wrong.
"""

import os
import sys
from collections.abc import Iterator
from io import StringIO

from poincon.config.legal import legal_faults
from poincon.config.safety import production_faults


def faults() -> Iterator[str]:
    """Everything to mend before opening, one French sentence each."""
    unsafe = production_faults(os.environ)
    yield from unsafe
    yield from legal_faults(os.environ)
    # Without safe settings the site does not even start: nothing more can be asked of it.
    if not unsafe:
        yield from _faults_of_the_site()


def _faults_of_the_site() -> Iterator[str]:
    os.environ["POINCON_MODE"] = "production"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "poincon.config.settings")
    import django

    django.setup()
    yield from _django_warnings()
    yield from database_faults()
    yield from _mail_faults()


def _django_warnings() -> Iterator[str]:
    from django.core.checks import run_checks

    for warning in run_checks(include_deployment_checks=True):
        if not warning.is_silenced():
            yield f"Django : {warning.msg} ({warning.id})"


def database_faults() -> Iterator[str]:
    """What the database of the settings misses: an answer, the order of names, its last migrations."""
    from django.core.management import call_command
    from django.db import DatabaseError

    from poincon.kernel.alphabet import can_sort_names

    try:
        if not can_sort_names():
            yield "PostgreSQL est construit sans ICU, qui range les noms : installez celui de votre distribution."
            return
        call_command("migrate", check_unapplied=True, stdout=StringIO())
    except DatabaseError as error:
        yield f"DATABASE_URL : la base ne répond pas ({str(error).strip()})."
    except SystemExit:
        yield "La base n’est pas à jour : lancez « manage.py migrate »."


def _mail_faults() -> Iterator[str]:
    from django.core.mail import get_connection

    try:
        connection = get_connection()
        connection.open()
        connection.close()
    except OSError as error:
        yield f"POINCON_EMAIL_HOST : le serveur de courriel ne répond pas ({error})."


def main() -> int:
    """Print what is wrong, or that all is well."""
    found = list(faults())
    for fault in found:
        print(f"✗ {fault}")  # noqa: T201  a command speaks on the terminal
    if not found:
        print("✓ Prêt pour la production.")  # noqa: T201  the same
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
