"""The verbs of places: open, move, close, offer; and a whole network brought in at once."""

from poincon.mediation.services.imports import ImportRefused, NetworkImport, import_network, preview_network
from poincon.mediation.services.places import (
    close_venue,
    end_offer,
    offer_service,
    open_venue,
    reopen_venue,
    retire_service,
    update_venue,
)

__all__ = [
    "ImportRefused",
    "NetworkImport",
    "close_venue",
    "end_offer",
    "import_network",
    "offer_service",
    "open_venue",
    "preview_network",
    "reopen_venue",
    "retire_service",
    "update_venue",
]
