"""The scanner: a page that a phone installs, and that works without a network (docs/decisions)."""
