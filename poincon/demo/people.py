"""Invented people: names that many bear, put together at random; nobody in particular."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from random import Random
from typing import Any

from poincon.beneficiaries.enums import Gender, Situation
from poincon.demo.stories import SCENARIOS
from poincon.programmes.enums import IdentityLevel

NAMES = SCENARIOS / "names.toml"
RETIREMENT = 64


@dataclass(frozen=True)
class Identity:
    """What somebody tells a prescriber."""

    first_name: str
    last_name: str
    birth_date: date
    gender: Gender
    situation: Situation
    phone: str

    def asked(self, level: str) -> dict[str, Any]:
        """What a programme of this level asks, and no more."""
        told: dict[str, Any] = {"gender": self.gender, "situation": self.situation}
        if level == IdentityLevel.ANONYMOUS:
            return told | {"birth_year": self.birth_date.year}
        if level == IdentityLevel.CONTACT:
            return told | {"first_name": self.first_name, "phone": self.phone, "birth_year": self.birth_date.year}
        return told | {
            "first_name": self.first_name,
            "last_name": self.last_name,
            "birth_date": self.birth_date,
            "phone": self.phone,
        }


@cache
def _names() -> dict[str, list[str]]:
    return tomllib.loads(NAMES.read_text(encoding="utf-8"))


def invented_name(rng: Random, gender: Gender) -> tuple[str, str]:
    """A first name and a last name."""
    firsts = _names()["women" if gender is Gender.FEMALE else "men"]
    return rng.choice(firsts), rng.choice(_names()["families"])


def invented_phone(rng: Random) -> str:
    """A number of the range that the regulator keeps for fiction (ARCEP: 06 39 98 00 00 to 06 39 98 99 99)."""
    number = f"{rng.randrange(10_000):04d}"
    return f"06 39 98 {number[:2]} {number[2:]}"


def invented_person(rng: Random, *, women: float, born: tuple[int, int], today: date) -> Identity:
    """Somebody, with an age and a situation that go together."""
    gender = Gender.FEMALE if rng.random() < women else Gender.MALE
    first_name, last_name = invented_name(rng, gender)
    birth_date = date(rng.randint(*born), rng.randint(1, 12), rng.randint(1, 28))
    age = today.year - birth_date.year
    working = rng.choices([Situation.UNEMPLOYED, Situation.EMPLOYED, Situation.NOT_STATED], [6, 3, 1])[0]
    return Identity(
        first_name=first_name,
        last_name=last_name,
        birth_date=birth_date,
        gender=gender,
        situation=Situation.RETIRED if age >= RETIREMENT else working,
        phone=invented_phone(rng),
    )
