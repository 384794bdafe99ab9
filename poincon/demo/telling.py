"""What is told once a story is played: where the passes are, who may sign in, what can be tried at once."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Sum

from poincon.beneficiaries.models import CaseFile
from poincon.demo.world import DOMAIN, Character, Stage, World
from poincon.kernel.money import euros
from poincon.organisations.enums import Role
from poincon.organisations.models import Membership
from poincon.passes import codes
from poincon.passes.models import Redemption
from poincon.passes.queries import Funnel, funnel
from poincon.programmes.models import Programme
from poincon.settlement.enums import StatementState
from poincon.settlement.models import Statement


@dataclass(frozen=True)
class Figures:
    """One programme: its funnel, what is paid (passes, cents), the minutes followed, its people.

    ``territories`` puts side by side, for each one, people followed and passes used.
    """

    code: str
    name: str
    funnel: Funnel
    passes_paid: int
    paid: int
    minutes: int
    people: int
    territories: list[tuple[str, int, int]]


@dataclass(frozen=True)
class Account:
    role: str
    email: str
    name: str
    organisation: str


@dataclass(frozen=True)
class Told:
    """Everything a visitor of the demonstration needs."""

    title: str
    figures: list[Figures]
    refusals: dict[str, int]
    accounts: list[Account]
    token: str
    curl: str
    files: list[Path]

    def data(self) -> dict[str, Any]:
        """The same, for a script."""
        return asdict(self)


def tell(world: World) -> Told:
    """The outcome of a story."""
    operator, curl = _try_it(world)
    return Told(
        title=world.story.told.title,
        figures=[figures(stage.programme) for stage in world.stages.values()],
        refusals=dict(sorted(world.refusals.items())),
        accounts=accounts(),
        token=world.tokens[operator],
        curl=curl,
        files=_worth_opening(world),
    )


def figures(programme: Programme) -> Figures:
    """Where one programme stands."""
    paid = Statement.objects.filter(programme=programme, state=StatementState.PAID)
    used = Redemption.objects.filter(programme=programme, annulment=None)
    totals = paid.aggregate(passes=Sum("passes"), total=Sum("total"))
    return Figures(
        code=programme.code,
        name=programme.name,
        funnel=funnel(programme.pk),
        passes_paid=totals["passes"] or 0,
        paid=totals["total"] or 0,
        minutes=used.aggregate(total=Sum("minutes"))["total"] or 0,
        people=CaseFile.objects.filter(programme=programme).count(),
        territories=_territories(programme),
    )


def _territories(programme: Programme) -> list[tuple[str, int, int]]:
    """Each territory: people followed, passes used. Nothing when there is nothing to compare."""
    territories = list(programme.territories.order_by("pk"))
    if len(territories) < 2:
        return []
    rows = []
    for territory in territories:
        communes = territory.communes.values("pk")
        people = CaseFile.objects.filter(programme=programme, beneficiary__commune__in=communes).count()
        used = Redemption.objects.filter(programme=programme, annulment=None, commune__in=communes).count()
        rows.append((territory.name, people, used))
    return rows


def accounts() -> list[Account]:
    """One person of the demonstration for each role: those whom the sign-in page offers."""
    found: dict[str, Account] = {}
    memberships = Membership.objects.filter(user__email__endswith=f"@{DOMAIN}", ended_at=None)
    for one in memberships.select_related("user", "organisation").order_by("pk"):
        place = one.organisation.name if one.organisation else ""
        found.setdefault(one.role, Account(str(one.get_role_display()), one.user.email, one.user.full_name, place))
    return [found[role] for role in Role.values if role in found]


def _try_it(world: World) -> tuple[str, str]:
    """An operator, and a punch that would be accepted now."""
    for stage in reversed(world.stages.values()):
        for character in stage.characters:
            if character.booklet and character.unused and not character.blocked and not character.waiting:
                return _curl(world, stage, character)
    operator = next(iter(world.tokens))
    return operator, ""


def _curl(world: World, stage: Stage, character: Character) -> tuple[str, str]:
    told = next(one for one in world.story.told.venues if one.name in stage.published and not one.tour)
    only = stage.told.partly.get(told.operator)
    service = next(one for one in stage.told.services if only is None or one.code in only)
    number = codes.written(character.booklet.number) if character.booklet else ""
    scan = {
        "id": str(world.uuid()),
        "code": number,
        "venue": world.venues[told.name].pk,
        "service": service.code,
        "occurred_at": world.story.now.isoformat(timespec="seconds"),
    }
    body = json.dumps({"scans": [scan]}, ensure_ascii=False)
    lines = [
        f"curl -s {settings.PUBLIC_URL}/api/v1/scans",
        f"-H 'Authorization: Bearer {world.tokens[told.operator]}'",
        "-H 'Content-Type: application/json'",
        f"-d '{body}'",
    ]
    return told.operator, " \\\n  ".join(lines)


def _worth_opening(world: World) -> list[Path]:
    """For each programme: the first sheets of booklets, the statement, the files of the payment."""
    chosen = []
    for code in world.stages:
        mine = [path for path in world.files if path.is_relative_to(world.out / code)]
        sheets = [path for path in mine if path.name.startswith("carnets-")][:1]
        chosen += sheets + [path for path in mine if path.name.startswith(("releve-", "ordre-"))]
    return chosen


def lines(told: Told) -> Iterator[str]:
    """What the terminal shows."""
    yield told.title
    for one in told.figures:
        yield from _funnel_lines(one)
    yield ""
    refusals = ", ".join(f"{reason} × {count}" for reason, count in told.refusals.items())
    yield f"Poinçons refusés : {refusals}."
    yield ""
    yield "Comptes (la page de connexion les propose en un clic) :"
    width = max(len(one.role) for one in told.accounts)
    for account in told.accounts:
        place = ", ".join(filter(None, (account.name, account.organisation)))
        yield f"  {account.role:<{width}}  {account.email}  {place}"
    yield ""
    yield f"Jeton d’un appareil : {told.token}"
    if told.curl:
        yield "Poinçonner un pass :"
        yield told.curl
    yield ""
    yield "Documents :"
    yield from (f"  {path}" for path in told.files)


def _funnel_lines(one: Figures) -> Iterator[str]:
    stages = one.funnel
    yield ""
    yield f"{one.name} : {one.people} personnes"
    steps = (
        ("commandés", stages.ordered),
        ("imprimés", stages.printed),
        ("livrés", stages.delivered),
        ("remis", stages.handed),
        ("entamés", stages.started),
        ("terminés", stages.used_up),
    )
    most = max(stages.ordered, 1)
    for label, count in steps:
        yield f"  {label:<10} {count:>6} chéquiers  {'█' * round(30 * count / most)}"
    yield f"  {'utilisés':<10} {stages.passes_used:>6} pass, sur {stages.passes_handed} remis"
    if one.paid:
        yield f"  {'payés':<10} {one.passes_paid:>6} pass, {euros(one.paid)}"
    else:
        yield f"  {'suivies':<10} {one.minutes // 60:>6} heures"
    for name, people, used in one.territories:
        yield f"  {name} : {people} personnes, {used} pass utilisés sur place"
