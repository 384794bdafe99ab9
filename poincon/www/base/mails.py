"""Every mail with invented values, in HTML and in text; and those that really left, or did not."""

from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from poincon.kernel.messages import NOTICES, Letter, as_html, as_text
from poincon.kernel.refusals import Text
from poincon.www.account.letters import ACCOUNT_SAMPLES

#: A mail brings its own style, and nothing else; only our page may frame it.
MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"


@dataclass(frozen=True)
class Sample:
    """A mail as the page shows it."""

    code: str
    label: Text
    subject: str
    sender: str
    text: str


@require_safe
def style_mails(request: HttpRequest) -> HttpResponse:
    """The list of mails, each beside its plain text."""
    samples = [_sample(code, label, letter) for code, (label, letter) in _letters().items()]
    return render(request, "style/mails.html", {"samples": samples})


@require_safe
@xframe_options_sameorigin
def style_mail(_request: HttpRequest, /, mail_code: str) -> HttpResponse:
    """One mail in HTML, as it is sent."""
    found = _letters().get(mail_code)
    if found is None:
        raise Http404
    response = HttpResponse(as_html(found[1]))
    response.headers["Content-Security-Policy"] = MAIL_POLICY
    return response


def _letters() -> dict[str, tuple[Text, Letter]]:
    declared = {code: (notice.label, notice.sample()) for code, notice in sorted(NOTICES.items())}
    return {**{code: (label, sample()) for code, (label, sample) in ACCOUNT_SAMPLES.items()}, **declared}


def _sample(code: str, label: Text, letter: Letter) -> Sample:
    sender = letter.dress.name or settings.SITE_NAME
    return Sample(code, label, letter.subject, sender, as_text(letter))
