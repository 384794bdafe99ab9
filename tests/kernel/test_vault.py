import hashlib

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from poincon.kernel.vault import fingerprint, lock_away, take_out

OLD = "an-old-master-key-of-more-than-forty-characters"
NEW = "a-new-master-key-of-more-than-forty-characters!"
IBAN = b"FR7630006000011234567890189"


def test_what_is_locked_away_comes_out_again() -> None:
    assert take_out(lock_away(IBAN, purpose="iban"), purpose="iban") == IBAN


def test_what_is_locked_away_cannot_be_read() -> None:
    assert IBAN.decode() not in lock_away(IBAN, purpose="iban")


def test_the_same_secret_never_looks_the_same() -> None:
    assert lock_away(IBAN, purpose="iban") != lock_away(IBAN, purpose="iban")


def test_a_secret_of_one_purpose_does_not_open_for_another() -> None:
    locked = lock_away(IBAN, purpose="iban")
    with pytest.raises(ImproperlyConfigured):
        take_out(locked, purpose="signing key")


def test_after_a_rotation_old_secrets_still_open(settings: Settings) -> None:
    settings.MASTER_KEYS = [OLD]
    locked = lock_away(IBAN, purpose="iban")
    settings.MASTER_KEYS = [NEW, OLD]
    assert take_out(locked, purpose="iban") == IBAN


def test_after_a_rotation_new_secrets_use_the_first_key(settings: Settings) -> None:
    settings.MASTER_KEYS = [NEW, OLD]
    locked = lock_away(IBAN, purpose="iban")
    settings.MASTER_KEYS = [NEW]
    assert take_out(locked, purpose="iban") == IBAN


def test_a_lost_key_says_what_to_put_back(settings: Settings) -> None:
    settings.MASTER_KEYS = [OLD]
    locked = lock_away(IBAN, purpose="iban")
    settings.MASTER_KEYS = [NEW]
    with pytest.raises(ImproperlyConfigured, match="remettez l’ancienne clé"):
        take_out(locked, purpose="iban")


def test_an_altered_secret_does_not_open() -> None:
    locked = lock_away(IBAN, purpose="iban")
    middle = len(locked) // 2
    altered = locked[:middle] + ("A" if locked[middle] != "A" else "B") + locked[middle + 1 :]
    with pytest.raises(ImproperlyConfigured):
        take_out(altered, purpose="iban")


def test_a_fingerprint_is_always_the_same_and_of_one_purpose() -> None:
    assert fingerprint("1-1", purpose="pass") == fingerprint("1-1", purpose="pass")
    assert fingerprint("1-1", purpose="pass") != fingerprint("1-2", purpose="pass")
    assert fingerprint("1-1", purpose="pass") != fingerprint("1-1", purpose="iban")


def test_a_fingerprint_cannot_be_made_without_the_key(settings: Settings) -> None:
    settings.MASTER_KEYS = [OLD]
    ours = fingerprint("1-1", purpose="pass")
    assert ours != hashlib.sha256(b"1-1").hexdigest()
    settings.MASTER_KEYS = [NEW]
    assert fingerprint("1-1", purpose="pass") != ours


def test_a_rotation_changes_no_fingerprint(settings: Settings) -> None:
    settings.MASTER_KEYS = [OLD]
    ours = fingerprint("1-1", purpose="pass")
    settings.MASTER_KEYS = [NEW, OLD]
    assert fingerprint("1-1", purpose="pass") == ours
