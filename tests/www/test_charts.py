"""A chart on a page: its table says the same, and leaves as a file."""

import pytest
from django.http import FileResponse, StreamingHttpResponse
from django.test import RequestFactory

from poincon.kernel.charts import Chart, Series, Unit
from poincon.www.base.charts import Bar, Bars, Share, chart_file
from poincon.www.templatetags.components import draw_bars, draw_chart, draw_shares

CHART = Chart("paye", "Payé", "Mois", ("mars", "avril"), (Series("payé", (120_000, None)),), unit=Unit.EUROS)


def asked(question: str) -> StreamingHttpResponse | FileResponse | None:
    answer = chart_file(RequestFactory().get(f"/?{question}"), [CHART])
    assert answer is None or isinstance(answer, StreamingHttpResponse)
    return answer


def test_the_table_of_a_chart_is_beside_it_in_words() -> None:
    page = draw_chart(CHART)
    assert "<svg" in page
    assert '<th scope="row" role="rowheader">mars</th>' in page
    assert 'data-label="payé">1\u202f200\xa0€</td>' in page
    assert "?graphique=paye&amp;format=xlsx" in page


def test_a_chart_without_figures_says_so() -> None:
    page = draw_chart(Chart("vide", "Vide", "Mois", ("mars",), (Series("payé", (0,)),)))
    assert "Pas encore de chiffres" in page
    assert "<svg" not in page


def test_the_figures_leave_as_they_are_kept() -> None:
    answer = asked("graphique=paye&format=csv")
    assert answer is not None
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[arg-type]  # not async
    assert lines == ["Mois;payé", "mars;1200,00", "avril;"]


def test_the_figures_leave_as_a_worksheet() -> None:
    answer = asked("graphique=paye&format=xlsx")
    assert isinstance(answer, FileResponse)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="paye.xlsx"'
    assert answer.file_to_stream is not None
    answer.file_to_stream.close()


@pytest.mark.parametrize("question", ["", "graphique=autre", "format=csv"])
def test_a_page_is_a_page_unless_one_of_its_charts_is_asked_for(question: str) -> None:
    assert asked(question) is None


def test_a_ranking_is_a_table_whose_bars_are_shares_of_the_largest() -> None:
    page = draw_bars(Bars("Stock", "Prescripteur", "Chéquiers", [Bar("CCAS", 40, "/ccas/"), Bar("MSA", 10)]))
    assert '<a href="/ccas/">CCAS</a>' in page
    assert 'width="25%"' in page
    assert draw_bars(Bars("Stock", "Prescripteur", "Chéquiers", []))


def test_shares_follow_one_another() -> None:
    page = draw_shares("Qui paie", [Share("Europe", 6000), Share("État", 1250), Share("Département", 2750)])
    assert 'x="60.00%" width="12.50%"' in page
    assert 'x="72.50%" width="27.50%"' in page
    assert "12,5\xa0%" in page
