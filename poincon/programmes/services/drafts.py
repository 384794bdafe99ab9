"""A programme being prepared: kept as it was typed until it is created, or given up."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from poincon.kernel.refusals import Refusal
from poincon.organisations.actors import Actor
from poincon.organisations.models import Organisation
from poincon.programmes import permissions
from poincon.programmes.models import Programme, ProgrammeDraft
from poincon.programmes.services.create import create_programme
from poincon.programmes.spec import ProgrammeSpec

DRAFT_GONE = Refusal(
    "programmes.draft_gone",
    _("Ce brouillon n’existe plus : le dispositif est déjà créé, ou quelqu’un l’a abandonné."),
    _("Regardez la liste de vos dispositifs."),
)
LONGEST_NAME = 200

Answers = dict[str, Any]


@transaction.atomic
def start_draft(
    *, by: Actor, organisation: Organisation, answers: Answers, name: str = "", now: datetime | None = None
) -> ProgrammeDraft:
    """Begin to prepare a programme that this organisation will own. ``answers``: what is filled already, by step."""
    by.require(permissions.CREATE_PROGRAMME, organisation_id=organisation.pk)
    now = now or timezone.now()
    return ProgrammeDraft.objects.create(
        organisation=organisation,
        name=_storable(name)[:LONGEST_NAME],
        answers=_storable(answers),
        started_by_label=by.label,
        started_at=now,
        changed_at=now,
    )


@transaction.atomic
def keep_draft(
    *, by: Actor, draft: ProgrammeDraft, step: str, answers: Answers, name: str = "", now: datetime | None = None
) -> ProgrammeDraft:
    """Keep what was typed on one step, right or wrong; the other steps stay as they are.

    Raises the refusal ``programmes.draft_gone`` once it is created or given up.
    """
    row = _locked(by, draft)
    row.answers[step] = _storable(answers)
    row.name = _storable(name)[:LONGEST_NAME] or row.name
    row.changed_at = now or timezone.now()
    row.save(update_fields=["answers", "name", "changed_at"])
    return row


@transaction.atomic
def drop_draft(*, by: Actor, draft: ProgrammeDraft) -> None:
    """Give up preparing this programme. Raises the refusal ``programmes.draft_gone`` when it is gone already."""
    _locked(by, draft).delete()


@transaction.atomic
def create_from_draft(
    *, by: Actor, draft: ProgrammeDraft, spec: ProgrammeSpec, now: datetime | None = None
) -> Programme:
    """Create the programme that this draft prepared; sent twice, it is created once.

    Raises as ``create_programme``, and the refusal ``programmes.draft_gone``.
    """
    row = _locked(by, draft)
    programme = create_programme(by=by, spec=spec, now=now)
    row.delete()
    return programme


def _storable(typed: Any) -> Any:
    """What was typed, right or wrong, without the character NUL: nobody types it, and PostgreSQL keeps none."""
    if isinstance(typed, str):
        return typed.replace("\0", "")
    if isinstance(typed, list):
        return [_storable(one) for one in typed]
    if isinstance(typed, dict):
        return {key: _storable(one) for key, one in typed.items()}
    return typed


def _locked(by: Actor, draft: ProgrammeDraft) -> ProgrammeDraft:
    by.require(permissions.CREATE_PROGRAMME, organisation_id=draft.organisation_id)
    row = ProgrammeDraft.objects.select_for_update(of=("self",), no_key=True).filter(pk=draft.pk).first()
    if row is None:
        raise DRAFT_GONE.filled()
    return row
