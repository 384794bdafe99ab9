"""A hand-over in the making: what was answered so far, kept from screen to screen.

It lives in the session, encrypted, since it names a person; and each form carries it too, so that neither the back
button, nor a second tab, nor a session that ends loses an answer.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, QueryDict

from poincon.kernel.vault import lock_away, take_out
from poincon.organisations.models import Organisation

KEY, PURPOSE = "hand_over_draft", "hand_over_draft"
#: The field of every form that carries it.
FIELD = "brouillon"
#: A working day: what is known of a person does not linger.
SECONDS_KEPT = 12 * 3600


@dataclass
class Draft:
    """Answers as they were typed, by screen. They are checked again each time they are used."""

    user_id: int
    organisation_id: int
    request: str = field(default_factory=lambda: str(uuid4()))
    at: int = field(default_factory=lambda: int(time.time()))
    booklet: dict[str, str] = field(default_factory=dict)
    #: A person already known, instead of ``person`` and ``public``.
    case_id: int | None = None
    person: dict[str, str] = field(default_factory=dict)
    public: dict[str, str] = field(default_factory=dict)

    @property
    def request_id(self) -> UUID:
        return UUID(self.request)

    @property
    def locked(self) -> str:
        """As forms and the session carry it."""
        return lock_away(json.dumps(asdict(self)).encode(), purpose=PURPOSE)


def draft_of(request: HttpRequest, organisation: Organisation, sent: QueryDict | None = None) -> Draft | None:
    """The draft that the form sent carried, or the one of the session; None when there is none, or an old one."""
    for locked in (sent.get(FIELD, "") if sent is not None else "", request.session.get(KEY, "")):
        draft = _opened(locked)
        if draft is not None and _is_hers(draft, request, organisation):
            return draft
    return None


def new_draft(request: HttpRequest, organisation: Organisation) -> Draft:
    """An empty draft of this person for this organisation."""
    return Draft(user_id=request.user.pk or 0, organisation_id=organisation.pk)


def keep(request: HttpRequest, draft: Draft) -> None:
    """Keep the draft for the next screen."""
    request.session[KEY] = draft.locked


def forget(request: HttpRequest) -> None:
    """The hand-over is done, or given up."""
    request.session.pop(KEY, None)


def answers(sent: Mapping[str, Any], names: Mapping[str, Any]) -> dict[str, str]:
    """What a form sent for its own fields, as it was typed."""
    return {name: str(sent[name]) for name in names if name in sent}


def _opened(locked: str) -> Draft | None:
    if not locked:
        return None
    try:
        return Draft(**json.loads(take_out(locked, purpose=PURPOSE)))
    except (ImproperlyConfigured, TypeError, ValueError):
        # Altered, or locked with a key that is gone: the answers are asked again.
        return None


def _is_hers(draft: Draft, request: HttpRequest, organisation: Organisation) -> bool:
    fresh = time.time() - draft.at <= SECONDS_KEPT
    return fresh and (draft.user_id, draft.organisation_id) == (request.user.pk, organisation.pk)
