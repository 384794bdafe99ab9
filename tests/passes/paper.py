"""What the simple model of random lives knows: pieces of paper, and the lots they were ordered in."""

from dataclasses import dataclass, field

from poincon.kernel.refusals import Refusal
from poincon.passes import codes
from poincon.passes.models import Batch

SIZE = 4


@dataclass
class Paper:
    """What the model knows of one booklet: where it is, what it is worth, who was given what, what was used."""

    number: str
    holder: str = ""
    validity: str = "inert"
    in_transit: bool = False
    gone: str = ""
    given: list[set[int]] = field(default_factory=list)
    used: set[int] = field(default_factory=set)

    @property
    def handed(self) -> set[int]:
        return set().union(*self.given)

    @property
    def in_stock(self) -> bool:
        return bool(self.holder) and not self.in_transit and not self.gone and len(self.handed) < SIZE

    @property
    def whole(self) -> bool:
        return self.in_stock and not self.handed

    @property
    def custody(self) -> str:
        if self.gone or not self.holder:
            return self.gone or "ordered"
        return "transit" if self.in_transit else "stock" if len(self.handed) < SIZE else "person"

    @property
    def state(self) -> str:
        """In which column of the conservation its unused passes are counted."""
        return "destroyed" if self.gone == "destroyed" else self.validity

    def is_usable(self) -> bool:
        return self.validity == "active" and not self.gone


@dataclass
class Lot:
    batch: Batch
    papers: list[Paper]
    active: bool = False
    expired: bool = False
    cancelled: bool = False

    @property
    def printed(self) -> bool:
        return bool(self.papers[0].holder)

    def enter(self, printed: Batch) -> None:
        """The stock of the network, once printed."""
        assert printed.printed_at
        for paper in self.papers:
            paper.holder = "network"


def mask(positions: set[int]) -> int:
    return sum(1 << (position - 1) for position in positions)


def digits(number: str) -> int:
    return int(number.replace(" ", "")[:-1])


def lot_of(batch: Batch, holder: str = "", validity: str = "inert") -> Lot:
    """The model of a batch: its booklets, all alike."""
    numbers = batch.booklets.order_by("rank").values_list("number", flat=True)
    papers = [Paper(codes.written(number), holder, validity) for number in numbers]
    return Lot(batch, papers, active=validity == "active")


class maybe_refused:  # noqa: N801  reads as a sentence
    """The block must be refused (with this code, if one is given) if, and only if, the model says it is impossible."""

    def __init__(self, code: str, *, unless: bool) -> None:
        self.code, self.possible = code, unless

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> bool:
        if error is None:
            assert self.possible, "accepted, while the model refuses"
            return False
        if not isinstance(error, Refusal):
            return False
        assert not self.possible, f"refused ({error.code}), while the model accepts"
        assert self.code in {"", error.code}
        return True
