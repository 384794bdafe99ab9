import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from poincon.kernel.vault import lock_away, take_out

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
