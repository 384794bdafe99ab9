from datetime import date
from pathlib import Path

import pytest

from poincon.kernel.refusals import Refusal
from poincon.programmes.checks import Invalid
from poincon.programmes.enums import FunderKind, IdentityLevel
from poincon.programmes.specification import read_programme

EXAMPLE = Path(__file__).parent / "example.toml"


def faults(old: str, new: str) -> list[str]:
    """What is said of the example once ``old`` is replaced with ``new``."""
    text = EXAMPLE.read_text(encoding="utf-8")
    assert old in text
    with pytest.raises(Invalid) as refusal:
        read_programme(text.replace(old, new).encode())
    return [str(problem) for problem in refusal.value.problems]


def test_a_whole_file_is_read() -> None:
    spec = read_programme(EXAMPLE)
    assert (spec.code, spec.starts_on, spec.ends_on) == ("creuse-2019", date(2019, 11, 1), date(2021, 6, 30))
    assert (spec.unit_value, spec.unit_minutes, spec.booklet_sizes) == (1050, 120, (10, 5))
    assert (spec.required_cover_bp, spec.max_passes_per_day, spec.offline_max_days) == (10_000, 2, 7)
    assert spec.identity_level is IdentityLevel.IDENTIFIED
    assert spec.territories[0].departements == ("23",)
    assert [public.open_from for public in spec.publics] == [None, date(2020, 9, 1)]
    assert [(funding.kind, funding.share_bp) for funding in spec.fundings] == [
        (FunderKind.ESF, 6000),
        (FunderKind.STATE, 2000),
        (FunderKind.OWNER, 2000),
    ]


def test_what_is_left_out_has_a_default() -> None:
    spec = read_programme(
        b'code = "a"\nname = "A"\nowner = "B"\nstarts_on = 2026-01-01\nends_on = 2026-12-31\n'
        b"[passes]\nunit_minutes = 60\nbooklet_sizes = [10]\n"
    )
    assert (spec.services, spec.unit_value, spec.grace_days, spec.time_zone) == (None, 0, 30, "Europe/Paris")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('code = "creuse-2019"', "", "code : il manque."),
        ('code = "creuse-2019"', 'code = "Été"', "code : un code s’écrit"),
        ('owner = "Département', 'owner = "" #', "owner : il manque."),
        ("starts_on = 2019-11-01", 'starts_on = "1er novembre"', "starts_on : écrivez une date"),
        ("ends_on = 2021-06-30", "ends_on = 2018-06-30", "ends_on : la fin précède le début"),
        ("unit_value_euros = 10.50", "unit_value_euros = 10.505", "passes.unit_value_euros : écrivez un nombre"),
        ("unit_value_euros = 10.50", "unit_value_euros = true", "passes.unit_value_euros : écrivez un nombre"),
        ("unit_value_euros = 10.50", "unit_value_euros = -1", "passes.unit_value_euros : de 0 à 1000."),
        ("unit_value_euros = 10.50", "unit_value_euros = nan", "passes.unit_value_euros : écrivez un nombre"),
        ("unit_minutes = 120", "unit_minutes = 1.5", "passes.unit_minutes : écrivez un nombre entier"),
        ("[10, 5]", "[10, 61]", "passes.booklet_sizes : un chéquier compte de 1 à 60 pass."),
        ("[10, 5]", "[5, 5]", "passes.booklet_sizes : une taille y figure deux fois."),
        ("[10, 5]", '["10"]', "passes.booklet_sizes : écrivez une liste de nombres entiers"),
        ("max_passes_per_day = 2", "max_passes_per_day = 1001", "rules.max_passes_per_day : de 1 à 1000."),
        ("max_passes_per_session = 1", "max_passes_per_session = 3", "rules.max_passes_per_day : il ne peut être"),
        ("max_passes_per_day", "max_pass_per_day", "rules.max_pass_per_day : cette clé n’existe pas. Vouliez-vous"),
        ('"identified"', '"named"', "people.identity_level : choisissez parmi : anonymous, contact, identified."),
        ('"identified"', '"anonymous"', "people.identity_level : le Fonds social européen demande"),
        ('departements = ["23"]', "", "[[territories]] n° 1, communes : donnez des départements"),
        ('["23"]', '["Creuse"]', "[[territories]] n° 1, departements : « Creuse » n’est pas un code"),
        ('\ncode = "seniors"', '\ncode = "rsa"', "[[publics]], code : « rsa » y figure 2 fois."),
        ('"seniors"\nopen', '"vieux"\nopen', "[[publics]] n° 2, national_code : « vieux » n’est pas un public"),
        ("open_from = 2020", "open_until = 2020-01-01\nopen_from = 2020", "[[publics]] n° 2, open_until : la fin"),
        ("share_percent = 60", "share_percent = 50", "fundings : les parts font 90 % au lieu de 100 %."),
        ('kind = "state"', "", "[[fundings]] n° 2, kind : il manque."),
        ('funder = "État"', 'funder = "Union européenne"', "[[fundings]], funder : « Union européenne » y figure 2"),
        ('"maitrise-des', '"maitrise', "[[local_services]] n° 1, national : choisissez parmi"),
        ('services = ["aide', 'services = ["Aide', "rules.services : « Aide-aux-demarches-administratives » n’est"),
        ("[presentation]", '[presentation]\nink_colour = "#ffff00"', "presentation.ink_colour : trop claire"),
        ("[presentation]", '[presentation]\nink_colour = "bleu"', "presentation.ink_colour : une couleur s’écrit"),
        ("05 55 00 00 00", "05 55", "presentation.phone : Téléphone : « 05 55 » n’est pas"),
        ("evidence_until = 2026", "evidence_until = 2019", "people.evidence_until : les preuves se gardent"),
    ],
)
def test_each_fault_is_said_at_its_place(old: str, new: str, said: str) -> None:
    found = faults(old, new)
    assert len(found) == 1, found
    assert found[0].startswith(said)


