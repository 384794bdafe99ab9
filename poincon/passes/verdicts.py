"""The answer to a scan, as the text that is sent, kept, and sent again byte for byte."""

import json
from datetime import date
from typing import Any
from uuid import UUID

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
    """The JSON text of one verdict. ``left`` counts the passes unused after this scan."""
    accepted = isinstance(answer, Acceptance)
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
            "outcome": "accepted" if accepted else "refused",
            "reason": None if accepted else answer.code,
            "message": f"Accepté, reste {left}" if accepted else str(answer.sentence),
            "next_step": "" if accepted else str(answer.next_step),
            "booklet": about,
            "positions": positions.positions_of(answer.passes) if accepted else [],
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )
