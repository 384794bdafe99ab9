"""What one operator did over some days, in passes, minutes and cents: annulled passes never count."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet, Sum

from poincon.passes.models import Redemption


@dataclass(frozen=True, slots=True)
class Activity:
    """Passes used that have something in common. ``value`` in cents; ``booklets`` counts who came, one each."""

    labels: tuple[str, ...]
    passes: int
    minutes: int
    value: int
    booklets: int


@dataclass(frozen=True, slots=True)
class Period:
    """The passes that an operator used between two days included, in some programmes."""

    operator_id: int
    programme_ids: Collection[int]
    first: date
    last: date

    def by_programme(self) -> dict[int, Activity]:
        """Its activity by programme id. One statement."""
        return {int(one.labels[0]): one for one in self._grouped("programme_id")}

    def by_day(self) -> dict[date, Activity]:
        """Its activity by day. One statement."""
        return {date.fromisoformat(one.labels[0]): one for one in self._grouped("day")}

    def by_venue_and_service(self) -> list[Activity]:
        """Its activity by venue and service, the names as labels. One statement."""
        return self._grouped("venue__name", "service__label")

    def by_mediator(self) -> list[Activity]:
        """Its activity by the person who punched, the name as label. One statement."""
        return self._grouped("scan__mediator__full_name")

    def _rows(self) -> QuerySet[Redemption]:
        return Redemption.objects.filter(
            operator=self.operator_id,
            programme__in=list(self.programme_ids),
            day__range=(self.first, self.last),
            annulment=None,
        )

    def _grouped(self, *names: str) -> list[Activity]:
        rows = self._rows().order_by(*names).values_list(*names)
        counted = rows.annotate(
            passes=Count("pk"),
            minutes_used=Sum("minutes"),
            worth=Sum("value"),
            people=Count("booklet", distinct=True),
        )
        width = len(names)
        return [Activity(tuple(str(label) for label in row[:width]), *map(int, row[width:])) for row in counted]
