"""The verbs of programmes: their rules, dates, publics, money and catalogue."""

from poincon.programmes.services.catalogue import load_catalogue
from poincon.programmes.services.change import extend, move_start, set_lead_network, suspend, update_rules
from poincon.programmes.services.create import create_programme
from poincon.programmes.services.drafts import DRAFT_CREATED, create_from_draft, drop_draft, keep_draft, start_draft
from poincon.programmes.services.fundings import change_fundings
from poincon.programmes.services.local_services import add_local_service, retire_local_service
from poincon.programmes.services.publics import add_public, end_public, update_public
from poincon.programmes.services.receipts import correct_receipt, record_receipt
from poincon.programmes.services.territories import (
    add_territory,
    change_communes,
    remove_territory,
    rename_territory,
)
from poincon.programmes.services.theme import update_theme
from poincon.programmes.services.version import touch_rules

__all__ = [
    "DRAFT_CREATED",
    "add_local_service",
    "add_public",
    "add_territory",
    "change_communes",
    "change_fundings",
    "correct_receipt",
    "create_from_draft",
    "create_programme",
    "drop_draft",
    "end_public",
    "extend",
    "keep_draft",
    "load_catalogue",
    "move_start",
    "record_receipt",
    "remove_territory",
    "rename_territory",
    "retire_local_service",
    "set_lead_network",
    "start_draft",
    "suspend",
    "touch_rules",
    "update_public",
    "update_rules",
    "update_theme",
]
