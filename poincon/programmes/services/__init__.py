"""The verbs of programmes: their rules, dates, publics, money and catalogue."""

from poincon.programmes.services.version import touch_rules

__all__ = ["touch_rules"]
