"""The programme file (docs/programme-file.md): TOML in, ``ProgrammeSpec`` out, or every fault at once."""

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from poincon.kernel.money import WHOLE_BP
from poincon.kernel.refusals import Refusal
from poincon.programmes.checks import Problem, refuse, spec_problems
from poincon.programmes.enums import FunderKind, IdentityLevel
from poincon.programmes.spec import FundingSpec, LocalServiceSpec, ProgrammeSpec, PublicSpec, TerritorySpec
from poincon.programmes.tables import Table

NOT_READ = Refusal(
    "programmes.file_not_read",
    gettext_lazy("Le fichier « %(path)s » ne se lit pas."),
    gettext_lazy("Vérifiez son nom et l’endroit où il se trouve."),
)
NOT_TOML = Refusal(
    "programmes.file_not_toml",
    gettext_lazy("Ce n’est pas un fichier TOML : %(fault)s."),
    gettext_lazy("Corrigez cette ligne puis recommencez : rien n’a été enregistré."),
)
LARGEST_FILE = 1_000_000
TOO_LARGE = Refusal(
    "programmes.file_too_large",
    gettext_lazy("Ce fichier dépasse 1 Mo : ce n’est pas un fichier de dispositif."),
    gettext_lazy("Vérifiez que vous avez choisi le bon fichier."),
)


def read_programme(toml: bytes | Path) -> ProgrammeSpec:
    """The programme that a file describes (its content, or its path).

    Raises one refusal that lists every fault with its place; nothing is written, the database is not asked.
    """
    return read_values(_parsed(toml))


def read_values(values: dict[str, Any]) -> ProgrammeSpec:
    """The programme that the values of such a file describe. Raises as ``read_programme``.

    Numbers written with decimals are ``Decimal``.
    """
    problems: list[Problem] = []
    root = Table(values, problems)
    spec = _spec(root)
    root.finish()
    # A value that could not be read was replaced: what follows from the stand-in would only confuse.
    unread = {problem.where for problem in problems}
    problems += [problem for problem in spec_problems(spec) if not _follows(problem, unread)]
    refuse(problems)
    return spec


def _follows(problem: Problem, unread: set[str]) -> bool:
    dates = {"starts_on", "ends_on"}
    if problem.where in dates | {"people.evidence_until"}:
        return bool(unread & (dates | {problem.where}))
    if problem.where == "fundings":
        return any(place.startswith("[[fundings]]") for place in unread)
    return problem.where in unread


def _parsed(toml: bytes | Path) -> dict[str, Any]:
    try:
        content = toml.read_bytes() if isinstance(toml, Path) else toml
    except OSError:
        raise NOT_READ.filled(path=toml) from None
    if len(content) > LARGEST_FILE:
        raise TOO_LARGE.filled()
    try:
        return tomllib.loads(content.decode("utf-8-sig"), parse_float=Decimal)
    except UnicodeDecodeError as fault:
        raise NOT_TOML.filled(fault=_("caractère n° %(rank)d non UTF-8") % {"rank": fault.start + 1}) from None
    except tomllib.TOMLDecodeError as fault:
        raise NOT_TOML.filled(fault=fault) from None


def _spec(root: Table) -> ProgrammeSpec:
    presentation, passes, rules, people = (root.table(key) for key in ("presentation", "passes", "rules", "people"))
    spec = ProgrammeSpec(
        code=root.text("code", None),
        name=root.text("name", None),
        owner=root.text("owner", None),
        lead_network=root.text("lead_network"),
        starts_on=root.day("starts_on"),
        ends_on=root.day("ends_on"),
        time_zone=root.text("time_zone", ProgrammeSpec.time_zone),
        phone=presentation.text("phone"),
        referent=presentation.text("referent"),
        email=presentation.text("email"),
        ink_colour=presentation.text("ink_colour", ProgrammeSpec.ink_colour),
        accent_colour=presentation.text("accent_colour", ProgrammeSpec.accent_colour),
        logo_svg=presentation.text("logo_svg"),
        welcome_text=presentation.text("welcome_text"),
        uses_passes=passes.yes_no("uses_passes", default=True),
        unit_value=passes.hundredths("unit_value_euros", 0),
        unit_minutes=passes.whole("unit_minutes", 0),
        booklet_sizes=passes.wholes("booklet_sizes"),
        validity_months=passes.whole("validity_months", ProgrammeSpec.validity_months),
        grace_days=passes.whole("grace_days", ProgrammeSpec.grace_days),
        required_cover_bp=passes.hundredths("required_cover_percent", WHOLE_BP),
        max_passes_per_session=rules.whole_or_none("max_passes_per_session"),
        max_passes_per_day=rules.whole_or_none("max_passes_per_day"),
        max_passes_per_person=rules.whole_or_none("max_passes_per_person"),
        direct_use=rules.yes_no("direct_use", default=False),
        offline_max_days=rules.whole("offline_max_days", ProgrammeSpec.offline_max_days),
        offline_max_passes=rules.whole("offline_max_passes", ProgrammeSpec.offline_max_passes),
        prescriber_training_required=rules.yes_no("prescriber_training_required", default=False),
        mediator_training_required=rules.yes_no("mediator_training_required", default=False),
        services=rules.texts_or_none("services"),
        identity_level=people.choice("identity_level", IdentityLevel, IdentityLevel.ANONYMOUS),
        evidence_until=people.day_or_none("evidence_until"),
        territories=tuple(_territory(table) for table in root.tables("territories")),
        publics=tuple(_public(table) for table in root.tables("publics")),
        fundings=tuple(_funding(table) for table in root.tables("fundings")),
        local_services=tuple(_local_service(table) for table in root.tables("local_services")),
    )
    for table in (presentation, passes, rules, people):
        table.finish()
    return spec


def _territory(table: Table) -> TerritorySpec:
    spec = TerritorySpec(
        name=table.text("name", None),
        departements=table.texts("departements"),
        epcis=table.texts("epcis"),
        communes=table.texts("communes"),
    )
    table.finish()
    return spec


def _public(table: Table) -> PublicSpec:
    spec = PublicSpec(
        code=table.text("code", None),
        label=table.text("label", None),
        national_code=table.text("national_code"),
        proof=table.text("proof"),
        open_from=table.day_or_none("open_from"),
        open_until=table.day_or_none("open_until"),
    )
    table.finish()
    return spec


def _funding(table: Table) -> FundingSpec:
    spec = FundingSpec(
        funder=table.text("funder", None),
        kind=table.choice("kind", FunderKind),
        share_bp=table.hundredths("share_percent", None),
        reference=table.text("reference"),
        reporting_rules=table.text("reporting_rules"),
        evidence_until=table.day_or_none("evidence_until"),
    )
    table.finish()
    return spec


def _local_service(table: Table) -> LocalServiceSpec:
    spec = LocalServiceSpec(
        code=table.text("code", None), label=table.text("label", None), national=table.text("national", None)
    )
    table.finish()
    return spec
