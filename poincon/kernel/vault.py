"""Encryption at rest: what must stay unreadable in a stolen copy of the database."""

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


@lru_cache
def _box(purpose: str, master_keys: tuple[str, ...]) -> MultiFernet:
    def derived(master_key: str) -> Fernet:
        key = HKDF(SHA256(), 32, salt=b"poincon", info=purpose.encode()).derive(master_key.encode())
        return Fernet(base64.urlsafe_b64encode(key))

    return MultiFernet([derived(key) for key in master_keys])


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
