"""A refusal: the domain says no, and says it in a sentence that can be read aloud."""

from dataclasses import dataclass
from typing import Self

from django.utils.functional import Promise

Text = str | Promise


# Not frozen: Python writes the traceback on an exception that crosses a context manager.
@dataclass(unsafe_hash=True)
class Refusal(Exception):  # noqa: N818  a refusal is an answer of the domain, not a programming error
    """Why a verb did not act.

    ``code`` is stable and for programs; ``sentence`` says what happened and why; ``next_step`` what to do, or is empty.
    Verbs raise it; the scanner's verbs return it, because one refused scan must not block the others. Raise
    ``CONSTANT.filled(…)``, never the constant itself: it would keep the frames of every time it was raised.
    """

    code: str
    sentence: Text
    next_step: Text = ""

    def __str__(self) -> str:
        return f"{self.sentence} {self.next_step}".strip()

    def filled(self, **values: object) -> Self:
        """The same refusal with the values of this case put into its sentences."""
        return type(self)(self.code, str(self.sentence) % values, str(self.next_step) % values)