def test_every_fault_is_said_at_once() -> None:
    text = EXAMPLE.read_text(encoding="utf-8").replace("10.50", '"dix"').replace("ends_on", "end_on")
    with pytest.raises(Invalid) as refusal:
        read_programme(text.replace("share_percent = 60", "share_percent = 61").encode())
    places = [problem.where for problem in refusal.value.problems]
    assert places == ["ends_on", "passes.unit_value_euros", "end_on", "fundings"]
    assert str(refusal.value).startswith("4 erreurs :")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"code = ", "file_not_toml"),
        (b"\xff\xfe", "file_not_toml"),
        (b"#" * 1_000_001, "file_too_large"),
        (Path("nowhere.toml"), "file_not_read"),
    ],
)
def test_what_is_not_a_programme_file_is_refused(content: bytes | Path, code: str) -> None:
    with pytest.raises(Refusal) as refusal:
        read_programme(content)
    assert refusal.value.code == f"programmes.{code}"


SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1">{}</svg>'


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        "<style>@import 'http://x'</style>",
        '<rect onclick="alert(1)"/>',
        '<image href="http://exemple.fr/a.png"/>',
        '<a href="javascript:alert(1)"/>',
        '<rect fill="url(http://exemple.fr)"/>',
        "<foreignObject/>",
        "<!DOCTYPE svg>",
    ],
)
def test_a_logo_runs_nothing_and_fetches_nothing(inside: str) -> None:
    drawn = SVG.format(inside).replace('"', "'")
    if drawn.count("<!DOCTYPE"):
        drawn = "<!DOCTYPE svg [<!ENTITY a 'b'>]>" + SVG.format("").replace('"', "'")
    found = faults("[presentation]", f'[presentation]\nlogo_svg = "{drawn}"')
    assert [fault.split(" : ")[0] for fault in found] == ["presentation.logo_svg"]


def test_a_plain_drawing_is_a_logo() -> None:
    drawn = SVG.format("<g><rect fill='url(#a)' width='1' height='1'/></g>").replace('"', "'")
    text = EXAMPLE.read_text(encoding="utf-8").replace("[presentation]", f'[presentation]\nlogo_svg = "{drawn}"')
    assert read_programme(text.encode()).logo_svg == drawn
