"""Poinçon: a French public funder runs its own Pass numérique."""

__version__ = "0.1.0"
