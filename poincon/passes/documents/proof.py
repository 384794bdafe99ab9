"""The proof (« bon à tirer »): the same templates, watermarked, with codes that no verifier accepts."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path

from poincon.kernel.documents import day, render, render_pictures
from poincon.passes.documents.booklets import template_data
from poincon.passes.documents.content import BookletContent, Scheme
from poincon.passes.documents.layout import Duplex, Format, Layout

TEMPLATE = Path(__file__).parent / "proof.typ"

SPECIMEN_HOST = "HTTPS://SPECIMEN.INVALID/"
"""`.INVALID` never resolves (RFC 2606), and neither U nor `.` nor `-` belongs to the alphabet of a signed code."""

SPECIMEN_LENGTH = 154
"""As long as a real signed code, so that a proof shows codes of the real density."""

SCREEN_DOTS = 72
"""Dots to the inch of a picture: an A4 page as wide as a column of the site, in some tens of kilobytes."""

FORMAT_WORDS = {
    Format.FOLDED: "Feuille A4 recto verso, pliée en deux",
    Format.CUT: "Quatre feuillets par page A4, à couper",
}


def specimen_codes(size: int) -> list[str]:
    """Unusable codes for a proof of `size` passes: the cover's, then one for each pass, all different."""
    return [
        f"{SPECIMEN_HOST}SANS-VALEUR-{position:02d}/".ljust(SPECIMEN_LENGTH - 1, "-") + "U"
        for position in range(size + 1)
    ]


def proof_pdf(booklet: BookletContent, *, scheme: Scheme, layout: Layout, moment: datetime) -> bytes:
    """One file to approve: a form to sign, the letter, the sheets of one booklet as they will be printed.

    Whatever codes `booklet` holds, the file shows only specimen codes, the cover upright. Raises DocumentError.
    """
    data = _data(booklet, scheme, layout, moment)
    return render(TEMPLATE, data, title=f"Bon à tirer : {scheme.name}", moment=moment)


def proof_pictures(booklet: BookletContent, *, scheme: Scheme, moment: datetime) -> list[bytes]:
    """The same letter, then the same sheets, as pictures (PNG) for a screen. Raises DocumentError."""
    data = _data(booklet, scheme, Layout(), moment)
    # The first page is the form to sign.
    return render_pictures(TEMPLATE, data, title=scheme.name, dots_per_inch=SCREEN_DOTS)[1:]


def _data(booklet: BookletContent, scheme: Scheme, layout: Layout, moment: datetime) -> dict[str, object]:
    unusable = replace(booklet, codes=specimen_codes(booklet.size))
    shown = replace(layout, watermark="SPÉCIMEN", duplex=Duplex.SHORT_EDGE, stack=1)
    return {
        **template_data([unusable], scheme=scheme, layout=shown),
        "checks": _checks(booklet, scheme, layout),
        "asked_on": day(moment.date()),
    }


def _checks(booklet: BookletContent, scheme: Scheme, layout: Layout) -> Sequence[tuple[str, str]]:
    facts = asdict(booklet) | {"publics": ", ".join(booklet.publics)}
    return [
        ("Nom du dispositif", scheme.name),
        ("Financeur", scheme.funder_name),
        ("Programme", facts["programme"] or "non indiqué"),
        ("Chéquier", f"{booklet.size} pass de {booklet.value_text}"),
        ("Validité", f"du {day(booklet.valid_from)} au {day(booklet.valid_until)}"),
        ("Territoire", facts["territory"] or "non indiqué"),
        ("Publics", facts["publics"] or "non indiqués"),
        ("Référent", f"{scheme.referent}, {scheme.phone}"),
        ("Couleurs", f"{scheme.ink} et {scheme.accent}"),
        ("Fabrication", FORMAT_WORDS[layout.format]),
        (
            "Fond perdu",
            f"{layout.bleed_mm:g} mm, avec traits de coupe" if layout.bleed_mm else "aucun (imprimante de bureau)",
        ),
    ]
