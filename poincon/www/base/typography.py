"""What keeps together on a line: French punctuation with its word, « n° » with its number, the groups of a number,
a day with its month, an amount with its sign, an hour with its minutes.

Texts are written with plain spaces, in the code as by those who type them; a page says which of them may not break.
"""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import get_language

from poincon.kernel.documents.french import MONTHS

Handler = Callable[[HttpRequest], HttpResponse]

NO_BREAK = "\N{NO-BREAK SPACE}".encode()
#: Tags, and what is not prose: scripts, what is typed or chosen in a form, code, the title of the window.
_NOT_PROSE = rb"<(?:script|style|textarea|option|pre|code|title)\b.*?</|<[^>]*>"
_MONTH = rf"(?:{'|'.join(MONTHS)})\b"
#: What comes before a space that stays, and after it: « 10 € », « 60 % », « 25 km », « 4 mars », « 14 h 05 ».
_AROUND = {
    "": "(?=[:;?!]|»)",
    "(?<=« )": "",
    "(?<=n° )": r"(?=\d)",
    r"(?<=\d )": rf"(?=€|%|(?:km|h)\b|{_MONTH})",
    r"(?<=\b1er )": f"(?={_MONTH})",
    r"(?<=\d h )": r"(?=\d\d\b)",
}
#: The space first: a page holds thousands of signs that are none.
_SPACE = f" (?=\\S)(?:{'|'.join(before + after for before, after in _AROUND.items())})".encode()
_BOOKLET = rb"(?<![\w&;])\d{4} \d{4} \d{3}[\dA-Z](?!\w)"
_TELEPHONE = rb"(?<![\w&;])0\d(?: \d\d){4}(?!\w)"
IN_FRENCH = re.compile(b"|".join((_NOT_PROSE, _BOOKLET, _TELEPHONE, _SPACE)), re.DOTALL)
ELSEWHERE = re.compile(b"|".join((_NOT_PROSE, _BOOKLET, _TELEPHONE)), re.DOTALL)


def kept_together(html: bytes, *, language: str | None) -> bytes:
    """A page whose spaces do not break where a line must not end; its tags and its forms stay as they are."""
    pattern = IN_FRENCH if (language or "fr").startswith("fr") else ELSEWHERE
    return pattern.sub(_without_breaks, html)


def _without_breaks(found: re.Match[bytes]) -> bytes:
    text = found[0]
    return text if text.startswith(b"<") else text.replace(b" ", NO_BREAK)


class TypographyMiddleware:
    """Every page, and every piece of one."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if _is_page(response):
            response.content = kept_together(response.content, language=get_language())
        return response


def _is_page(response: HttpResponseBase) -> bool:
    return not response.streaming and response.headers.get("Content-Type", "").startswith("text/html")
