"""Long work on places and networks, given to the workers."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_tasks import task

from poincon.kernel.jobs import Progress, open_job, run_job
from poincon.kernel.models import Job
from poincon.mediation.imports import read_network_file
from poincon.mediation.imports.kept import forget_table, kept_table
from poincon.mediation.permissions import IMPORT_NETWORK
from poincon.mediation.services import ImportRefused, NetworkImport, import_network
from poincon.organisations.actors import Actor
from poincon.organisations.models import User
from poincon.programmes.models import Programme

IMPORTING = "import_network"


def ask_import(*, by: Actor, programme: Programme, key: str) -> Job:
    """Queue the import of a table kept by ``keep_table``. Raises ``right_missing`` and ``mediation.import_gone``."""
    by.require(IMPORT_NETWORK, programme=programme)
    kept_table(key)
    whose = programme.lead_network_id or programme.owner_id
    job = open_job(IMPORTING, f"{programme.pk}:{key}", asked_by_id=by.user_id, organisation_id=whose)
    import_in_background.enqueue(job.pk, programme.pk, key, by.user_id, by.label)
    return job


@task()
def import_in_background(job_id: int, programme_id: int, key: str, user_id: int | None, label: str) -> None:
    """Bring a kept table in, for the person who asked. Its faults are the result: nothing is written then."""
    user = User.objects.get(pk=user_id) if user_id is not None else None
    by = Actor(user=user, source="task") if user else Actor.system(label, source="task")

    def work(_progress: Progress) -> dict[str, Any]:
        programme = Programme.objects.get(pk=programme_id)
        try:
            done = import_network(by=by, programme=programme, rows=read_network_file(kept_table(key)))
        except ImportRefused as refused:
            return {"sentence": _refused(refused), "errors": _errors(refused)}
        forget_table(key)
        return {"sentence": import_sentence(done)}

    run_job(job_id, work)


def import_sentence(done: NetworkImport) -> str:
    """What a table brought, in words."""
    said = [
        ngettext("%(n)s organisation enregistrée", "%(n)s organisations enregistrées", len(done.organisations))
        % {"n": len(done.organisations)},
        ngettext("%(n)s lieu ouvert", "%(n)s lieux ouverts", len(done.venues)) % {"n": len(done.venues)},
        ngettext("%(n)s personne invitée", "%(n)s personnes invitées", len(done.invitations))
        % {"n": len(done.invitations)},
    ]
    return _("%(said)s.") % {"said": ", ".join(said)}


def _refused(refused: ImportRefused) -> str:
    faults = len(refused.problems)
    words = ngettext(
        "Rien n’a été enregistré : %(n)s erreur est à corriger dans le tableau.",
        "Rien n’a été enregistré : %(n)s erreurs sont à corriger dans le tableau.",
        faults,
    )
    return words % {"n": faults}


def _errors(refused: ImportRefused) -> list[dict[str, Any]]:
    return [{"row": one.line, "field": one.column, "sentence": one.text} for one in refused.problems]
