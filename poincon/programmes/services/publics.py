"""Whom a programme is for: publics are enlarged, reworded, ended along the way."""

from datetime import date
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from poincon.kernel import audit
from poincon.kernel.refusals import Refusal
from poincon.organisations.actors import Actor
from poincon.programmes import permissions
from poincon.programmes.checks import public_problems, refuse
from poincon.programmes.models import Programme, Public
from poincon.programmes.services.version import plain
from poincon.programmes.spec import PublicSpec

PUBLIC_TWICE = Refusal(
    "programmes.public_twice",
    _("Code : ce dispositif a déjà un public « %(code)s »."),
    _("Donnez à celui-ci un autre code."),
)
PUBLIC_ENDED = Refusal(
    "programmes.public_ended",
    _("« %(label)s » n’est déjà plus accueilli depuis le %(day)s."),
    _("Pour changer cette date, modifiez le public."),
)
FIELDS = ("label", "national_code", "proof", "open_from", "open_until")


class PublicChanges(TypedDict, total=False):
    """What may be changed of a public. Its code stays: case files name it."""

    label: str
    national_code: str
    proof: str
    open_from: date | None
    open_until: date | None


@transaction.atomic
def add_public(
    *,
    by: Actor,
    programme: Programme,
    code: str,
    label: str,
    national_code: str = "",
    proof: str = "",
    open_from: date | None = None,
    open_until: date | None = None,
) -> Public:
    """Enlarge the programme to one more public, from a day on. Raises a refusal that names the fields."""
    by.require(permissions.UPDATE_RULES, programme=programme)
    spec = PublicSpec(
        code=code,
        label=label,
        national_code=national_code,
        proof=proof,
        open_from=open_from,
        open_until=open_until,
    )
    refuse(list(public_problems(spec)))
    if programme.publics.filter(code=code).exists():
        raise PUBLIC_TWICE.filled(code=code)
    public = Public.objects.create(programme=programme, **vars(spec))
    after = {name: plain(value) for name, value in vars(spec).items()}
    audit.record(by, "programmes.add_public", public, programme_id=programme.pk, after=after)
    return public


@transaction.atomic
def update_public(*, by: Actor, public: Public, **changes: Unpack[PublicChanges]) -> Public:
    """Reword a public, change the proof asked or its days. Raises a refusal that names the fields.

    Case files opened before stay as they are.
    """
    by.require(permissions.UPDATE_RULES, programme=public.programme)
    row = Public.objects.select_for_update(of=("self",), no_key=True).get(pk=public.pk)
    before = _picture(row)
    for field, value in changes.items():
        setattr(row, field, value)
    refuse(list(public_problems(PublicSpec(code=row.code, **{name: getattr(row, name) for name in FIELDS}))))
    row.save()
    _record(by, "programmes.update_public", row, before)
    return row


@transaction.atomic
def end_public(*, by: Actor, public: Public, last_day: date) -> Public:
    """Welcome this public until that day included. Raises a refusal when it ended before, or has not begun by then."""
    by.require(permissions.UPDATE_RULES, programme=public.programme)
    row = Public.objects.select_for_update(of=("self",), no_key=True).get(pk=public.pk)
    if row.open_until is not None and row.open_until <= last_day:
        raise PUBLIC_ENDED.filled(label=row.label, day=f"{row.open_until:%d/%m/%Y}")
    before, row.open_until = _picture(row), last_day
    refuse(list(public_problems(PublicSpec(code=row.code, **{name: getattr(row, name) for name in FIELDS}))))
    row.save(update_fields=["open_until"])
    _record(by, "programmes.end_public", row, before)
    return row


def _picture(row: Public) -> dict[str, object]:
    return {name: plain(getattr(row, name)) for name in FIELDS}


def _record(by: Actor, action: str, row: Public, before: dict[str, object]) -> None:
    audit.record(by, action, row, programme_id=row.programme_id, before=before, after=_picture(row))
