"""A letter as a mail: plain text for those who read it so, HTML in the colours of the scheme, the logo inside."""

from email.mime.image import MIMEImage
from email.utils import formataddr, parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import get_language, get_language_bidi

from poincon.kernel.messages.letters import Letter

LOGO_ID = "logo"
LOGO_IN_MAIL = f"cid:{LOGO_ID}"


class RelatedMail(EmailMultiAlternatives):
    """A mail whose attached pictures belong to its HTML (multipart/related): they are shown in it, not listed."""

    mixed_subtype = "related"


def as_text(letter: Letter) -> str:
    """The plain text."""
    return render_to_string("kernel/mail.txt", _context(letter)).strip() + "\n"


def as_html(letter: Letter, *, logo: str = LOGO_IN_MAIL) -> str:
    """The HTML. ``logo`` is the address of the drawing: inside the mail, unless a page shows it."""
    return render_to_string("kernel/mail.html", _context(letter) | {"logo": logo if letter.dress.logo_svg else ""})


def as_mail(letter: Letter, to: str) -> EmailMultiAlternatives:
    """The mail, ready to leave."""
    dress = letter.dress
    mail = RelatedMail(
        subject=" ".join(letter.subject.split()),
        body=as_text(letter),
        from_email=formataddr((dress.name or settings.SITE_NAME, parseaddr(settings.DEFAULT_FROM_EMAIL)[1])),
        to=[to],
        reply_to=[dress.email] if dress.email else None,
        # So that nobody's absence is answered to us.
        headers={"Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(as_html(letter), "text/html")
    if dress.logo_png:
        mail.attach(_logo(dress.logo_png))
    return mail


def _logo(png: bytes) -> MIMEImage:
    image = MIMEImage(png, "png")
    image.add_header("Content-ID", f"<{LOGO_ID}>")
    image.add_header("Content-Disposition", "inline", filename="logo.png")
    return image


def _context(letter: Letter) -> dict[str, object]:
    return {
        "letter": letter,
        "dress": letter.dress,
        "site_name": settings.SITE_NAME,
        "site_address": settings.PUBLIC_URL,
        "language": get_language(),
        "direction": "rtl" if get_language_bidi() else "ltr",
    }
