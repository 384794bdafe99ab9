"""The keys that sign printed codes: make, rotate, revoke, sign, verify."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

from poincon.kernel import audit, vault
from poincon.kernel.db import change_alone, keep_still
from poincon.kernel.refusals import Refusal
from poincon.kernel.texts import text_for
from poincon.organisations.actors import Actor
from poincon.passes import permissions
from poincon.passes.models import Batch, SigningKey

PURPOSE = "signing-key"


class UnknownKeyError(LookupError):
    """No key of this instance has that identifier."""


UNKNOWN_KEY = Refusal("key_unknown", _("Aucune clé ne porte l’identifiant « %(identifier)s »."))


def current_key() -> SigningKey | None:
    """The key that signs new batches."""
    return SigningKey.objects.filter(retired_at=None).first()


def key_to_order_with() -> SigningKey | None:
    """The key that signs new batches: until the end of the transaction it is neither retired nor erased."""
    keep_still(SigningKey._meta.db_table)
    return current_key()


@transaction.atomic
def rotate(*, by: Actor, now: datetime | None = None, private: Ed25519PrivateKey | None = None) -> SigningKey:
    """Make a new signing key; the batches to come use it, codes already printed stay valid.

    Two at the same second: the second waits, and retires the key of the first. ``private`` lets a demonstration be the
    same each time. Raises Refusal ``right_missing``.
    """
    by.require(permissions.MANAGE_KEYS)
    change_alone(SigningKey._meta.db_table)
    now = now or timezone.now()
    SigningKey.objects.filter(retired_at=None).update(retired_at=now)
    erase_finished()
    private = private or Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw()
    key = SigningKey.objects.create(
        identifier=identifier_of(public),
        public_hex=public.hex(),
        private_locked=vault.lock_away(private.private_bytes_raw(), purpose=PURPOSE),
        created_at=now,
    )
    audit.record(by, "key.rotate", key, after={"identifier": key.identifier})
    return key


@transaction.atomic
def revoke(*, by: Actor, identifier: str, reason: str, now: datetime | None = None) -> SigningKey:
    """A key was stolen: every code signed with it is refused from now on, and it signs no more.

    Asking again changes nothing. Raises Refusal ``key_unknown``, ``text_too_long`` or ``right_missing``.
    """
    by.require(permissions.MANAGE_KEYS)
    reason = text_for(SigningKey, "revoked_reason", reason)
    change_alone(SigningKey._meta.db_table)
    now = now or timezone.now()
    key = SigningKey.objects.filter(identifier=identifier).first()
    if key is None:
        raise UNKNOWN_KEY.filled(identifier=identifier)
    if key.revoked_at is not None:
        return key
    key.revoked_at, key.revoked_reason, key.private_locked = now, reason, ""
    key.retired_at = key.retired_at or now
    key.save(update_fields=["revoked_at", "revoked_reason", "private_locked", "retired_at"])
    audit.record(by, "key.revoke", key, after={"identifier": identifier, "reason": reason})
    return key


def erase_finished() -> None:
    """Erase the private half of retired keys with which nothing is left to print: what is not there is not stolen."""
    to_print = Batch.objects.filter(signing_key=OuterRef("pk"), printed_at=None, cancelled_at=None)
    finished = SigningKey.objects.filter(~Exists(to_print), retired_at__isnull=False)
    # Nothing to erase is the rule: a batch that is printed then waits for no one.
    finished.exclude(private_locked="").update(private_locked="")


def identifier_of(public: bytes) -> str:
    """First four bytes of the SHA-256 of a public key, in hexadecimal."""
    return hashlib.sha256(public).hexdigest()[:8]


def signer(key: SigningKey) -> Ed25519PrivateKey:
    """The private half of ``key``, decrypted. Keep it as long as a printing lasts, no longer."""
    return Ed25519PrivateKey.from_private_bytes(vault.take_out(key.private_locked, purpose=PURPOSE))


#: The public keys met so far in this process. An identifier is a digest of its key, so it never means another.
KNOWN_VERIFIERS: dict[str, VerifyKey] = {}


def verifiers(identifiers: Iterable[str]) -> dict[str, VerifyKey]:
    """The public halves of those of these keys that exist: no statement for keys met before, one for all the others.

    An unknown key is looked for again each time: it may have been made since by another process.
    """
    wanted = set(identifiers)
    if new := wanted - KNOWN_VERIFIERS.keys():
        found = SigningKey.objects.filter(identifier__in=new).values_list("identifier", "public_hex")
        KNOWN_VERIFIERS.update((name, VerifyKey(bytes.fromhex(key))) for name, key in found)
    return {identifier: KNOWN_VERIFIERS[identifier] for identifier in wanted & KNOWN_VERIFIERS.keys()}


def verifier(identifier: str) -> VerifyKey:
    """The public half of one key. Raises UnknownKeyError."""
    try:
        return verifiers([identifier])[identifier]
    except KeyError:
        raise UnknownKeyError(identifier) from None


def is_authentic(verifier: VerifyKey, packed: bytes, signature: bytes) -> bool:
    """Whether ``signature`` is the key's signature of the 16 bytes ``packed``."""
    try:
        verifier.verify(packed, signature)
    except BadSignatureError:
        return False
    return True
