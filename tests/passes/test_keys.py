"""The keys that sign codes: made, renewed, revoked; their private halves never lie in clear."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from poincon.kernel.models import AuditEntry
from poincon.organisations.enums import Role
from poincon.passes import keys
from poincon.passes.models import SigningKey
from poincon.passes.services.order import enter_stock, order_batch
from poincon.passes.services.printing import approve_proof
from tests.factories import NOW, SYSTEM, make_actor, make_organisation, make_scheme
from tests.lives import Live
from tests.refusing import refused

pytestmark = pytest.mark.django_db


def test_a_key_signs_and_is_recognised() -> None:
    key = keys.rotate(by=SYSTEM, now=NOW)
    signature = keys.signer(key).sign(b"0123456789abcdef")
    verifier = keys.verifier(key.identifier)
    assert keys.is_authentic(verifier, b"0123456789abcdef", signature)
    assert not keys.is_authentic(verifier, b"0123456789abcdeF", signature)
    assert not keys.is_authentic(verifier, b"0123456789abcdef", bytes(64))


def test_the_private_half_is_not_in_the_database() -> None:
    private = Ed25519PrivateKey.generate()
    key = keys.rotate(by=SYSTEM, now=NOW, private=private)
    stored = str(SigningKey.objects.filter(pk=key.pk).values().get())
    assert private.private_bytes_raw().hex() not in stored
    assert keys.signer(key).private_bytes_raw() == private.private_bytes_raw()


def test_a_new_key_retires_the_one_before() -> None:
    first, second = keys.rotate(by=SYSTEM, now=NOW), keys.rotate(by=SYSTEM, now=NOW)
    first.refresh_from_db()
    assert (first.retired_at, second.retired_at, keys.current_key()) == (NOW, None, second)


def test_a_retired_key_is_kept_while_a_batch_waits_to_be_printed_with_it() -> None:
    scheme = make_scheme()
    key = keys.rotate(by=SYSTEM, now=NOW)
    order_batch(by=SYSTEM, programme=scheme.programme, quantity=1, size=5, now=NOW)
    keys.rotate(by=SYSTEM, now=NOW)
    key.refresh_from_db()
    assert key.private_locked


def test_a_retired_key_is_erased_once_nothing_is_left_to_print() -> None:
    scheme = make_scheme()
    key = keys.rotate(by=SYSTEM, now=NOW)
    batch = order_batch(by=SYSTEM, programme=scheme.programme, quantity=1, size=5, now=NOW)
    approve_proof(by=SYSTEM, batch=batch, now=NOW)
    enter_stock(by=SYSTEM, batch=batch, now=NOW)
    keys.rotate(by=SYSTEM, now=NOW)
    key.refresh_from_db()
    assert key.private_locked == ""


def test_printing_the_last_batch_of_a_retired_key_erases_it() -> None:
    scheme = make_scheme()
    key = keys.rotate(by=SYSTEM, now=NOW)
    batch = order_batch(by=SYSTEM, programme=scheme.programme, quantity=1, size=5, now=NOW)
    keys.rotate(by=SYSTEM, now=NOW)
    approve_proof(by=SYSTEM, batch=batch, now=NOW)
    enter_stock(by=SYSTEM, batch=batch, now=NOW)
    key.refresh_from_db()
    assert key.private_locked == ""


def test_codes_of_a_retired_key_stay_good(live: Live) -> None:
    life = live()
    code = life.code()
    keys.rotate(by=SYSTEM, now=NOW)
    assert life.scan(code)["outcome"] == "accepted"


def test_a_revoked_key_signs_no_more_and_its_private_half_is_erased(live: Live) -> None:
    life = live()
    code, number = life.code(), life.number()
    key = keys.revoke(by=SYSTEM, identifier=life.batch.signing_key.identifier, reason="vol", now=NOW)
    assert (key.revoked_at, key.retired_at, key.private_locked) == (NOW, NOW, "")
    assert life.scan(code)["reason"] == "revoked_key"
    # What the paper says is still what was sold: the number typed by hand is accepted.
    assert life.scan(number)["outcome"] == "accepted"


def test_a_second_revocation_changes_nothing() -> None:
    key = keys.rotate(by=SYSTEM, now=NOW)
    keys.revoke(by=SYSTEM, identifier=key.identifier, reason="vol", now=NOW)
    later = NOW.replace(year=2030)
    again = keys.revoke(by=SYSTEM, identifier=key.identifier, reason="encore", now=later)
    assert (again.revoked_at, again.revoked_reason) == (NOW, "vol")


def test_an_unknown_key_is_refused() -> None:
    with refused("key_unknown", match="abcdef01"):
        keys.revoke(by=SYSTEM, identifier="abcdef01", reason="vol", now=NOW)
    with pytest.raises(keys.UnknownKeyError):
        keys.verifier("abcdef01")


def test_a_key_made_later_is_found_though_it_was_looked_for() -> None:
    private = Ed25519PrivateKey.generate()
    identifier = keys.identifier_of(private.public_key().public_bytes_raw())
    with pytest.raises(keys.UnknownKeyError):
        keys.verifier(identifier)
    keys.rotate(by=SYSTEM, now=NOW, private=private)
    assert keys.verifier(identifier)


def test_a_thousand_unknown_keys_cost_one_statement(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    known = keys.rotate(by=SYSTEM, now=NOW).identifier
    unknown = [f"{number:08x}" for number in range(1_000)]
    with django_assert_num_queries(1):
        assert keys.verifiers([known, *unknown]).keys() == {known}


def test_a_key_met_before_costs_no_statement(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    known = keys.rotate(by=SYSTEM, now=NOW).identifier
    keys.verifiers([known])
    with django_assert_num_queries(0):
        assert keys.verifiers([known, known]).keys() == {known}


def test_the_database_refuses_a_second_key_that_signs() -> None:
    key = keys.rotate(by=SYSTEM, now=NOW)
    other = SigningKey(identifier="abcdef01", public_hex="00")
    with pytest.raises(ValidationError, match="Une autre clé signe déjà"):
        other.validate_constraints()
    with pytest.raises(IntegrityError), transaction.atomic():
        other.save()
    assert keys.current_key() == key


def test_a_reason_that_no_column_keeps_is_refused() -> None:
    key = keys.rotate(by=SYSTEM, now=NOW)
    with refused("text_too_long", match="Motif de révocation : 201 caractères"):
        keys.revoke(by=SYSTEM, identifier=key.identifier, reason="x" * 201, now=NOW)


def test_keys_are_in_the_journal() -> None:
    key = keys.rotate(by=SYSTEM, now=NOW)
    keys.revoke(by=SYSTEM, identifier=key.identifier, reason="vol", now=NOW)
    assert list(AuditEntry.objects.order_by("id").values_list("action", flat=True)) == ["key.rotate", "key.revoke"]


@pytest.mark.parametrize("role", [Role.FUNDER, Role.COORDINATOR, None])
def test_only_the_administrator_renews_and_revokes(role: Role | None) -> None:
    actor = make_actor(role, make_organisation(is_funder=True)) if role else make_actor()
    with refused("right_missing"):
        keys.rotate(by=actor, now=NOW)
    key = keys.rotate(by=make_actor(Role.ADMINISTRATOR), now=NOW)
    with refused("right_missing"):
        keys.revoke(by=actor, identifier=key.identifier, reason="vol", now=NOW)
