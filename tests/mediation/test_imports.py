"""A network from a table: what is read, what is refused and where, what is written, and nothing before that."""

import io
from typing import Any

import pytest
import xlsxwriter
from django.conf import settings
from django.utils import translation

from poincon.kernel.models import AuditEntry
from poincon.kernel.refusals import Refusal
from poincon.mediation.imports import ignored_headings, read_network_file, read_network_rows, template_headings
from poincon.mediation.imports.columns import STANDARD_LEFT_OUT
from poincon.mediation.models import Venue
from poincon.mediation.services import ImportRefused, NetworkImport, import_network, preview_network
from poincon.organisations.enums import LegalForm, Role
from poincon.organisations.models import Invitation, Organisation
from tests.factories import (
    GUERET,
    NOW,
    Scheme,
    make_actor,
    make_commune,
    make_membership,
    make_organisation,
    make_scheme,
    siret,
)

STANDARD = (
    "id,pivot,nom,commune,code_postal,code_insee,adresse,latitude,longitude,telephone,courriels,itinerance,"
    "structure_parente,services\n"
)


def row(**cells: str) -> dict[str, str]:
    """A row of our own template."""
    names = {
        "organisation": "Organisation",
        "siret": "SIRET",
        "does": "Fait",
        "venue": "Lieu",
        "insee": "Code INSEE",
        "person": "Nom et prénom",
        "person_email": "Courriel de la personne",
        "role": "Rôle",
    }
    return dict.fromkeys(template_headings(), "") | {names.get(name, name): cell for name, cell in cells.items()}


# --- reading, without a database --------------------------------------------------------------------------------------


def test_a_row_says_an_organisation_a_place_and_a_person() -> None:
    number = siret()
    [read], problems = read_network_rows(
        [
            row(
                organisation="Tiers-lieu",
                siret=f"{number[:9]} {number[9:]}",
                venue="L’atelier",
                insee="1004",
                person="Ana",
                person_email="ANA@Exemple.fr",
                role="Responsable",
                Latitude="46,17",
                Longitude="1.87",
                Itinérant="oui",
                Téléphone="0555111111",
            )
        ]
    )
    assert problems == []
    assert (read.line, read.siret, read.insee_code, read.role) == (2, number, "01004", Role.OPERATOR_MANAGER)
    assert (read.latitude, read.itinerant, read.phone, read.person_email) == (
        46.17,
        True,
        "05 55 11 11 11",
        "ana@exemple.fr",
    )
    assert read.kinds == {"is_operator"}


def test_the_national_standard_is_read() -> None:
    number = siret()
    content = STANDARD + (
        f"x1,{number},Médiathèque,Guéret,23000,{GUERET},1 rue,46.17,1.87,+33555111111,a@b.fr|c@d.fr,Itinérant,Ville,y\n"
    )
    rows = read_network_file(content.encode())
    [read], problems = read_network_rows(rows)
    assert problems == []
    assert (read.organisation, read.venue, read.siret, read.email) == ("Ville", "Médiathèque", number, "a@b.fr")
    assert (read.phone, read.itinerant, read.insee_code) == ("05 55 11 11 11", True, GUERET)
    assert ignored_headings(rows[0]) == ()


def test_an_association_of_the_standard_gives_its_rna() -> None:
    content = "pivot,nom,code_insee\nW232000001,Le Fil,23096\n"
    [read], _ = read_network_rows(read_network_file(content.encode()))
    assert (read.rna, read.siret, read.organisation, read.legal_form) == ("W232000001", "", "Le Fil", "association")


@pytest.mark.parametrize(
    ("cells", "column", "said"),
    [
        ({"organisation": ""}, "Organisation", "manque"),
        ({"siret": "123"}, "SIRET", "« 123 » n’est pas un numéro SIRET"),
        ({"RNA": "X1"}, "RNA", "n’est pas un numéro"),
        ({"does": "cuisine"}, "Fait", "prescrit, opère"),
        ({"does": ""}, "Fait", "manque"),
        ({"Forme juridique": "club"}, "Forme juridique", "choisissez parmi"),
        ({"venue": "Bus"}, "Code INSEE", "manque"),
        ({"Itinérant": "parfois"}, "Itinérant", "oui ou non"),
        ({"Latitude": "nord"}, "Latitude", "degrés"),
        ({"Latitude": "91", "Longitude": "1"}, "Latitude", "90"),
        ({"Latitude": "46"}, "Longitude", "manque"),
        ({"Latitude": "nan", "Longitude": "1"}, "Latitude", "90"),
        ({"Téléphone": "12"}, "Téléphone", "téléphone"),
        ({"Courriel": "x"}, "Courriel", "courriel"),
        ({"person": "Ana"}, "Courriel de la personne", "manque"),
        ({"person": "Ana", "person_email": "a@b.fr"}, "Rôle", "manque"),
        ({"person_email": "a@b.fr", "role": "médiateur"}, "Nom et prénom", "manque"),
        ({"role": "comptable"}, "Rôle", "prescripteur"),
        ({"Adresse": "x" * 201}, "Adresse", "200"),
        ({"Adresse": "a\0b"}, "Adresse", "caractère"),
    ],
)
def test_a_fault_is_said_at_its_row_and_column(cells: dict[str, str], column: str, said: str) -> None:
    read, problems = read_network_rows([row(), row(**({"organisation": "A", "does": "opère"} | cells))])
    assert read == []
    assert [(problem.line, problem.column) for problem in problems] == [(3, column)]
    assert said in problems[0].text


