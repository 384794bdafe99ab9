"""What people do: they get a booklet, come to sessions, lose it; mediators punch, sometimes off line."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from poincon.beneficiaries.services import open_case
from poincon.demo.paths import Path, Paths, Visit
from poincon.demo.scenario import ServiceTold, VenueTold
from poincon.demo.staging import Staging
from poincon.demo.timeline import Timeline
from poincon.demo.world import Character, Held, Punch, Stage, StoryError, World
from poincon.mediation.services import update_venue
from poincon.organisations.enums import Role
from poincon.passes import codes, positions
from poincon.passes.enums import BlockReason
from poincon.passes.ranges import find_booklet
from poincon.passes.rules import ScanRequest
from poincon.passes.services.annul import annul_own
from poincon.passes.services.block import block, replace
from poincon.passes.services.hand_over import cancel_hand_over, hand_over
from poincon.passes.services.redeem import redeem
from poincon.territories.models import Commune

#: How mediators present a pass: its own code, its number typed, or the cover.
PRESENTED = {"code": 55, "number": 25, "cover": 20}
REPLACED_AFTER = timedelta(days=6)
SYNC_HOUR = 18
UNSENT_AGAIN = 2


@dataclass
class Queue:
    """What a device off line has not sent yet."""

    requests: list[ScanRequest] = field(default_factory=list)
    characters: dict[str, Character] = field(default_factory=dict)


class Activity:
    """Plans and plays what the people of one programme do."""

    def __init__(self, world: World, timeline: Timeline, staging: Staging) -> None:
        self.world = world
        self.timeline = timeline
        self.staging = staging
        self.told = staging.told
        self.paths: list[Path] = []
        self.queues: dict[str, Queue] = {}
        self.tours: dict[str, int] = defaultdict(int)
        self.sessions_to_correct: set[tuple[str, date]] = set()

    @property
    def stage(self) -> Stage:
        return self.staging.stage

    def plan(self) -> None:
        """Draw the path of everybody, then plan hand-overs and sessions."""
        self.paths = Paths(self.world, self.told, self.staging.spec).draw()
        at = self.world.story.calendar.at
        for rank, path in enumerate(self.paths):
            hour, minute = 9 + rank % 8, self.world.rng.randrange(60)
            self.timeline.plan(at(path.handed_on, hour, minute), partial(self.hand, path))
            if path.second_part_on:
                self.timeline.plan(at(path.second_part_on, 9), partial(self.hand_rest, path))
            if path.lost_on:
                self.timeline.plan(at(path.lost_on, 9), partial(self.lose, path))
        self._plan_sessions()

    def _plan_sessions(self) -> None:
        sessions: dict[tuple[str, date], list[tuple[Path, Visit]]] = defaultdict(list)
        for path in self.paths:
            for visit in path.visits:
                sessions[visit.venue.name, visit.day].append((path, visit))
        keys = sorted(sessions)
        chosen = self.world.rng.sample(keys, min(self.told.annulments, len(keys)))
        self.sessions_to_correct = {key for key in chosen if not self.world.told_venue(key[0]).offline_days}
        for key in keys:
            hour = self.world.rng.choice([11, 16])
            moment = self.world.story.calendar.at(key[1], hour)
            self.timeline.plan(moment, partial(self.hold, key[0], sessions[key]))

    # --- booklets and people -------------------------------------------------------------------------------------

    def hand(self, path: Path, at: datetime) -> None:
        """A prescriber opens the file of a person and hands it a booklet, whole or the first half."""
        character = path.character
        character.case_file = open_case(
            by=self.world.agent(Role.PRESCRIBER, character.prescriber),
            programme=self.stage.programme,
            prescriber=self.world.organisations[character.prescriber],
            commune=Commune.objects.get(pk=path.commune),
            now=at,
            **character.identity.asked(self.stage.programme.identity_level),
            **self._entitlement(path, at.date()),
        )
        if path.mistaken:
            self._hand_wrongly(path, at)
        half = path.size // 2 if path.in_two_parts else None
        self._give(path, self._from_stock(path), at, half)
        self.stage.characters.append(character)

    def _entitlement(self, path: Path, day: date) -> dict[str, Any]:
        if path.public is None:
            return {}
        public = self.stage.programme.publics.get(code=path.public.code)
        if not public.proof:
            return {"public": public}
        proof_date = day - timedelta(days=self.world.rng.randint(1, 60))
        return {"public": public, "proof": public.proof, "proof_date": proof_date}

    def _from_stock(self, path: Path) -> Held:
        stock = self.stage.stock[path.character.prescriber, path.size]
        if not stock:
            raise StoryError(f"{path.character.prescriber} has no booklet of {path.size} passes left")
        return stock.pop(0)

    def _hand_wrongly(self, path: Path, at: datetime) -> None:
        """The number of another booklet was typed: seen at once, undone."""
        by = self.world.agent(Role.PRESCRIBER, path.character.prescriber)
        other = self._from_stock(path)
        given = hand_over(
            by=by,
            prescriber=self.world.organisations[path.character.prescriber],
            number=codes.written(other.number),
            case_file=path.character.case_file,
            now=at,
        )
        cancel_hand_over(by=by, hand_over=given, reason="Numéro d’un autre chéquier, tapé par erreur", now=at)
        self.stage.stock[path.character.prescriber, path.size].append(other)

    def _give(self, path: Path, held: Held, at: datetime, passes: int | None) -> None:
        character = path.character
        given = hand_over(
            by=self.world.agent(Role.PRESCRIBER, character.prescriber),
            prescriber=self.world.organisations[character.prescriber],
            number=codes.written(held.number),
            case_file=character.case_file,
            passes=passes,
            now=at,
        )
        character.booklet = held
        character.given += positions.positions_of(given.passes)

    def hand_rest(self, path: Path, at: datetime) -> None:
        """The person comes back for the second half."""
        if path.character.booklet is not None:
            self._give(path, path.character.booklet, at, None)

    def lose(self, path: Path, at: datetime) -> None:
        """The person lost its booklet: it is blocked at once, and replaced a few days later."""
        character = path.character
        if character.booklet is None or not character.unused or character.waiting:
            return
        number = codes.written(character.booklet.number)
        by = self.world.agent(Role.PRESCRIBER, character.prescriber)
        block(by=by, number=number, reason=BlockReason.LOST, note="Perdu dans les transports", now=at)
        character.blocked = True
        self.timeline.plan(at + REPLACED_AFTER, partial(self.replace, path, number))

    def replace(self, path: Path, number: str, at: datetime) -> None:
        """As many passes as were left, from another booklet of the prescriber's stock."""
        character, held = path.character, self._from_stock(path)
        lost = find_booklet(number)
        live = lost.hand_overs.filter(cancellation=None).order_by("id")
        character.booklet, character.given, character.used = held, [], []
        for part in [one for one in live if one.passes & ~lost.used]:
            given = replace(
                by=self.world.agent(Role.PRESCRIBER, character.prescriber),
                prescriber=self.world.organisations[character.prescriber],
                number=number,
                new_number=codes.written(held.number),
                hand_over=part,
                now=at,
            )
            character.given += positions.positions_of(given.passes)
        character.blocked = False

    # --- sessions ------------------------------------------------------------------------------------------------

    def hold(self, venue: str, visits: Sequence[tuple[Path, Visit]], at: datetime) -> None:
        """A session: each person present has a pass punched, one after the other."""
        told = self.world.told_venue(venue)
        self._travel(told)
        present = [(path.character, visit) for path, visit in visits if self._can_use(path.character, visit.service)]
        requests = [
            self._request(character, visit.service, venue, at + timedelta(minutes=rank))
            for rank, (character, visit) in enumerate(present)
        ]
        if not requests:
            return
        characters = {str(one.uuid): character for one, (character, _) in zip(requests, present, strict=True)}
        if told.offline_days:
            self._keep(told, requests, characters, at)
            return
        last = requests[-1].occurred_at
        self.punch(told.operator, requests, characters, last + timedelta(seconds=4))
        if (venue, at.date()) in self.sessions_to_correct:
            self._correct(told, requests[0], characters[str(requests[0].uuid)], last + timedelta(minutes=4))

    def _travel(self, venue: VenueTold) -> None:
        if not venue.tour:
            return
        stop = venue.tour[self.tours[venue.name] % len(venue.tour)]
        self.tours[venue.name] += 1
        moved = update_venue(
            by=self.world.agent(Role.OPERATOR_MANAGER, venue.operator),
            venue=self.world.venues[venue.name],
            commune=Commune.objects.get(pk=stop),
        )
        self.world.venues[venue.name] = moved

    def _can_use(self, character: Character, service: ServiceTold) -> bool:
        return not character.blocked and character.booklet is not None and len(character.unused) >= service.price

    def _request(self, character: Character, service: ServiceTold, venue: str, at: datetime) -> ScanRequest:
        offline = bool(self.world.told_venue(venue).offline_days)
        way = self.world.rng.choices(list(PRESENTED), list(PRESENTED.values()))[0]
        if offline:
            # Off line nobody knows which passes are left: each is presented by its own code.
            way = "code"
            character.waiting.append(character.unused[0])
        return ScanRequest(
            uuid=self.world.uuid(),
            presented=self._presented(character, way if service.price == 1 else "cover"),
            venue_id=self.world.venues[venue].pk,
            service=service.code,
            occurred_at=at,
        )

    def _presented(self, character: Character, way: str) -> str:
        held = character.booklet
        if held is None:
            raise StoryError("nothing to present")
        position = character.waiting[-1] if character.waiting else character.unused[0]
        if way == "number":
            return codes.written(held.number, position)
        return self.world.code(held, 0 if way == "cover" else position)

    def punch(
        self, operator: str, requests: Sequence[ScanRequest], characters: dict[str, Character], at: datetime
    ) -> list[dict[str, object]]:
        """Send scans as a device does, and remember what each person used."""
        verdicts = [json.loads(text) for text in redeem(requests, scanner=self.world.scanner(operator), now=at)]
        for request, verdict in zip(requests, verdicts, strict=True):
            character = characters[verdict["id"]]
            if verdict["outcome"] == "refused":
                self.world.surprises.append(f"{at:%Y-%m-%d} {operator}: {verdict['reason']}")
                continue
            if set(verdict["positions"]) <= set(character.used):
                continue
            character.used += verdict["positions"]
            self.stage.punches.append(Punch(request.uuid, character, verdict["positions"], at))
        return verdicts

    def _correct(self, told: VenueTold, request: ScanRequest, character: Character, at: datetime) -> None:
        """The mediator punched the wrong service: undone within minutes, punched again."""
        punched = next((one for one in self.stage.punches if one.uuid == request.uuid), None)
        if punched is None:
            return
        annul_own(scanner=self.world.scanner(told.operator), uuid=request.uuid, reason="Mauvais service choisi", now=at)
        self.stage.punches.remove(punched)
        character.used = [position for position in character.used if position not in punched.positions]
        again = ScanRequest(
            uuid=self.world.uuid(),
            presented=request.presented,
            venue_id=request.venue_id,
            service=request.service,
            occurred_at=at,
        )
        self.punch(told.operator, [again], {str(again.uuid): character}, at + timedelta(minutes=1))

    # --- off line ------------------------------------------------------------------------------------------------

    def _keep(
        self, told: VenueTold, requests: list[ScanRequest], characters: dict[str, Character], at: datetime
    ) -> None:
        queue = self.queues.get(told.name)
        if queue is None:
            queue = self.queues[told.name] = Queue()
            sync = self.world.story.calendar.at(at.date() + timedelta(days=told.offline_days), SYNC_HOUR)
            self.timeline.plan(sync, partial(self.send_queue, told))
        queue.requests += requests
        queue.characters |= characters

    def send_queue(self, told: VenueTold, at: datetime) -> None:
        """The network is back: everything leaves at once, the first scans twice, as a shaky network does."""
        queue = self.queues.pop(told.name)
        self.punch(told.operator, queue.requests, queue.characters, at)
        self.punch(told.operator, queue.requests[:UNSENT_AGAIN], queue.characters, at + timedelta(seconds=20))
        for character in queue.characters.values():
            character.waiting.clear()
