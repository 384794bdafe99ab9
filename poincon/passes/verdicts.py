"""The answer to a scan, as the text that is sent, kept, and sent again byte for byte."""

import json
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from poincon.kernel.refusals import Refusal
from poincon.passes import codes, positions
from poincon.passes.rules import Acceptance, BookletState


def verdict(
    uuid: UUID | str,
    answer: Acceptance | Refusal,
    *,
    booklet: BookletState | None = None,
    left: int = 0,
    valid_until: date | None = None,
) -> str:
    """The JSON text of one verdict. ``left`` counts the passes handed over and unused after this scan."""
    about: dict[str, Any] | None = None
    if booklet is not None and valid_until is not None:
        about = {
            "number": codes.written(booklet.number),
            "size": booklet.size,
            "left": left,
            "valid_until": valid_until.isoformat(),
        }
    return json.dumps(
        {
            "id": str(uuid),
            **_answered(answer, left),
            "booklet": about,
            "positions": positions.positions_of(answer.passes) if isinstance(answer, Acceptance) else [],
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def _answered(answer: Acceptance | Refusal, left: int) -> dict[str, str | None]:
    if isinstance(answer, Acceptance):
        message = _("Accepté, reste %(left)s") % {"left": left}
        return {"outcome": "accepted", "reason": None, "message": message, "next_step": ""}
    return {
        "outcome": "refused",
        "reason": answer.code,
        "message": str(answer.sentence),
        "next_step": str(answer.next_step),
    }
