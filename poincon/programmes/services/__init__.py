"""The verbs of programmes: their rules, dates, publics, money and catalogue."""

from poincon.programmes.services.catalogue import load_catalogue
from poincon.programmes.services.change import add_public, add_territory, extend, suspend, update_rules
from poincon.programmes.services.create import create_programme
from poincon.programmes.services.receipts import correct_receipt, record_receipt
from poincon.programmes.services.version import touch_rules

__all__ = [
    "add_public",
    "add_territory",
    "correct_receipt",
    "create_programme",
    "extend",
    "load_catalogue",
    "record_receipt",
    "suspend",
    "touch_rules",
    "update_rules",
]
