"""The verbs of case files: open, correct, pass on."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any, TypedDict, Unpack
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from poincon.beneficiaries import permissions
from poincon.beneficiaries.enums import Gender, Situation
from poincon.beneficiaries.models import Beneficiary, CaseFile
from poincon.beneficiaries.queries import same_person
from poincon.beneficiaries.rules import (
    FIELDS,
    MISSING,
    Identity,
    checked_identity,
    checked_situation,
    comparable_name,
    refuse_long,
    refuse_nir,
)
from poincon.kernel import audit
from poincon.kernel.refusals import Refusal
from poincon.network.enums import TrainingKind
from poincon.network.queries import agreed_prescriber, is_trained
from poincon.organisations.actors import Actor
from poincon.organisations.models import Organisation
from poincon.programmes.enums import IdentityLevel
from poincon.programmes.models import Programme, Public
from poincon.programmes.queries import commune_codes
from poincon.territories.models import Commune

OUTSIDE_PROGRAMME = Refusal(
    "beneficiaries.programme_not_open",
    _("« %(programme)s » est ouvert du %(starts_on)s au %(ends_on)s."),
    _("Choisissez un dispositif ouvert."),
)
NOT_AGREED = Refusal(
    "beneficiaries.prescriber_not_agreed",
    _("« %(organisation)s » n’a pas de convention en cours pour prescrire dans « %(programme)s »."),
    _("Demandez-la à la tête de réseau du dispositif."),
)
NOT_TRAINED = Refusal(
    "beneficiaries.prescriber_not_trained",
    _("Ce dispositif demande une formation avant de prescrire, et vous ne l’avez pas encore suivie."),
    _("Demandez à la tête de réseau la date de la prochaine."),
)
OUTSIDE_TERRITORY = Refusal(
    "beneficiaries.commune_outside",
    _("Commune : %(commune)s est hors du territoire du dispositif."),
    _("Vérifiez la commune de résidence (ou de domiciliation) ; une autre aide existe peut-être là-bas."),
)
PUBLIC_MISSING = Refusal(
    "beneficiaries.public_missing",
    _("Public : il manque."),
    _("Dites à quel titre la personne a droit au dispositif."),
)
PUBLIC_UNKNOWN = Refusal(
    "beneficiaries.public_unknown",
    _("Public : « %(public)s » n’est pas un public de ce dispositif."),
    _("Choisissez parmi ceux du dispositif."),
)
PUBLIC_CLOSED = Refusal(
    "beneficiaries.public_closed",
    _("Public : « %(public)s » n’est pas ouvert à cette date."),
    _("Choisissez un autre public, ou attendez son ouverture."),
)
PROOF_MISSING = Refusal(
    "beneficiaries.proof_missing",
    _("Justificatif vu : « %(public)s » demande « %(proof)s »."),
    _("Regardez ce justificatif, sans le copier, et écrivez ce que vous avez vu."),
)
PROOF_DATE_WRONG = Refusal(
    "beneficiaries.proof_date_wrong",
    _("Date du justificatif : elle manque, ou n’est pas encore passée."),
    _("Recopiez la date écrite sur le justificatif."),
)
ALREADY_OPEN = Refusal(
    "beneficiaries.already_open",
    _("Cette personne a déjà un dossier dans ce dispositif : le n° %(number)s, ouvert le %(day)s."),
    _("Reprenez ce dossier s’il est de votre organisation ; sinon, donnez son numéro à la tête de réseau."),
)


REASON_MISSING = Refusal(
    "beneficiaries.reason_missing",
    _("Motif : il manque, ou dépasse 300 caractères."),
    _("Écrivez pourquoi le dossier change de mains."),
)
REASON_NAMES = Refusal(
    "beneficiaries.reason_names",
    _("Motif : il contient le nom de la personne, et le journal ne s’efface pas."),
    _("Dites pourquoi sans la nommer, par exemple « le prescripteur a cessé son activité »."),
)


class CaseChanges(TypedDict, total=False):
    """What may be corrected of a case file and of the person."""

    first_name: str
    last_name: str
    birth_date: date | None
    birth_year: int | None
    gender: str
    phone: str
    email: str
    commune: Commune | None
    public: Public | None
    proof: str
    proof_date: date | None
    situation: str


IDENTITY_FIELDS = tuple(Identity.__dataclass_fields__)
CASE_FIELDS = ("public", "proof", "proof_date", "situation")


@transaction.atomic
def open_case(
    *,
    by: Actor,
    programme: Programme,
    prescriber: Organisation,
    commune: Commune | None = None,
    first_name: str = "",
    last_name: str = "",
    birth_date: date | None = None,
    birth_year: int | None = None,
    gender: str = Gender.NOT_STATED,
    phone: str = "",
    email: str = "",
    public: Public | None = None,
    proof: str = "",
    proof_date: date | None = None,
    situation: str = Situation.NOT_STATED,
    now: datetime | None = None,
) -> CaseFile:
    """Open the file of a person in a programme, with what the programme asks of it: no less, and no more.

    The commune is asked, and must be inside, where the programme has a territory; the public, where it has publics.
    Raises a refusal that names the field, or the file the person already has.
    """
    by.require(permissions.OPEN_CASE, programme=programme, organisation_id=prescriber.pk)
    now = now or timezone.now()
    today = _today(programme, now)
    _require_open(programme, today)
    _require_prescriber(by, prescriber, programme, today)
    identity = Identity(first_name, last_name, birth_date, birth_year, gender, phone, email)
    identity = _checked(programme, identity, today)
    case = CaseFile(
        programme=programme,
        prescriber=prescriber,
        public=public,
        proof=proof,
        proof_date=proof_date,
        situation=situation,
        opened_at=now,
        opened_by=by.user,
    )
    _check_case(case, commune, today)
    _require_unknown(case, identity)
    case.beneficiary = Beneficiary.objects.create(**identity.values(), commune=commune, created_at=now)
    case.save()
    return case


@transaction.atomic
def update_case(
    *, by: Actor, case_file: CaseFile, now: datetime | None = None, **changes: Unpack[CaseChanges]
) -> CaseFile:
    """Correct what is known of a person; the same rules as when the file was opened. The refusals name the field."""
    by.require(permissions.OPEN_CASE, programme=case_file.programme, organisation_id=case_file.prescriber_id)
    case = CaseFile.objects.select_for_update(of=("self",), no_key=True).get(pk=case_file.pk)
    person = Beneficiary.objects.select_for_update(of=("self",), no_key=True).get(pk=case.beneficiary_id)
    before = _picture(case, person)
    today = _today(case.programme, now or timezone.now())
    identity = _changed_identity(person, changes)
    identity = _checked(case.programme, identity, today)
    for field, value in changes.items():
        if field in CASE_FIELDS:
            setattr(case, field, value)
    person.commune = changes.get("commune", person.commune)
    _check_case(case, person.commune, _today(case.programme, case.opened_at))
    _require_unknown(case, identity)
    for field, value in identity.values().items():
        setattr(person, field, value)
    person.save()
    case.save()
    audit.record(
        by,
        "beneficiaries.update_case",
        case,
        programme_id=case.programme_id,
        # The journal outlives what is kept of a person: it tells which fields changed, never what they say.
        after={"beneficiary": person.pk, "changed": _changed(before, _picture(case, person))},
    )
    return case


@transaction.atomic
def transfer_case(
    *, by: Actor, case_file: CaseFile, to: Organisation, reason: str, now: datetime | None = None
) -> CaseFile:
    """Pass a file on to another agreed prescriber, when the one who opened it is gone.

    Raises a refusal when that organisation is not agreed today, or the reason is missing or names the person.
    """
    by.require(permissions.TRANSFER_CASE, programme=case_file.programme)
    case = CaseFile.objects.select_for_update(of=("self",), no_key=True).get(pk=case_file.pk)
    today = _today(case.programme, now or timezone.now())
    if not agreed_prescriber(prescriber=to, programme=case.programme, day=today):
        raise NOT_AGREED.filled(organisation=to.name, programme=case.programme.name)
    _check_reason(reason, case.beneficiary)
    before, case.prescriber = case.prescriber_id, to
    case.save(update_fields=["prescriber"])
    audit.record(
        by,
        "beneficiaries.transfer_case",
        case,
        programme_id=case.programme_id,
        before={"prescriber": before},
        after={"prescriber": to.pk, "reason": reason.strip()},
    )
    return case


def _check_reason(reason: str, person: Beneficiary) -> None:
    if not reason.strip():
        raise REASON_MISSING.filled()
    refuse_long("reason", reason)
    refuse_nir("reason", reason)
    words = f" {comparable_name(reason)} "
    names = [comparable_name(name) for name in (person.first_name, person.last_name)]
    if any(name and f" {name} " in words for name in names):
        raise REASON_NAMES.filled()


def _changed_identity(person: Beneficiary, changes: CaseChanges) -> Identity:
    known = Identity(**{field: getattr(person, field) for field in IDENTITY_FIELDS})
    given: dict[str, Any] = {field: value for field, value in changes.items() if field in IDENTITY_FIELDS}
    # The year follows from the date: a corrected date must not meet the year of the former one.
    if given.get("birth_date") and "birth_year" not in given:
        given["birth_year"] = None
    return replace(known, **given)


def _today(programme: Programme, now: datetime) -> date:
    return now.astimezone(ZoneInfo(programme.time_zone)).date()


def _require_open(programme: Programme, today: date) -> None:
    if not programme.starts_on <= today <= programme.ends_on:
        raise OUTSIDE_PROGRAMME.filled(
            programme=programme.name, starts_on=_day(programme.starts_on), ends_on=_day(programme.ends_on)
        )


def _require_prescriber(by: Actor, prescriber: Organisation, programme: Programme, today: date) -> None:
    if not agreed_prescriber(prescriber=prescriber, programme=programme, day=today):
        raise NOT_AGREED.filled(organisation=prescriber.name, programme=programme.name)
    if by.user is None or not programme.prescriber_training_required:
        return
    if not is_trained(user=by.user, programme=programme, kind=TrainingKind.PRESCRIBER):
        raise NOT_TRAINED.filled()


def _checked(programme: Programme, identity: Identity, today: date) -> Identity:
    return checked_identity(identity, level=IdentityLevel(programme.identity_level), today=today)


def _check_case(case: CaseFile, commune: Commune | None, day: date) -> None:
    refuse_nir("proof", case.proof)
    refuse_long("proof", case.proof)
    case.proof = case.proof.strip()
    case.situation = checked_situation(case.situation)
    _require_commune(case.programme, commune)
    _require_public(case, day)


def _require_commune(programme: Programme, commune: Commune | None) -> None:
    codes = commune_codes(programme.pk)
    if codes and commune is None:
        raise MISSING.filled(field=FIELDS["commune"])
    if codes and commune is not None and commune.pk not in codes:
        raise OUTSIDE_TERRITORY.filled(commune=commune.name)


def _require_public(case: CaseFile, day: date) -> None:
    public = case.public
    if public is None:
        if case.programme.publics.exists():
            raise PUBLIC_MISSING.filled()
        return
    if public.programme_id != case.programme_id:
        raise PUBLIC_UNKNOWN.filled(public=public.label)
    if not (public.open_from or day) <= day <= (public.open_until or day):
        raise PUBLIC_CLOSED.filled(public=public.label)
    if public.proof and not case.proof:
        raise PROOF_MISSING.filled(public=public.label, proof=public.proof)
    if (public.proof and case.proof_date is None) or (case.proof_date is not None and case.proof_date > day):
        raise PROOF_DATE_WRONG.filled()


def _require_unknown(case: CaseFile, identity: Identity) -> None:
    level = IdentityLevel(case.programme.identity_level)
    if level is not IdentityLevel.ANONYMOUS:
        wait_for_turn(case.programme_id)
    found = same_person(case.programme, identity, level=level)
    if found is not None and found.pk != case.pk:
        raise ALREADY_OPEN.filled(number=found.pk, day=_day(_today(case.programme, found.opened_at)))


def wait_for_turn(programme_id: int) -> None:
    """Two prescribers may receive the same person at the same second: the second one waits, then finds the file."""
    Programme.objects.select_for_update(of=("self",), no_key=True).get(pk=programme_id)


def _picture(case: CaseFile, person: Beneficiary) -> dict[str, object]:
    values = {field: getattr(person, field) for field in (*IDENTITY_FIELDS, "commune_id")}
    return values | {field: getattr(case, field) for field in CASE_FIELDS}


def _changed(before: dict[str, object], after: dict[str, object]) -> list[str]:
    return sorted(field.removesuffix("_id") for field in before if before[field] != after[field])


def _day(value: date) -> str:
    return value.strftime("%d/%m/%Y")
