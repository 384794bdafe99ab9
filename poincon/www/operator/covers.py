"""The money behind the passes of a programme, shown to every operator as promised (section "Money" of the domain)."""

from collections.abc import Iterable
from dataclasses import dataclass

from poincon.kernel.money import WHOLE_BP
from poincon.passes.cover import Cover, cover
from poincon.programmes.models import Programme
from poincon.www.base.parts import Tone


@dataclass(frozen=True)
class ShownCover:
    """What is recorded behind what is due or may become so. ``per_cent`` is None when nothing is engaged."""

    cover: Cover

    @property
    def per_cent(self) -> int | None:
        ratio = self.cover.ratio_bp
        return None if ratio is None else ratio * 100 // WHOLE_BP

    @property
    def tone(self) -> Tone:
        return Tone.GOOD if self.cover.holds() else Tone.BAD


def covers_of(programmes: Iterable[Programme]) -> dict[int, ShownCover]:
    """The cover of each programme that pays for passes. Three statements a programme."""
    return {one.pk: ShownCover(cover(one)) for one in programmes if one.unit_value}
