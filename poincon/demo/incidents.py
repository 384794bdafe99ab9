"""Scans that are refused: each kind of incident makes one, and must be refused for the reason that names it."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from poincon.demo.calendar import working_day
from poincon.demo.staging import Staging
from poincon.demo.timeline import Timeline
from poincon.demo.world import Character, Held, Stage, StoryError, World
from poincon.passes import codes, refusals
from poincon.passes.rules import ScanRequest
from poincon.passes.services.redeem import redeem
from poincon.programmes.models import Service

#: Hours of the day when something goes wrong.
HOURS = (10, 15)
#: An incident drawn on a Saturday happens on Monday, which must still be in the story.
WEEKEND = 3
ELSEWHERE = "HTTPS://EXAMPLE.ORG/PROMOTION"


class Incidents:
    """Plans and plays the incidents of one programme."""

    def __init__(self, world: World, timeline: Timeline, staging: Staging) -> None:
        self.world = world
        self.timeline = timeline
        self.staging = staging
        self.kinds: dict[str, Callable[[ScanRequest, Character], ScanRequest | None]] = {
            refusals.UNREADABLE.code: self._unreadable,
            refusals.WRONG_CHECK_CHARACTER.code: self._wrong_character,
            refusals.FORGED.code: self._forged,
            refusals.NOT_HANDED_OVER.code: self._not_handed_over,
            refusals.BLOCKED.code: self._blocked,
            refusals.INERT.code: self._inert,
            refusals.ALREADY_USED.code: self._already_used,
            refusals.ABOVE_PRICE.code: self._above_price,
            refusals.SERVICE_NOT_OFFERED.code: self._service_not_offered,
            refusals.SERVICE_OUTSIDE_PROGRAMME.code: self._service_outside,
            refusals.CLOCK_AHEAD.code: self._clock_ahead,
            refusals.TOO_LATE.code: self._too_late,
            refusals.PROGRAMME_SUSPENDED.code: self._suspended,
        }

    @property
    def stage(self) -> Stage:
        return self.staging.stage

    def plan(self) -> None:
        """Spread the incidents that the file counts over the second half of the story of the programme."""
        for kind, count in self.staging.told.incidents.items():
            if kind not in self.kinds:
                raise StoryError(f"no incident is called {kind}")
            for _ in range(count):
                self.timeline.plan(self._moment(kind), partial(self.play, kind))

    def _moment(self, kind: str) -> datetime:
        people, calendar = self.staging.told.people, self.world.story.calendar
        first = people.first_day + (calendar.today - people.first_day) / 2
        if kind == refusals.BLOCKED.code:
            # A lost booklet stays unreplaced for a few days only: try from the first day on.
            return calendar.at(people.first_day, HOURS[0], 30)
        if kind == refusals.PROGRAMME_SUSPENDED.code:
            suspension = self.staging.told.suspensions[0]
            return calendar.at(suspension.first_day + timedelta(days=3), self.world.rng.choice(HOURS), 30)
        day = first + timedelta(days=self.world.rng.randrange(max(1, (calendar.today - first).days - WEEKEND)))
        closed = [(one.first_day, one.last_day) for one in self.staging.told.suspensions]
        return calendar.at(working_day(day, closed), self.world.rng.choice(HOURS), 30)

    def play(self, kind: str, at: datetime) -> None:
        """Present what must be refused, and look that it is, for that reason; tomorrow if it cannot happen today."""
        found = self._somebody(kind)
        operator, request = self._ordinary(found, at) if found else ("", None)
        changed = self.kinds[kind](request, found) if request and found else None
        if changed is None:
            self.timeline.plan(at + timedelta(days=1), partial(self.play, kind))
            return
        (text,) = redeem([changed], scanner=self.world.scanner(operator), now=at)
        verdict = json.loads(text)
        if verdict["reason"] != kind:
            raise StoryError(f"on {at:%Y-%m-%d} the incident {kind} was answered {verdict['reason'] or 'accepted'}")
        self.world.refusals[kind] += 1

    def _somebody(self, kind: str) -> Character | None:
        """Somebody to whom this can happen: a blocked booklet, a used pass, or simply a pass left."""
        blocked = kind == refusals.BLOCKED.code
        used = kind == refusals.ALREADY_USED.code
        fitting = [
            one
            for one in self.stage.characters
            if one.booklet is not None
            and not one.waiting
            and one.blocked == blocked
            and (one.used if used else one.unused)
        ]
        return self.world.rng.choice(fitting) if fitting else None

    def _ordinary(self, character: Character, at: datetime) -> tuple[str, ScanRequest]:
        """What an operator of the programme would send for this person, if nothing was wrong."""
        venues = [one for one in self.world.story.told.venues if one.name in self.stage.published]
        # Neither on the road nor qualified for a part only: one thing goes wrong at a time.
        steady = [one for one in venues if not one.tour and one.operator not in self.staging.told.partly]
        venue, service = self.world.rng.choice(steady), self.staging.told.services[0]
        held, unused = _booklet(character), character.unused
        presented = self.world.code(held, unused[0]) if unused and service.price == 1 else self.world.code(held, 0)
        return venue.operator, ScanRequest(
            uuid=self.world.uuid(),
            presented=presented,
            venue_id=self.world.venues[venue.name].pk,
            service=service.code,
            occurred_at=at,
        )

    # --- what goes wrong -------------------------------------------------------------------------------------------

    def _unreadable(self, request: ScanRequest, _: Character) -> ScanRequest:
        return replace(request, presented=ELSEWHERE)

    def _wrong_character(self, request: ScanRequest, character: Character) -> ScanRequest:
        written = codes.written(_booklet(character).number)
        wrong = "A" if written[-1] != "A" else "B"
        return replace(request, presented=written[:-1] + wrong)

    def _forged(self, request: ScanRequest, character: Character) -> ScanRequest:
        code = self.world.code(_booklet(character), 0)
        wrong = "0" if code[-1] != "0" else "8"
        return replace(request, presented=code[:-1] + wrong)

    def _not_handed_over(self, request: ScanRequest, _: Character) -> ScanRequest | None:
        held = next((stock[-1] for stock in self.stage.stock.values() if stock), None)
        return replace(request, presented=codes.written(held.number)) if held else None

    def _blocked(self, request: ScanRequest, character: Character) -> ScanRequest:
        return replace(request, presented=codes.written(_booklet(character).number))

    def _inert(self, request: ScanRequest, _: Character) -> ScanRequest | None:
        told = self.staging.told.batches
        inert = [batch for batch, one in zip(self.stage.batches, told, strict=False) if one.activated_on is None]
        held = next((rows[0] for batch in inert if (rows := self.stage.unsent[batch.number])), None)
        return replace(request, presented=codes.written(held.number)) if held else None

    def _already_used(self, request: ScanRequest, character: Character) -> ScanRequest:
        return replace(request, presented=codes.written(_booklet(character).number, character.used[0]))

    def _above_price(self, request: ScanRequest, character: Character) -> ScanRequest:
        return replace(request, presented=codes.written(_booklet(character).number), passes=5)

    def _service_not_offered(self, request: ScanRequest, _: Character) -> ScanRequest | None:
        offered = {one.code for one in self.staging.told.services}
        others = Service.objects.filter(programme=None).exclude(code__in=offered).order_by("code")
        return replace(request, service=others[0].code)

    def _service_outside(self, request: ScanRequest, character: Character) -> ScanRequest | None:
        return self._service_not_offered(request, character)

    def _clock_ahead(self, request: ScanRequest, _: Character) -> ScanRequest:
        return replace(request, occurred_at=request.occurred_at + timedelta(days=2))

    def _too_late(self, request: ScanRequest, _: Character) -> ScanRequest:
        delay = timedelta(days=self.stage.programme.offline_max_days + 3)
        return replace(request, occurred_at=request.occurred_at - delay)

    def _suspended(self, request: ScanRequest, _: Character) -> ScanRequest:
        return request


def _booklet(character: Character) -> Held:
    if character.booklet is None:
        raise StoryError("nothing to present")
    return character.booklet
