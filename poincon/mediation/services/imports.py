"""A network brought in from a table: all of it, or nothing and every fault."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy, ngettext

from poincon.kernel import audit
from poincon.kernel.refusals import Refusal
from poincon.mediation import permissions
from poincon.mediation.imports import NetworkRow, RowProblem, ignored_headings, read_network_rows
from poincon.mediation.models import Venue
from poincon.mediation.services.places import open_venue
from poincon.organisations.actors import Actor
from poincon.organisations.enums import Role
from poincon.organisations.models import Invitation, Membership, Organisation
from poincon.organisations.services import create_organisation, invite
from poincon.programmes.models import Programme
from poincon.territories.models import Commune
from poincon.territories.queries import match_commune, resolve_commune

NEXT_STEP = gettext_lazy("Corrigez ces lignes puis recommencez : rien n’a été enregistré.")
#: Enough to correct a file in one go.
MOST_SHOWN = 50


COMMUNE_UNKNOWN = Refusal(
    "mediation.import_commune",
    gettext_lazy("Commune : « %(place)s » ne se trouve pas, ou plusieurs communes y répondent."),
    gettext_lazy("Donnez son code INSEE, ou son nom et son code postal."),
)
ORGANISATION_UNCLEAR = Refusal(
    "mediation.import_organisation",
    gettext_lazy("Organisation : plusieurs s’appellent « %(name)s »."),
    gettext_lazy("Donnez son SIRET, ou son numéro RNA."),
)


@dataclass(unsafe_hash=True)
class ImportRefused(Refusal):
    """A refusal that keeps its faults apart, for a screen that shows each beside its row."""

    problems: tuple[RowProblem, ...] = ()


@dataclass
class NetworkImport:
    """What a table brings: what is new, how many rows say what is known already, what is wrong, what is not read."""

    organisations: list[Organisation] = field(default_factory=list)
    venues: list[Venue] = field(default_factory=list)
    invitations: list[Invitation] = field(default_factory=list)
    known: int = 0
    problems: list[RowProblem] = field(default_factory=list)
    ignored: tuple[str, ...] = ()


def preview_network(
    *, by: Actor, programme: Programme, rows: Sequence[Mapping[str, str]], now: datetime | None = None
) -> NetworkImport:
    """What ``import_network`` would do with these rows, and every fault. It is done, looked at, and undone.

    Nothing of it stays: the objects are those that would be, without a row in the database.
    """
    with transaction.atomic():
        done = _bring(by, programme, rows, now or timezone.now())
        transaction.set_rollback(True)
    return done


@transaction.atomic
def import_network(
    *, by: Actor, programme: Programme, rows: Sequence[Mapping[str, str]], now: datetime | None = None
) -> NetworkImport:
    """Register the organisations, open the places, invite the people that these rows name (``imports.columns``).

    What is known already is left as it is: the same table twice changes nothing. People get their role when they
    accept. Raises ``ImportRefused``, with one fault per row and column, and then nothing is written.
    """
    done = _bring(by, programme, rows, now or timezone.now())
    if done.problems:
        raise _refusal(done.problems)
    after = {
        "organisations": len(done.organisations),
        "venues": len(done.venues),
        "invitations": len(done.invitations),
    }
    audit.record(by, "mediation.import_network", programme, programme_id=programme.pk, after=after)
    return done


def _refusal(problems: Sequence[RowProblem]) -> ImportRefused:
    count = len(problems)
    head = ngettext("%(count)d erreur :", "%(count)d erreurs :", count) % {"count": count}
    lines = [f"– {problem}" for problem in problems[:MOST_SHOWN]]
    return ImportRefused("mediation.import_refused", "\n".join([head, *lines]) + "\n", NEXT_STEP, tuple(problems))


def _bring(by: Actor, programme: Programme, rows: Sequence[Mapping[str, str]], now: datetime) -> NetworkImport:
    by.require(permissions.IMPORT_NETWORK, programme=programme)
    read, problems = read_network_rows(rows)
    done = NetworkImport(problems=problems, ignored=ignored_headings(rows[0].keys() if rows else ()))
    bringer = _Bringer(by, programme, now, done)
    for row in read:
        try:
            bringer.bring(row)
        except Refusal as refusal:
            problems.append(RowProblem(row.line, "", str(refusal)))
    problems.sort(key=lambda problem: problem.line)
    return done


@dataclass(frozen=True)
class _Bringer:
    """Brings one row after the other, by the verbs that a screen would call."""

    by: Actor
    programme: Programme
    now: datetime
    done: NetworkImport

    def bring(self, row: NetworkRow) -> None:
        before = self._new()
        commune = _commune(row)
        organisation = _known_organisation(row) or self._register(row, commune)
        if row.venue and commune is not None:
            self._open(organisation, row, commune)
        if row.role is not None:
            self._invite(organisation, row, row.role)
        self.done.known += self._new() == before

    def _new(self) -> int:
        return len(self.done.organisations) + len(self.done.venues) + len(self.done.invitations)

    def _register(self, row: NetworkRow, commune: Commune | None) -> Organisation:
        made = create_organisation(
            by=self.by,
            programme=self.programme,
            name=row.organisation,
            legal_form=row.legal_form,
            siret=row.siret,
            rna=row.rna,
            is_funder="is_funder" in row.kinds,
            is_coordinator="is_coordinator" in row.kinds,
            is_prescriber="is_prescriber" in row.kinds,
            is_operator="is_operator" in row.kinds,
            email=row.email,
            phone=row.phone,
            address=row.address,
            commune=commune,
        )
        self.done.organisations.append(made)
        return made

    def _open(self, operator: Organisation, row: NetworkRow, commune: Commune) -> None:
        if Venue.objects.filter(operator=operator, name=row.venue, commune=commune).exists():
            return
        made = open_venue(
            by=self.by,
            programme=self.programme,
            operator=operator,
            name=row.venue,
            commune=commune,
            address=row.address,
            phone=row.phone,
            email=row.email,
            itinerant=row.itinerant,
            longitude=row.longitude,
            latitude=row.latitude,
        )
        self.done.venues.append(made)

    def _invite(self, organisation: Organisation, row: NetworkRow, role: Role) -> None:
        held = Membership.objects.filter(user__email=row.person_email, organisation=organisation, ended_at=None)
        asked = Invitation.objects.filter(
            email=row.person_email, organisation=organisation, accepted_at=None, revoked_at=None
        )
        if held.exists() or asked.exists():
            return
        # A prescriber is named for this programme; whoever manages an operator answers for it everywhere.
        made = invite(
            by=self.by,
            email=row.person_email,
            full_name=row.person,
            role=role,
            organisation=organisation,
            programme=self.programme if role is Role.PRESCRIBER else None,
            welcomed_in=self.programme if role is Role.OPERATOR_MANAGER else None,
            now=self.now,
        )
        self.done.invitations.append(made)


def _commune(row: NetworkRow) -> Commune | None:
    if not (row.insee_code or row.commune):
        return None
    by_name = None if row.insee_code else match_commune(row.commune, postal_code=row.postal_code)
    found = resolve_commune(row.insee_code) if row.insee_code else by_name
    if found is None:
        raise COMMUNE_UNKNOWN.filled(place=row.insee_code or f"{row.postal_code} {row.commune}".strip())
    return found


def _known_organisation(row: NetworkRow) -> Organisation | None:
    """By number, else by exact name. A site's number is its organisation's."""
    if row.siret or row.rna:
        number = Q(siret=row.siret) | Q(sites__siret=row.siret) if row.siret else Q(rna=row.rna)
        return Organisation.objects.filter(number).order_by("pk").first()
    named = list(Organisation.objects.filter(name=row.organisation).order_by("pk")[:2])
    if len(named) > 1:
        raise ORGANISATION_UNCLEAR.filled(name=row.organisation)
    return named[0] if named else None
