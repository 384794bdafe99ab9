"""A declared list: what it searches, filters, sorts, cuts into pages and exports, and what it costs."""

import csv
import io
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from zipfile import ZipFile

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.test import RequestFactory
from pytest_django import DjangoAssertNumQueries

from poincon.kernel.refusals import Refusal
from poincon.organisations.models import Organisation
from poincon.www.base.listing import Column, Filters, Kind, Listing, words_in
from poincon.www.base.listing.page import ListPage
from poincon.www.base.parts import Empty, Tag, Tone
from tests.factories import make_organisation

pytestmark = pytest.mark.django_db

CREATED = datetime(2026, 3, 4, 23, 30, tzinfo=UTC)


class OrganisationFilters(Filters):
    prescrit = forms.BooleanField(label="Prescrit")
    depuis = forms.DateField(label="Depuis le")

    lookups = {"prescrit": "is_prescriber", "depuis": "created_at__date__gte"}


LISTING = Listing[Organisation](
    name="organisations",
    columns=(
        Column("nom", "Nom", "name", sort=("name",), link=lambda row: f"/organisations/{row.pk}/"),
        Column("commune", "Commune", "commune.name", sort=("commune__name",)),
        Column("montant", "Montant", lambda _: 123_450, kind=Kind.EUROS),
        Column("cree", "Créée le", "created_at", kind=Kind.MOMENT, sort=("created_at",)),
        Column("prescrit", "Prescrit", "is_prescriber", kind=Kind.YES_NO),
        Column("etat", "État", lambda _: Tag("ouverte", Tone.GOOD), kind=Kind.TAG),
        Column("boutons", "Boutons", lambda _: None, exported=False),
    ),
    order="nom",
    said=lambda total: f"{total} organisations",
    search=words_in("name", "siren__startswith"),
    filters=OrganisationFilters,
    per_page=2,
    empty=Empty("Aucune organisation", "Enregistrez la première."),
)


def asked(question: str = "", rows: Any = None) -> HttpResponseBase:
    request = RequestFactory().get(f"/organisations/?{question}")
    request.user = AnonymousUser()
    chosen = Organisation.objects.all() if rows is None else rows
    return LISTING.answer(request, chosen, "style/list.html")


def page(question: str = "") -> ListPage:
    request = RequestFactory().get(f"/organisations/?{question}")
    form = OrganisationFilters(request.GET)
    rows = LISTING.narrowed(Organisation.objects.all(), form, request.GET)
    return LISTING.page(request, LISTING.sorted(rows, request.GET.get("tri", "")), form)


def names(shown: ListPage) -> list[str]:
    return [line.row.name for line in shown.rows]


def make(*given: str, **fields: Any) -> None:
    for name in given:
        make_organisation(name=name, created_at=CREATED, **fields)


def content(response: HttpResponseBase) -> bytes:
    assert isinstance(response, StreamingHttpResponse)
    chunks: Iterable[bytes] = response.streaming_content  # type: ignore[assignment]  # these answers are not async
    whole = b"".join(chunks)
    # Closing the answer itself would close the connection of the test, as the end of a request does.
    if isinstance(response, FileResponse) and response.file_to_stream:
        response.file_to_stream.close()
    return whole


def test_a_list_is_sorted_as_declared_and_cut_into_pages() -> None:
    make("C", "A", "B")
    assert names(page()) == ["A", "B"]
    assert names(page("page=2")) == ["C"]
    assert page().pages.next_url == "?page=2"
    assert page("page=2").pages.next_url == ""


@pytest.mark.parametrize("number", ["0", "-3", "99", "deux", "9" * 40])
def test_a_page_that_does_not_exist_is_the_nearest_one(number: str) -> None:
    make("A")
    assert names(page(f"page={number}")) == ["A"]


def test_a_column_sorts_one_way_then_the_other() -> None:
    make("A", "B")
    assert names(page("tri=-nom")) == ["B", "A"]
    heading = page("tri=-nom").headings[0]
    assert (heading.direction, heading.url) == ("descending", "?tri=nom")
    assert page().headings[0].url == "?tri=-nom"


@pytest.mark.parametrize("order", ["inconnu", "-", "montant", "name", "nom; drop"])
def test_an_order_that_is_not_offered_is_the_first_one(order: str) -> None:
    make("B", "A")
    assert names(page(f"tri={order}")) == ["A", "B"]


