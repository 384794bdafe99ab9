"""A form made of rows of the same kind (fundings, publics): as many as one wants, without script.

« Ajouter » and « Retirer » show the page again, everything typed still there; a row left empty does not count.
"""

from collections.abc import Mapping
from typing import Any

from django.forms.formsets import BaseFormSet, formset_factory
from django.http import QueryDict

from poincon.www.base.forms import HouseForm

#: What the buttons of the rows send; the rank of the row, to take it away.
ADD, TAKE_AWAY = "ajouter", "oter"
MOST_ROWS = 40
#: What a form keeps of a row: field → what was typed.
Row = dict[str, Any]


class Rows(BaseFormSet[Any]):
    """Rows typed; those left empty do not count."""

    def initial_form_count(self) -> int:
        # Once sent, every row may be left empty: it then does not count.
        return 0 if self.is_bound else super().initial_form_count()

    @property
    def kept(self) -> list[Any]:
        """The forms of the rows that count."""
        return [form for form in self.forms if form.has_changed()]

    @property
    def cleaned_rows(self) -> list[Row]:
        return [dict(form.cleaned_data) for form in self.kept]


def is_arranging(sent: QueryDict | Mapping[str, Any] | None) -> bool:
    """Whether a row is asked, or taken away: nothing is to be done yet, and what is missing is no fault."""
    return sent is not None and (ADD in sent or TAKE_AWAY in sent)


def rows_of(
    form: type[HouseForm],
    prefix: str,
    sent: QueryDict | Mapping[str, Any] | None,
    *,
    kept: list[Row],
    options: Mapping[str, Any] | None = None,
) -> Rows:
    """The rows of a form: those sent; else those ``kept``, with an empty one to begin when there is none.

    ``options`` are given to each form.
    """
    if sent is not None and not is_arranging(sent):
        return _made(form, extra=0)(sent, prefix=prefix, form_kwargs=dict(options or {}))
    shown = kept if sent is None else typed_rows(form, prefix, sent)
    more = 1 if not shown or (sent is not None and ADD in sent) else 0
    return _made(form, extra=more)(initial=shown, prefix=prefix, form_kwargs=dict(options or {}))


def _made(form: type[HouseForm], *, extra: int) -> type[Rows]:
    made: Any = formset_factory(form, formset=Rows, extra=extra, max_num=MOST_ROWS, absolute_max=MOST_ROWS)
    found: type[Rows] = made
    return found


def typed_rows(form: type[HouseForm], prefix: str, sent: QueryDict | Mapping[str, Any]) -> list[Row]:
    """The rows as they were typed, right or wrong; the one taken away and the empty ones are left out."""
    total = str(sent.get(f"{prefix}-TOTAL_FORMS", ""))
    ranks = range(min(int(total), MOST_ROWS)) if total.isdecimal() and len(total) < 4 else range(0)
    rows = [{name: sent.get(f"{prefix}-{rank}-{name}", "") for name in form.base_fields} for rank in ranks]
    gone = str(sent.get(TAKE_AWAY, ""))
    return [row for rank, row in enumerate(rows) if str(rank) != gone and any(row.values())]


def posted(prefix: str, rows: list[Row]) -> dict[str, Any]:
    """These rows as a browser would send them: to check again what a draft kept."""
    sent: dict[str, Any] = {f"{prefix}-TOTAL_FORMS": str(len(rows)), f"{prefix}-INITIAL_FORMS": "0"}
    for rank, row in enumerate(rows):
        sent |= {f"{prefix}-{rank}-{name}": value for name, value in row.items()}
    return sent
