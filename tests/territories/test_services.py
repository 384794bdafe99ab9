"""Loads of small made-up editions: what changes from one to the next."""

from typing import Any

import pytest

from poincon.kernel.refusals import Refusal
from poincon.territories.dataset import Dataset
from poincon.territories.models import Commune, CommuneAlias, Epci
from poincon.territories.queries import communes_of_epci, resolve_commune, search_communes
from poincon.territories.services import LoadSummary, load_territories
from tests.territories.conftest import unheard

pytestmark = pytest.mark.django_db

Communes = list[tuple[str, str, str, int | None, str]]

EPCI_A, EPCI_B = "200000001", "200000002"
AUBE = ("01001", "Aube", EPCI_A, 100, "01000")
BRUME = ("01002", "Brume", EPCI_A, 200, "01000 01100")
CIRQUE = ("01003", "Le Cirque", EPCI_B, None, "01200")


def edition(year: int, communes: Communes, aliases: list[tuple[str, str, str, str]] | None = None) -> Dataset:
    def columns(fields: str, rows: list[tuple[Any, ...]]) -> dict[str, list[Any]]:
        return {field: [row[rank] for row in rows] for rank, field in enumerate(fields.split())}

    sirens = sorted({epci for _code, _name, epci, _population, _postal in communes if epci})
    return Dataset(
        year,
        {
            "regions": columns("code name", [("84", "Région")]),
            "departements": columns("code name region", [("01", "Département", "84")]),
            "epcis": columns("siren name kind", [(siren, f"CC {siren}", "CC") for siren in sirens]),
            "communes": columns(
                "code name departement epci population longitude latitude postal_codes",
                [(code, name, "01", epci, people, 5.0, 46.0, post) for code, name, epci, people, post in communes],
            ),
            "aliases": columns("code name kind commune", list(aliases or [])),
        },
    )


def load(data: Dataset) -> LoadSummary:
    return load_territories(progress=unheard, dataset=data)


def test_a_row_that_changes_is_updated_in_place() -> None:
    load(edition(2026, [AUBE, BRUME]))
    change = load(edition(2026, [("01001", "Aube-sur-Ain", EPCI_B, 150, "01300"), BRUME])).communes
    assert (change.created, change.updated, change.retired, change.unchanged) == (0, 1, 0, 1)
    commune = Commune.objects.get(pk="01001")
    assert (commune.name, commune.search_name, commune.population) == ("Aube-sur-Ain", "aube sur ain", 150)
    assert commune.epci_id == EPCI_B
    assert [postal.code for postal in commune.postal_codes.order_by("code")] == ["01300"]


def test_a_commune_that_leaves_the_list_is_kept_with_its_year() -> None:
    load(edition(2026, [AUBE, BRUME]))
    change = load(edition(2027, [BRUME])).communes
    assert (change.updated, change.retired) == (1, 1)
    aube = Commune.objects.get(pk="01001")
    assert (aube.edition, aube.until, aube.is_current) == (2026, 2027, False)
    assert list(communes_of_epci(EPCI_A)) == [Commune.objects.get(pk="01002")]


def test_a_retired_commune_is_no_longer_found_by_search() -> None:
    load(edition(2026, [AUBE, BRUME]))
    load(edition(2027, [BRUME]))
    assert [search_communes(text) for text in ("aube", "01001")] == [[], []]
    assert [result.code for result in search_communes("01000")] == ["01002"]


def test_a_merged_commune_leads_to_the_one_that_took_it_in() -> None:
    load(edition(2026, [AUBE, BRUME]))
    load(edition(2027, [BRUME], [("01001", "Aube", "deleguee", "01002")]))
    successor = resolve_commune("01001")
    assert successor is not None
    assert successor.code == "01002"
    assert [(result.code, result.via) for result in search_communes("aube")] == [("01002", "Aube")]
    assert [(result.code, result.via) for result in search_communes("01001")] == [("01002", "Aube")]


def test_a_commune_that_vanished_without_heir_resolves_to_itself() -> None:
    load(edition(2026, [AUBE, BRUME]))
    load(edition(2027, [BRUME]))
    gone = resolve_commune("01001")
    assert gone is not None
    assert gone.until == 2027


def test_a_commune_that_comes_back_is_current_again() -> None:
    load(edition(2026, [AUBE, BRUME]))
    load(edition(2027, [BRUME]))
    load(edition(2028, [AUBE, BRUME]))
    assert Commune.objects.get(pk="01001").is_current
    assert [result.code for result in search_communes("aube")] == ["01001"]


def test_a_retired_row_is_marked_once() -> None:
    load(edition(2026, [AUBE, BRUME]))
    load(edition(2027, [BRUME]))
    assert load(edition(2028, [BRUME])).communes.retired == 0
    assert Commune.objects.get(pk="01001").until == 2027


def test_an_epci_that_leaves_the_list_is_kept() -> None:
    load(edition(2026, [AUBE, CIRQUE]))
    assert load(edition(2027, [AUBE])).epcis.retired == 1
    assert Epci.objects.get(pk=EPCI_B).until == 2027


def test_an_older_edition_is_refused_and_changes_nothing() -> None:
    load(edition(2027, [AUBE]))
    with pytest.raises(Refusal, match=r"2027.*2026") as refused:
        load(edition(2026, [AUBE, BRUME]))
    assert refused.value.code == "territories.older_edition"
    assert Commune.objects.count() == 1


def test_a_load_that_fails_writes_nothing() -> None:
    def fail_at_end(done: int, total: int) -> None:
        if done == total:
            raise RuntimeError("interrupted")

    with pytest.raises(RuntimeError, match="interrupted"):
        load_territories(progress=fail_at_end, dataset=edition(2026, [AUBE]))
    assert not Commune.objects.exists()


def test_progress_grows_to_the_total() -> None:
    steps: list[tuple[int, int]] = []
    data = edition(2026, [AUBE, BRUME, CIRQUE], [("01900", "", "ancien_code", "01001")])
    load_territories(progress=lambda done, total: steps.append((done, total)), dataset=data)
    # 1 région, 1 département, 2 EPCI, 3 communes, 4 postal codes, 1 alias, and 4 keys: « le cirque » counts for two.
    assert {total for _done, total in steps} == {16}
    assert [done for done, _total in steps] == sorted({done for done, _total in steps})
    assert (steps[0][0], steps[-1][0]) == (0, 16)


def test_an_unknown_population_comes_last_and_stays_unknown() -> None:
    load(edition(2026, [("01004", "Cirque", EPCI_A, 5, "01200"), CIRQUE]))
    assert [result.population for result in search_communes("cirque")] == [5, None]


def test_a_former_code_without_name_is_found_by_code_only() -> None:
    load(edition(2026, [AUBE], [("01900", "", "ancien_code", "01001")]))
    assert [(result.code, result.via) for result in search_communes("01900")] == [("01001", "01900")]
    assert str(CommuneAlias.objects.get()) == "01900"