def test_every_word_searched_is_found_somewhere() -> None:
    make("CCAS de Guéret", "CCAS d’Aubusson", "Mission locale de Guéret")
    assert names(page("q=ccas+guéret")) == ["CCAS de Guéret"]
    assert page("q=rien").total == 0


def test_a_search_is_taken_out_alone() -> None:
    assert page("q=creuse&prescrit=on&tri=nom&page=2").unsearched_url == "?prescrit=on&tri=nom"


def test_a_search_without_end_is_cut_short() -> None:
    make("A")
    # The whole of it would be a pattern that SQLite refuses.
    assert page(f"q={'x' * 60_000}").total == 0


def test_filters_narrow_and_are_said() -> None:
    make("Tiers-lieu")
    make("CCAS", is_prescriber=True)
    shown = page("prescrit=on&q=c&page=1")
    assert names(shown) == ["CCAS"]
    assert [(removable.filter.label, removable.filter.value) for removable in shown.active] == [("Prescrit", "")]
    assert shown.active[0].url == "?q=c"


def test_a_filter_that_is_not_understood_leaves_nothing_out_and_says_so() -> None:
    make("A")
    shown = page("depuis=hier")
    assert names(shown) == ["A"]
    assert shown.form is not None
    assert "depuis" in shown.form.errors


def test_a_page_costs_two_queries_whatever_the_rows(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with_communes = Organisation.objects.select_related("commune")
    make("A")
    with django_assert_num_queries(2):
        asked(rows=with_communes)
    make(*(f"Organisation {rank:03d}" for rank in range(60)))
    with django_assert_num_queries(2):
        asked(rows=with_communes)


def test_the_csv_file_holds_every_row_the_filters_keep() -> None:
    make("A", "B", "C", is_prescriber=True)
    make("Autre")
    response = asked("format=csv&prescrit=on&page=2")
    lines = list(csv.reader(io.StringIO(content(response).decode("utf-8-sig")), delimiter=";"))
    assert lines[0] == ["Nom", "Commune", "Montant", "Créée le", "Prescrit", "État"]
    assert lines[1] == ["A", "", "1234,50", "2026-03-05 00:30", "oui", "ouverte"]
    assert [line[0] for line in lines[1:]] == ["A", "B", "C"]
    assert response.headers["Content-Disposition"].startswith('attachment; filename="organisations-')


def test_a_name_that_a_spreadsheet_would_run_stays_a_name() -> None:
    make("=1+1", "+A", "-A", "@A")
    written = content(asked("format=csv")).decode()
    assert "'=1+1;" in written
    assert all(f"'{sign}A;" in written for sign in "+-@")
    sheet = ZipFile(io.BytesIO(content(asked("format=xlsx")))).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet


def test_the_xlsx_file_keeps_amounts_and_moments_as_such() -> None:
    make("A", is_prescriber=True)
    book = ZipFile(io.BytesIO(content(asked("format=xlsx"))))
    sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<v>1234.5</v>" in sheet
    # 5 March 2026, half past midnight in Paris, as spreadsheets count days.
    assert "<v>46086.0208333" in sheet
    assert "ouverte" in sheet


def test_an_export_streams_without_reading_all_first(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    make("A", "B", "C")
    with django_assert_num_queries(0):
        response = asked("format=csv", Organisation.objects.select_related("commune"))
    with django_assert_num_queries(1):
        content(response)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_nothing_is_exported_with_a_filter_that_is_not_understood(kind: str) -> None:
    make("A")
    with pytest.raises(Refusal) as refused:
        asked(f"format={kind}&depuis=hier")
    assert refused.value.code == "filter_not_understood"


def test_a_worksheet_that_cannot_hold_the_list_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("poincon.kernel.tables.MOST_WORKSHEET_ROWS", 2)
    make("A", "B")
    with pytest.raises(Refusal) as refused:
        asked("format=xlsx")
    assert refused.value.code == "too_many_rows"
    assert content(asked("format=csv")).decode().count("\n") == 3


def test_an_unknown_format_is_the_page() -> None:
    assert asked("format=pdf").headers["Content-Type"].startswith("text/html")
