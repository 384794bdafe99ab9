"""Which paragraph of which guide explains a page: each audience folder declares its own in ``guide.py``.

Declared beside the addresses, read by ``poincon.www.apps``. tests/www/guide fails on a page that nothing explains, and
on a paragraph that is not written.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from poincon.organisations.enums import Role
from poincon.www.base.hats import wardrobe


@dataclass(frozen=True)
class Guide:
    """A guide: ``docs/guide/<slug>.md``, the roles it is written for (none: everybody), what it explains."""

    slug: str
    roles: frozenset[Role]
    #: Name of an address → anchor of its paragraph.
    anchors: Mapping[str, str]
    #: Other guides that explain the pages these roles share with others, in the order they are looked into.
    then: tuple[str, ...] = ()


#: Filled by ``declare_guide`` when the folders' guide.py are imported.
GUIDES: dict[str, Guide] = {}


def declare_guide(
    slug: str, *roles: Role, paragraphs: Mapping[str, tuple[str, ...]], then: tuple[str, ...] = ()
) -> Guide:
    """Declare a guide. ``paragraphs``: anchor → the names of the addresses it explains.

    Raises ValueError when the guide is declared already, a role has one, or a page is explained twice.
    """
    taken = {role for guide in GUIDES.values() for role in guide.roles} & set(roles)
    names = [name for explained in paragraphs.values() for name in explained]
    twice = {name for name in names if names.count(name) > 1}
    if slug in GUIDES or taken or twice:
        raise ValueError(f"guide {slug}: declared already, or its roles {taken}, or its pages {twice}")
    anchors = {name: anchor for anchor, explained in paragraphs.items() for name in explained}
    GUIDES[slug] = Guide(slug, frozenset(roles), anchors, then)
    return GUIDES[slug]


def guides_for(role: Role | None) -> list[Guide]:
    """Where somebody with this role looks for help, in this order; a visitor (None) in what is for everybody."""
    own = [guide for guide in GUIDES.values() if role in guide.roles]
    beside = [GUIDES[slug] for guide in own for slug in guide.then]
    return [*own, *beside, *(guide for guide in GUIDES.values() if not guide.roles)]


def paragraph_of(page: str, role: Role | None) -> tuple[str, str] | None:
    """The guide and the anchor that explain this page to this role; None when nothing does."""
    return next(((guide.slug, guide.anchors[page]) for guide in guides_for(role) if page in guide.anchors), None)


def guide_address(slug: str, anchor: str = "") -> str:
    """The address of a guide, or of one of its paragraphs."""
    return reverse("guide", args=[slug]) + (f"#{anchor}" if anchor else "")


def help_address(request: HttpRequest) -> str:
    """Where the page being shown is explained; the list of guides when nothing explains it."""
    page = request.resolver_match.view_name if request.resolver_match else ""
    # What is for everybody is looked into first: a public page never asks who reads it.
    found = paragraph_of(page, None) or paragraph_of(page, _role(request))
    return guide_address(*found) if found else reverse("guides")


def _role(request: HttpRequest) -> Role | None:
    worn = wardrobe(request).worn
    return worn.role if worn else None
