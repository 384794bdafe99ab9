"""The rules of a programme, said in plain French: the same sentences before it is created and once it runs."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Protocol

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from poincon.kernel.documents.french import count
from poincon.kernel.money import euros
from poincon.programmes.enums import IdentityLevel
from poincon.www.templatetags.humane import percent, short_day


class Rules(Protocol):
    """What the sentences read: a ``ProgrammeSpec`` or a ``Programme``."""

    @property
    def uses_passes(self) -> bool: ...
    @property
    def unit_value(self) -> int: ...
    @property
    def unit_minutes(self) -> int: ...
    @property
    def booklet_sizes(self) -> Sequence[int]: ...
    @property
    def identity_level(self) -> str: ...
    @property
    def validity_months(self) -> int: ...
    @property
    def grace_days(self) -> int: ...
    @property
    def required_cover_bp(self) -> int: ...
    @property
    def max_passes_per_session(self) -> int | None: ...
    @property
    def max_passes_per_day(self) -> int | None: ...
    @property
    def max_passes_per_person(self) -> int | None: ...
    @property
    def direct_use(self) -> bool: ...
    @property
    def offline_max_days(self) -> int: ...
    @property
    def offline_max_passes(self) -> int: ...
    @property
    def prescriber_training_required(self) -> bool: ...
    @property
    def mediator_training_required(self) -> bool: ...
    @property
    def evidence_until(self) -> date | None: ...


def about_passes(rules: Rules) -> Iterator[str]:
    """What a pass is worth, how many there are in a booklet, until when."""
    if not rules.uses_passes:
        yield _(
            "Le dispositif n’a pas de pass : les séances sont gratuites et l’on compte les séances et les personnes."
        )
        return
    yield _worth(rules)
    yield _("Les chéquiers comptent %(sizes)s pass.") % {"sizes": _either(rules.booklet_sizes)}
    yield _valid(rules)
    # A right to time costs no money: nothing has to stand behind it.
    if rules.unit_value:
        yield _cover(rules)


def about_ceilings(rules: Rules) -> Iterator[str]:
    """How many passes may be used at once, in a day, in all."""
    if not rules.uses_passes:
        yield _("Sans pass, il n’y a rien à limiter.")
        return
    if rules.max_passes_per_session is None:
        yield _("Une séance coûte le prix que le lieu a publié, et pas plus.")
    else:
        yield _passes(rules.max_passes_per_session, _("par séance"))
    yield _passes(rules.max_passes_per_day, _("par personne et par jour"))
    yield _passes(rules.max_passes_per_person, _("par personne sur toute la durée du dispositif"))


def about_people(rules: Rules) -> Iterator[str]:
    """What is asked of people, and how long proofs are kept."""
    yield {
        IdentityLevel.ANONYMOUS.value: _(
            "On ne demande pas le nom des personnes : commune, année de naissance, genre, situation suffisent."
        ),
        IdentityLevel.CONTACT.value: _("On demande le prénom et un téléphone, pour pouvoir rappeler la personne."),
        IdentityLevel.IDENTIFIED.value: _(
            "On demande l’identité complète : le Fonds social européen l’exige pour rembourser."
        ),
    }.get(str(rules.identity_level), "")
    if rules.evidence_until is None:
        yield _("Aucune date de conservation des preuves n’est fixée.")
    else:
        yield _("Les preuves se gardent jusqu’au %(day)s.") % {"day": short_day(rules.evidence_until)}


def about_field(rules: Rules) -> Iterator[str]:
    """What happens in the places: trainings, direct use, without network."""
    if not rules.uses_passes:
        yield _("Sans pass, rien ne se remet ni ne se poinçonne.")
        return
    yield (
        _("Un prescripteur suit la formation avant de remettre son premier chéquier.")
        if rules.prescriber_training_required
        else _("Un prescripteur remet des chéquiers sans formation obligatoire.")
    )
    yield (
        _("Un médiateur suit la formation avant de poinçonner.")
        if rules.mediator_training_required
        else _("Un médiateur poinçonne sans formation obligatoire.")
    )
    yield (
        _("Un lieu qui prescrit aussi peut poinçonner un chéquier de son stock sans l’avoir remis d’abord.")
        if rules.direct_use
        else _("Un chéquier se remet à une personne avant d’être poinçonné.")
    )
    yield _said(
        _("Sans réseau, un appareil garde ses poinçons %(days)s et %(passes)s pass au plus."),
        days=_days(rules.offline_max_days),
        passes=count(rules.offline_max_passes),
    )


def _valid(rules: Rules) -> str:
    months, words = rules.validity_months, {"months": count(rules.validity_months), "days": _days(rules.grace_days)}
    told = (
        ngettext(
            "Un pass est valable %(months)s mois, puis %(days)s de tolérance.",
            "Un pass est valable %(months)s mois, puis %(days)s de tolérance.",
            months,
        )
        if rules.grace_days
        else ngettext(
            "Un pass est valable %(months)s mois, sans tolérance ensuite.",
            "Un pass est valable %(months)s mois, sans tolérance ensuite.",
            months,
        )
    )
    return told % words


def _worth(rules: Rules) -> str:
    value, length = euros(rules.unit_value), _length(rules.unit_minutes)
    if rules.unit_value and rules.unit_minutes:
        return _("Un pass vaut %(value)s pour l’opérateur et ouvre %(length)s.") % {"value": value, "length": length}
    if rules.unit_value:
        return _("Un pass vaut %(value)s pour l’opérateur.") % {"value": value}
    return _("Un pass ouvre %(length)s ; il ne vaut pas d’argent.") % {"length": length}


def _length(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("%(n)s minutes") % {"n": rest}
    said = ngettext("%(n)s heure", "%(n)s heures", hours) % {"n": hours}
    return f"{said} {rest:02d}" if rest else said


def _cover(rules: Rules) -> str:
    if not rules.required_cover_bp:
        return _("Un lot s’active sans que de l’argent soit inscrit : la couverture n’est pas exigée.")
    words = {"percent": percent(rules.required_cover_bp)}
    return _("Un lot ne s’active que si l’argent inscrit couvre %(percent)s des pass en circulation.") % words


def _passes(ceiling: int | None, scope: str) -> str:
    if ceiling is None:
        return _("Pas de plafond %(scope)s.") % {"scope": scope}
    words = ngettext("%(n)s pass au plus %(scope)s.", "%(n)s pass au plus %(scope)s.", ceiling)
    return words % {"n": count(ceiling), "scope": scope}


def _either(sizes: Sequence[int]) -> str:
    written = [str(size) for size in sizes]
    if len(written) < 2:
        return "".join(written)
    return _("%(some)s ou %(last)s") % {"some": ", ".join(written[:-1]), "last": written[-1]}


def _days(days: int) -> str:
    return ngettext("%(n)s jour", "%(n)s jours", days) % {"n": count(days)}


def _said(sentence: str, **words: object) -> str:
    return sentence % words