def test_every_fault_of_a_row_is_said() -> None:
    _, problems = read_network_rows([row(organisation="A", siret="1", Courriel="x")])
    assert {problem.column for problem in problems} == {"SIRET", "Courriel", "Fait"}


@pytest.mark.parametrize(
    ("number", "form"),
    [("1", LegalForm.PUBLIC_BODY), ("2", LegalForm.LOCAL_AUTHORITY), ("8", LegalForm.OTHER)],
)
def test_the_legal_form_follows_from_the_number(number: str, form: LegalForm) -> None:
    numbers = {"1": "13002526500013", "2": "22230001400016", "8": siret()}
    [read], problems = read_network_rows([row(organisation="A", does="opère", siret=numbers[number])])
    assert (problems, read.legal_form) == ([], form)


def test_a_table_of_something_else_is_refused_at_once() -> None:
    with pytest.raises(Refusal, match="Ce tableau a pour colonnes : Jour, Montant") as refused:
        read_network_file(b"Jour;Montant\n1;2\n")
    assert refused.value.code == "mediation.table_of_something_else"
    assert read_network_file(b"nom;commune\nLa Navette;Ahun\n")


def test_a_mistyped_heading_is_shown() -> None:
    assert ignored_headings(["Organisation", "Téléfone", *STANDARD_LEFT_OUT]) == ("Téléfone",)


# --- files ------------------------------------------------------------------------------------------------------------


def workbook(lines: list[list[Any]]) -> bytes:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet()
    for rank, line in enumerate(lines):
        sheet.write_row(rank, 0, line)
    book.close()
    return file.getvalue()


def test_a_workbook_keeps_its_numbers() -> None:
    number = siret()
    rows = read_network_file(workbook([["Organisation", "SIRET", "Code INSEE"], ["A", int(number), 23096]]))
    assert rows == [{"Organisation": "A", "SIRET": number, "Code INSEE": "23096"}]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_file_of_a_french_spreadsheet_is_read(encoding: str) -> None:
    assert read_network_file("Organisation;Fait\r\nÉcole;opère\r\n\r\n".encode(encoding)) == [
        {"Organisation": "École", "Fait": "opère"}
    ]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "tables.no_row"),
        (b"Organisation\n", "tables.no_row"),
        (b"a;a\n1;2\n", "tables.heading_twice"),
        (b"\x00\x01\x02", "tables.not_a_table"),
        (b"PK\x05\x06" + bytes(18), "tables.not_a_table"),
        (b"x" * 5_000_001, "tables.too_large"),
        (b"a\n" + b"1\n" * 2001, "tables.too_many_rows"),
        (b'a\n"' + b"x" * 200_000, "tables.not_a_table"),
    ],
    ids=["empty", "headings", "twice", "binary", "archive", "large", "long", "endless"],
)
def test_what_is_no_table_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(Refusal) as refusal:
        read_network_file(content)
    assert refusal.value.code == code


# --- the database -----------------------------------------------------------------------------------------------------


@pytest.fixture
def scheme(db: None) -> Scheme:
    return make_scheme()


def table() -> list[dict[str, str]]:
    number = siret()
    return [
        row(
            organisation="CCAS",
            siret=siret(),
            does="prescrit",
            insee=GUERET,
            person="Paul",
            person_email="p@b.fr",
            role="prescripteur",
        ),
        row(organisation="Le Fil", siret=number, venue="Bus", insee=GUERET),
        row(
            organisation="Le Fil",
            siret=number,
            venue="Salle",
            insee=GUERET,
            person="Ana",
            person_email="a@b.fr",
            role="responsable",
        ),
    ]


def counts(done: NetworkImport) -> tuple[int, int, int]:
    return len(done.organisations), len(done.venues), len(done.invitations)


def test_a_preview_writes_nothing(scheme: Scheme) -> None:
    before = (Organisation.objects.count(), Venue.objects.count(), AuditEntry.objects.count())
    seen = preview_network(by=scheme.actor(Role.COORDINATOR), programme=scheme.programme, rows=table(), now=NOW)
    assert (counts(seen), seen.problems) == ((2, 2, 2), [])
    assert (Organisation.objects.count(), Venue.objects.count(), AuditEntry.objects.count()) == before
    assert not Invitation.objects.exists()


