"""What the simple model of random lives knows: pieces of paper, and the lots they were ordered in."""

from dataclasses import dataclass, field

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

    @property
    def printed(self) -> bool:
        return bool(self.papers[0].holder)
