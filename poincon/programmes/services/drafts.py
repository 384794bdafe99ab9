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
    _("Ce brouillon n’existe plus : quelqu’un l’a abandonné."),
    _("Commencez-en un autre depuis votre accueil."),
)
DRAFT_CREATED = Refusal(
    "programmes.draft_created",
    _("Ce brouillon est déjà devenu le dispositif « %(name)s »."),
    _("Ouvrez ce dispositif : ses règles s’y modifient."),
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

    Raises the refusal ``programmes.draft_created`` once it is created, ``programmes.draft_gone`` once it is given up.
    """
    row = _still_one(_locked(by, draft))
    row.answers[step] = _storable(answers)
    row.name = _storable(name)[:LONGEST_NAME] or row.name
    row.changed_at = now or timezone.now()
    row.save(update_fields=["answers", "name", "changed_at"])
    return row


@transaction.atomic
def drop_draft(*, by: Actor, draft: ProgrammeDraft) -> None:
    """Give up preparing this programme. Raises as ``keep_draft``."""
    _still_one(_locked(by, draft)).delete()


@transaction.atomic
def create_from_draft(
    *, by: Actor, draft: ProgrammeDraft, spec: ProgrammeSpec, now: datetime | None = None
) -> Programme:
    """Create the programme that this draft prepared; sent twice, it is created once and given twice.

    Raises as ``create_programme``, and the refusal ``programmes.draft_gone``.
    """
    row = _locked(by, draft)
    if row.programme is None:
        row.programme = create_programme(by=by, spec=spec, now=now)
        row.name, row.answers, row.changed_at = row.programme.name, {}, now or timezone.now()
        row.save(update_fields=["programme", "name", "answers", "changed_at"])
    return row.programme


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


def _still_one(draft: ProgrammeDraft) -> ProgrammeDraft:
    if draft.programme is not None:
        raise DRAFT_CREATED.filled(name=draft.programme.name)
    return draft
