"""The mails that exist. Each domain declares its own in ``notices.py``, imported when the site starts."""

from collections.abc import Callable
from dataclasses import dataclass

from poincon.kernel.messages.letters import Letter
from poincon.kernel.refusals import Text

#: Called with the id of what the mail is about and the id of the person; None when there is nothing to say any more.
Build = Callable[[str, int | None], Letter | None]


@dataclass(frozen=True)
class Notice:
    """A kind of mail. ``build`` reads the database when the mail leaves, so that nothing personal waits in a queue."""

    code: str
    label: Text
    build: Build
    #: With invented values, for the page that shows every mail.
    sample: Callable[[], Letter]


#: Every mail, by code. Filled by ``declare`` when the domains' notices.py are imported.
NOTICES: dict[str, Notice] = {}


def declare(code: str, label: Text, *, build: Build, sample: Callable[[], Letter]) -> Notice:
    """Declare a mail in a domain's notices.py. Raises ValueError when the code is taken."""
    if code in NOTICES:
        raise ValueError(f"mail {code} is declared twice")
    NOTICES[code] = Notice(code, label, build, sample)
    return NOTICES[code]


def sample_letters() -> dict[str, Letter]:
    """Each mail with invented values, by code."""
    return {code: notice.sample() for code, notice in sorted(NOTICES.items())}
