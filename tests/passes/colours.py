"""The colours of a page, as the eye meets them."""

import pypdfium2

from poincon.programmes.models import Programme

#: A green nobody else uses here, and the drawing of a funder in a pink of its own.
INK, PINK = "#0a5b3d", "#d6006e"
LOGO = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 1"><rect width="4" height="1" fill="{PINK}"/></svg>'


def in_its_colours(programme: Programme) -> None:
    """Give this programme the green and the drawing."""
    Programme.objects.filter(pk=programme.pk).update(ink_colour=INK, logo_svg=LOGO)
    programme.refresh_from_db()


def colours_of(pdf: bytes) -> set[str]:
    """The colours of the first page."""
    document = pypdfium2.PdfDocument(pdf)
    picture = document[0].render(scale=2).to_pil().convert("RGB")
    document.close()
    found = picture.getcolors(maxcolors=picture.width * picture.height) or []
    return {"#{:02x}{:02x}{:02x}".format(*colour) for _count, colour in found}
