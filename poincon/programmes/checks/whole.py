"""A whole programme: its territories, publics, fundings and services hold together."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from django.utils.translation import gettext as _

from poincon.kernel.money import WHOLE_BP
from poincon.programmes.catalogue import listed_publics, listed_services
from poincon.programmes.checks.problems import Problem, unreadable
from poincon.programmes.checks.settings import setting_problems
from poincon.programmes.enums import Catalogue, FunderKind, IdentityLevel
from poincon.programmes.spec import FundingSpec, LocalServiceSpec, ProgrammeSpec, PublicSpec, TerritorySpec

Row = TypeVar("Row")

_CODE = re.compile(r"[a-z0-9]+(?:[-_]+[a-z0-9]+)*")
_FORMATS = {
    "departements": (re.compile(r"\d{2,3}|2[AB]"), "23, 2A, 974"),
    "epcis": (re.compile(r"\d{9}"), "200044048"),
    "communes": (re.compile(r"\d{5}|2[AB]\d{3}"), "23096"),
}


def spec_problems(spec: ProgrammeSpec) -> list[Problem]:
    """What is wrong with a programme before the database is asked. Empty when all is well."""
    return [
        *_code_problems("code", spec.code, most=40),
        *([] if spec.owner.strip() else [Problem("owner", _("il manque."))]),
        *setting_problems({name: getattr(spec, name) for name in spec.__dataclass_fields__}),
        *_service_problems(spec),
        *_each("territories", spec.territories, territory_problems),
        *_twice("territories", "name", [territory.name for territory in spec.territories]),
        *_each("publics", spec.publics, public_problems),
        *_twice("publics", "code", [public.code for public in spec.publics]),
        *funding_problems(spec.fundings),
        *sharing_problems(spec.fundings, spec.identity_level),
        *_each("local_services", spec.local_services, local_service_problems),
        *_twice("local_services", "code", [service.code for service in spec.local_services]),
    ]


def public_problems(public: PublicSpec) -> Iterator[Problem]:
    """What is wrong with one public."""
    yield from unreadable(vars(public))
    yield from _code_problems("code", public.code, most=60)
    yield from _text_problems("label", public.label)
    if len(public.proof) > 200:
        yield Problem("proof", _("%(most)d caractères au plus.") % {"most": 200})
    if public.national_code and public.national_code not in {row.code for row in listed_publics()}:
        yield Problem(
            "national_code", _("« %(code)s » n’est pas un public de data·inclusion.") % {"code": public.national_code}
        )
    if public.open_from and public.open_until and public.open_until < public.open_from:
        yield Problem("open_until", _("la fin précède le début (open_from)."))


def territory_problems(territory: TerritorySpec) -> Iterator[Problem]:
    """What is wrong with one territory, before the national lists are asked."""
    yield from unreadable(vars(territory))
    yield from _text_problems("name", territory.name)
    if not (territory.departements or territory.epcis or territory.communes):
        yield Problem("communes", _("donnez des départements, des EPCI ou des communes."))
    for field, (pattern, example) in _FORMATS.items():
        for code in getattr(territory, field):
            if not pattern.fullmatch(code):
                yield Problem(
                    field,
                    _("« %(code)s » n’est pas un code ; par exemple %(example)s.") % {"code": code, "example": example},
                )


def funding_problems(fundings: Sequence[FundingSpec]) -> Iterator[Problem]:
    """What is wrong with each share, before the organisations are looked for."""
    yield from _each("fundings", fundings, _funding_problems)
    yield from _twice("fundings", "funder", [funding.funder for funding in fundings])


def _funding_problems(funding: FundingSpec) -> Iterator[Problem]:
    yield from unreadable(vars(funding))
    yield from _text_problems("funder", funding.funder)
    if funding.kind not in FunderKind.values:
        yield Problem("kind", _("choisissez parmi : %(choices)s.") % {"choices": ", ".join(FunderKind.values)})
    if not 0 < funding.share_bp <= WHOLE_BP:
        yield Problem("share_percent", _("une part va de 0,01 à 100."))
    if len(funding.reference) > 100:
        yield Problem("reference", _("%(most)d caractères au plus.") % {"most": 100})


def local_service_problems(service: LocalServiceSpec) -> Iterator[Problem]:
    """What is wrong with one local service."""
    yield from unreadable(vars(service))
    yield from _code_problems("code", service.code, most=100)
    yield from _text_problems("label", service.label)
    listed = {row.code: row for row in listed_services()}
    if service.code in listed:
        yield Problem(
            "code", _("« %(code)s » est déjà un service national : donnez un autre code.") % {"code": service.code}
        )
    if service.national not in listed or listed[service.national].catalogue is not Catalogue.NATIONAL:
        choices = ", ".join(row.code for row in listed_services() if row.catalogue is Catalogue.NATIONAL)
        yield Problem("national", _("choisissez parmi : %(choices)s.") % {"choices": choices})


def sharing_problems(fundings: Sequence[FundingSpec], identity_level: str) -> Iterator[Problem]:
    """What is wrong with all the shares together, and with what the funders ask of people."""
    total = sum(funding.share_bp for funding in fundings)
    if fundings and total != WHOLE_BP:
        yield Problem("fundings", _("les parts font %(total)s %% au lieu de 100 %%.") % {"total": f"{total / 100:g}"})
    asks_identity = any(funding.kind == FunderKind.ESF for funding in fundings)
    if asks_identity and identity_level != IdentityLevel.IDENTIFIED:
        yield Problem(
            "people.identity_level", _("le Fonds social européen demande des personnes identifiées (identified).")
        )


def _service_problems(spec: ProgrammeSpec) -> Iterator[Problem]:
    known = {row.code for row in listed_services()} | {service.code for service in spec.local_services}
    for code in spec.services or ():
        if code not in known:
            yield Problem(
                "rules.services", _("« %(code)s » n’est ni un service publié ni un service local.") % {"code": code}
            )
    if spec.services is not None and not spec.services:
        yield Problem("rules.services", _("la liste est vide : ôtez la clé pour admettre tous les services."))


def _each(table: str, rows: Iterable[Row], check: Callable[[Row], Iterator[Problem]]) -> Iterator[Problem]:
    for rank, row in enumerate(rows, 1):
        for problem in check(row):
            yield Problem(f"[[{table}]] n° {rank}, {problem.where}", problem.text)


def _twice(table: str, field: str, values: list[str]) -> Iterator[Problem]:
    for value, times in Counter(values).items():
        if times > 1 and value:
            yield Problem(
                f"[[{table}]], {field}", _("« %(value)s » y figure %(times)d fois.") % {"value": value, "times": times}
            )


def _code_problems(field: str, code: str, *, most: int) -> Iterator[Problem]:
    if not _CODE.fullmatch(code) or len(code) > most:
        text = _("un code s’écrit en minuscules sans accent, chiffres et tirets, %(most)d caractères au plus.")
        yield Problem(field, text % {"most": most})


def _text_problems(field: str, text: str, *, most: int = 200) -> Iterator[Problem]:
    if not text.strip():
        yield Problem(field, _("il manque."))
    if len(text) > most:
        yield Problem(field, _("%(most)d caractères au plus.") % {"most": most})