def test_what_was_seen_is_what_is_written_and_twice_changes_nothing(scheme: Scheme) -> None:
    by, rows = scheme.actor(Role.COORDINATOR), table()
    done = import_network(by=by, programme=scheme.programme, rows=rows, now=NOW)
    assert counts(done) == (2, 2, 2)
    prescriber, manager = Invitation.objects.order_by("pk")
    assert (prescriber.programme, prescriber.organisation and prescriber.organisation.name) == (
        scheme.programme,
        "CCAS",
    )
    assert (manager.programme, manager.welcomed_in) == (None, scheme.programme)
    again = import_network(by=by, programme=scheme.programme, rows=rows, now=NOW)
    assert (counts(again), again.known) == ((0, 0, 0), 3)
    assert AuditEntry.objects.filter(action="mediation.import_network").count() == 2


def test_one_wrong_row_and_nothing_is_written(scheme: Scheme) -> None:
    rows = [*table(), row(organisation="Loin", siret=siret(), venue="Bus", insee="99999"), row(organisation="B")]
    with pytest.raises(ImportRefused) as refusal:
        import_network(by=scheme.actor(Role.COORDINATOR), programme=scheme.programme, rows=rows, now=NOW)
    assert [problem.line for problem in refusal.value.problems] == [5, 6]
    assert "99999" in str(refusal.value)
    assert not Organisation.objects.filter(name="Le Fil").exists()


def test_what_the_rules_refuse_is_said_at_its_row(scheme: Scheme) -> None:
    make_membership(Role.OPERATOR_MANAGER, scheme.operator)
    make_organisation(name="Double")
    make_organisation(name="Double")
    rows = [
        row(
            organisation=scheme.operator.name,
            siret=scheme.operator.siret,
            person="Léa",
            person_email="l@b.fr",
            role="médiatrice",
        ),
        row(organisation="Double", does="opère"),
        row(organisation=scheme.prescriber.name, siret=scheme.prescriber.siret, venue="Bus", insee=GUERET),
        row(organisation="Financeur", siret=siret(), does="finance"),
    ]
    seen = preview_network(by=scheme.actor(Role.COORDINATOR), programme=scheme.programme, rows=rows, now=NOW)
    assert [problem.line for problem in seen.problems] == [2, 3, 4, 5]
    assert "droit" in seen.problems[0].text
    assert "plusieurs" in seen.problems[1].text
    assert "opérateur" in seen.problems[2].text
    assert "droit" in seen.problems[3].text


def test_a_town_is_found_by_its_name_and_postal_code(scheme: Scheme) -> None:
    make_commune(GUERET)
    rows = [row(organisation="A", siret=siret(), venue="Bus", Commune="Nulle part", **{"Code postal": "23000"})]
    seen = preview_network(by=scheme.actor(Role.COORDINATOR), programme=scheme.programme, rows=rows, now=NOW)
    assert "23000 Nulle part" in seen.problems[0].text


def test_who_may_bring_a_network_in(scheme: Scheme) -> None:
    others = (
        scheme.actor(Role.ACCOUNTANT),
        scheme.actor(Role.OPERATOR_MANAGER),
        make_actor(Role.COORDINATOR, make_organisation(is_coordinator=True)),
    )
    for verb in (preview_network, import_network):
        for by in others:
            with pytest.raises(Refusal, match="droit"):
                verb(by=by, programme=scheme.programme, rows=table(), now=NOW)
        verb(by=scheme.actor(Role.FUNDER), programme=scheme.programme, rows=[], now=NOW)


# --- in another language ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_the_template_is_in_the_language_of_the_page_and_read_in_any(language: str) -> None:
    with translation.override(language):
        headings = template_headings()
        kind, role, yes = {"fr": ("prescrit", "prescripteur", "oui"), "en": ("prescribes", "prescriber", "yes")}[
            language
        ]
        form = str(LegalForm.ASSOCIATION.label)
    assert len(set(headings)) == len(headings)
    assert ignored_headings(headings) == ()
    cells = (
        "CCAS",
        form,
        siret(),
        "",
        kind,
        "Salle",
        yes,
        "",
        GUERET,
        "",
        "",
        "",
        "",
        "",
        "",
        "Ada",
        "ada@exemple.fr",
        role,
    )
    [read], problems = read_network_rows([dict(zip(headings, cells, strict=True))])
    assert problems == []
    assert (read.organisation, read.legal_form, read.venue, read.itinerant) == (
        "CCAS",
        LegalForm.ASSOCIATION,
        "Salle",
        True,
    )
    assert (read.kinds, read.role, read.person) == (frozenset({"is_prescriber"}), Role.PRESCRIBER, "Ada")


def test_a_fault_names_the_heading_in_the_language_of_the_page() -> None:
    with translation.override("en"):
        _read, [problem] = read_network_rows(
            [dict.fromkeys(template_headings(), "") | {"Does": "chante", "Organisation": "A"}]
        )
    assert problem.column == "Does"
    assert "write prescribes" in problem.text
