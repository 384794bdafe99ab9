"""The verbs of organisations, people, roles, bank accounts and devices."""

from poincon.organisations.services.version import touch_rules

__all__ = ["touch_rules"]
