"""The answer to a scan, as the text that is sent, kept, and sent again byte for byte."""

import json
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from poincon.kernel.refusals import Refusal
from poincon.passes import codes, positions
from poincon.passes.rules import Acceptance, BookletState

_write = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


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
    return _write(
        {
            "id": str(uuid),
            **_answered(answer, left),
            "booklet": about,
            "positions": positions.positions_of(answer.passes) if isinstance(answer, Acceptance) else [],
        }
    )


@lru_cache(maxsize=256)
def _accepted(left: int, language: str) -> str:  # noqa: ARG001  part of the cache key
    return _("Accepté, reste %(left)s") % {"left": left}


def _answered(answer: Acceptance | Refusal, left: int) -> dict[str, str | None]:
    if isinstance(answer, Acceptance):
        return {"outcome": "accepted", "reason": None, "message": _accepted(left, get_language()), "next_step": ""}
    return {
        "outcome": "refused",
        "reason": answer.code,
        "message": str(answer.sentence),
        "next_step": str(answer.next_step),
    }


@dataclass(frozen=True)
class Verdict:
    """A verdict read back. ``number`` is empty, and the rest zero, when no booklet was recognised."""

    accepted: bool
    reason: str
    message: str
    next_step: str
    number: str
    size: int
    left: int
    valid_until: date | None
    positions: tuple[int, ...]


def read_verdict(text: str) -> Verdict:
    """The verdict that ``verdict`` wrote."""
    told = json.loads(text)
    about = told["booklet"] or {}
    return Verdict(
        accepted=told["outcome"] == "accepted",
        reason=told["reason"] or "",
        message=told["message"],
        next_step=told["next_step"],
        number=about.get("number", ""),
        size=about.get("size", 0),
        left=about.get("left", 0),
        valid_until=date.fromisoformat(about["valid_until"]) if about else None,
        positions=tuple(told["positions"]),
    )
