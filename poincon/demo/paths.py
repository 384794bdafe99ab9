"""The path of each person, planned before the story is played: who hands the booklet, when and where it is used."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TypeVar

from poincon.demo.calendar import working_day
from poincon.demo.people import invented_person
from poincon.demo.scenario import PeopleTold, ProgrammeTold, ServiceTold, VenueTold
from poincon.demo.world import Character, StoryError, World
from poincon.programmes.spec import ProgrammeSpec, PublicSpec
from poincon.territories.models import Commune

Thing = TypeVar("Thing")

AT_HOME = 0.6
FIRST_VISIT_AFTER = (2, 20)
LONG_AGO = timedelta(days=10)


@dataclass(frozen=True)
class Visit:
    """A session this person comes to."""

    day: date
    venue: VenueTold
    service: ServiceTold


@dataclass
class Path:
    """What becomes of one person. ``second_part_on``: the day it gets the rest of a booklet given in two parts."""

    character: Character
    commune: str
    public: PublicSpec | None
    size: int
    handed_on: date
    visits: list[Visit] = field(default_factory=list)
    in_two_parts: bool = False
    second_part_on: date | None = None
    lost_on: date | None = None
    mistaken: bool = False


class Paths:
    """Draws the path of every person of one programme."""

    def __init__(self, world: World, told: ProgrammeTold, spec: ProgrammeSpec) -> None:
        self.world = world
        self.rng = world.rng
        self.told = told
        self.spec = spec
        self.people: PeopleTold = told.people
        self.closed = [(one.first_day, one.last_day) for one in told.suspensions]
        self.reached = self._reached()
        self.neighbours = self._neighbours()
        self.shelves = self._shelves()
        # Nobody knows yet whose booklet will be lost or given by mistake: each prescriber keeps enough for them all.
        self.reserve = self.people.lost + self.people.mistaken_hand_overs

    def draw(self) -> list[Path]:
        """One path for each person, in the order of their hand-overs."""
        length = (self.people.last_day - self.people.first_day).days
        days = sorted(
            self.people.first_day + timedelta(days=self.rng.randint(0, length)) for _ in range(self.people.count)
        )
        paths = [self._path(working_day(day, self.closed)) for day in days]
        self._choose_accidents(paths)
        return paths

    # --- what the file says, made ready to draw from ---------------------------------------------------------------

    def _reached(self) -> dict[str, date]:
        """The first day on which each commune is inside the programme."""
        reached: dict[str, date] = {}
        steps = [(self.spec.starts_on, one.departements, one.epcis) for one in self.spec.territories]
        steps += [(one.on, tuple(one.departements), tuple(one.epcis)) for one in self.told.enlargements]
        for day, departements, epcis in steps:
            inside = Commune.objects.filter(until=None, departement__in=departements).values_list("pk", flat=True)
            members = Commune.objects.filter(until=None, epci__in=epcis).values_list("pk", flat=True)
            for code in [*inside, *members]:
                reached[code] = min(day, reached.get(code, day))
        return reached

    def _neighbours(self) -> dict[str, list[str]]:
        """The communes of the same EPCI as each place's."""
        epcis: dict[str, list[str]] = defaultdict(list)
        rows = Commune.objects.filter(pk__in=self.reached).order_by("pk").values_list("pk", "epci_id")
        by_commune = dict(rows)
        for code, epci in by_commune.items():
            epcis[epci or code].append(code)
        return {code: epcis[epci or code] for code, epci in by_commune.items()}

    def _shelves(self) -> dict[tuple[str, int], list[date]]:
        """For each prescriber and size, the day from which each booklet can be handed over."""
        shelves: dict[tuple[str, int], list[date]] = defaultdict(list)
        for parcel in self.told.deliveries:
            batch = self.told.batches[parcel.batch - 1]
            if batch.activated_on:
                usable = max(parcel.received_on, batch.activated_on) + timedelta(days=1)
                shelves[parcel.to, batch.size] += [usable] * (parcel.quantity - parcel.missing)
        return {shelf: sorted(days) for shelf, days in shelves.items()}

    # --- one person ------------------------------------------------------------------------------------------------

    def _path(self, day: date) -> Path:
        prescriber, size, day = self._booklet(day)
        venue = self._weighted({one: one.weight for one in self._open_venues(day)})
        identity = invented_person(self.rng, women=self.people.women, born=self.people.born, today=day)
        path = Path(
            character=Character(identity, prescriber),
            commune=self._home(venue, day),
            public=self._public(day),
            size=size,
            handed_on=day,
            in_two_parts=size > 1 and self.rng.random() < self.people.in_two_parts,
        )
        path.visits = self._visits(path, venue)
        if path.in_two_parts and len(path.visits) > size // 2:
            path.second_part_on = working_day(path.visits[size // 2 - 1].day + timedelta(days=1), self.closed)
        return path

    def _booklet(self, day: date) -> tuple[str, int, date]:
        """A prescriber and a size that it has, and the day it has it."""
        chances = {
            (prescriber, size): prescribers_share * sizes_share
            for prescriber, prescribers_share in self.people.prescribers.items()
            for size, sizes_share in self.people.sizes.items()
            if len(self.shelves.get((prescriber, int(size)), ())) > self.reserve
        }
        if not chances:
            raise StoryError(f"{self.spec.code}: fewer booklets are delivered than people are told")
        on_time = {key: weight for key, weight in chances.items() if self.shelves[key[0], int(key[1])][0] <= day}
        prescriber, size = self._weighted(on_time or chances)
        usable = self.shelves[prescriber, int(size)].pop(0)
        return prescriber, int(size), working_day(max(day, usable), self.closed)

    def _open_venues(self, day: date) -> list[VenueTold]:
        venues = self.world.story.told.venues
        return [
            venue
            for venue in venues
            if venue.operator in self.told.operators and self.reached.get(venue.commune, date.max) <= day
        ]

    def _home(self, venue: VenueTold, day: date) -> str:
        if self.rng.random() < AT_HOME:
            return self.rng.choice(venue.tour) if venue.tour else venue.commune
        near = [code for code in self.neighbours[venue.commune] if self.reached[code] <= day]
        return self.rng.choice(near)

    def _public(self, day: date) -> PublicSpec | None:
        open_now = {
            public: self.people.publics.get(public.code, 0)
            for public in self.spec.publics
            if (public.open_from or day) <= day <= (public.open_until or day)
        }
        return self._weighted(open_now) if any(open_now.values()) else None

    def _visits(self, path: Path, venue: VenueTold) -> list[Visit]:
        if self.rng.random() < self.people.never_come:
            return []
        services = {one: one.weight for one in self._offered(venue)}
        visits: list[Visit] = []
        left, day = path.size, path.handed_on + timedelta(days=self.rng.randint(*FIRST_VISIT_AFTER))
        while left > 0:
            day = working_day(day, self.closed)
            service = self._weighted(services)
            if service.price > left or day > self.world.story.calendar.today:
                break
            visits.append(Visit(day, venue, service))
            left -= service.price
            if self.rng.random() < self.people.give_up:
                break
            day += timedelta(days=self.rng.randint(*self.people.days_between))
        return visits

    def _offered(self, venue: VenueTold) -> Iterable[ServiceTold]:
        only = self.told.partly.get(venue.operator)
        return [service for service in self.told.services if only is None or service.code in only]

    def _choose_accidents(self, paths: list[Path]) -> None:
        losable = [path for path in paths if self._may_lose(path)]
        for path in self.rng.sample(losable, min(self.people.lost, len(losable))):
            path.lost_on = path.visits[2].day + timedelta(days=1)
            path.in_two_parts, path.second_part_on = False, None
        for path in self.rng.sample(paths, min(self.people.mistaken_hand_overs, len(paths))):
            path.mistaken = True

    def _may_lose(self, path: Path) -> bool:
        """A booklet begun and not used up, of a place on line, long enough ago for it to be replaced since."""
        if len(path.visits) < 3 or path.visits[0].venue.offline_days:
            return False
        used = sum(visit.service.price for visit in path.visits[:3])
        return used < path.size and path.visits[2].day + LONG_AGO < self.world.story.calendar.today

    def _weighted(self, weights: dict[Thing, int]) -> Thing:
        return self.rng.choices(list(weights), list(weights.values()))[0]
