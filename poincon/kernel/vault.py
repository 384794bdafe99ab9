"""Encryption at rest: what must stay unreadable in a stolen copy of the database."""

import base64
import hmac
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


@lru_cache
def _box(purpose: str, master_keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_derived(key, purpose))) for key in master_keys])


@lru_cache
def _derived(master_key: str, purpose: str) -> bytes:
    return HKDF(SHA256(), 32, salt=b"poincon", info=purpose.encode()).derive(master_key.encode())


def lock_away(secret: bytes, *, purpose: str) -> str:
    """``secret`` encrypted with the first of POINCON_MASTER_KEYS; each purpose has its own derived key."""
    return _box(purpose, tuple(settings.MASTER_KEYS)).encrypt(secret).decode()


def take_out(locked: str, *, purpose: str) -> bytes:
    """What ``lock_away`` put in. Raises ImproperlyConfigured when no master key opens it."""
    try:
        return _box(purpose, tuple(settings.MASTER_KEYS)).decrypt(locked.encode())
    except InvalidToken:
        raise ImproperlyConfigured(
            "Aucune clé de POINCON_MASTER_KEYS n’ouvre ce secret : remettez l’ancienne clé à la suite de la nouvelle."
        ) from None


def fingerprint(text: str, *, purpose: str) -> str:
    """The HMAC-SHA256 of ``text``, in hexadecimal: always the same, and out of reach of whoever has no master key.

    For what is drawn from so few values that a plain hash would be undone by trying them all. It follows the last of
    POINCON_MASTER_KEYS, the oldest, so that putting a new one before it changes no fingerprint already given.
    """
    key = _derived(settings.MASTER_KEYS[-1], f"fingerprint {purpose}")
    return hmac.digest(key, text.encode(), "sha256").hex()
