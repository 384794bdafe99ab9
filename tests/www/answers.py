"""What an answer of the site says, told in the words of the permission tests."""

from typing import Any

from django.urls import reverse

from poincon.organisations.enums import Role
from poincon.passes import codes
from poincon.passes.models import Booklet
from tests.world.booklets import FAMILY
from tests.world.story import Person, Place, World


def asked_to_sign_in(response: Any) -> bool:
    where = response.headers.get("Location", "")
    return bool(response.status_code == 302 and where.startswith(reverse("account_login") + "?next="))


def text_of(response: Any) -> str:
    """All that was sent, files included; nothing of a file in a format that cannot be read as text."""
    # A stream closes itself at its end; closing it once more would close the connection of the tests.
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return str(content.decode(errors="ignore"))


class Secrets:
    """What strangers must never read, found in the database once."""

    def __init__(self, world: World) -> None:
        held = Booklet.objects.filter(batch__programme=world.programme, holder=world.organisations["prescriber"])
        statements = world.programme.statements.filter(operator=world.organisations["operator"])
        receipts = world.programme.receipts.all()
        self.booklets = {codes.written(booklet.number).replace(" ", "") for booklet in held}
        self.steering = {statement.number for statement in statements} | {receipt.reference for receipt in receipts}

    def leaked(self, response: Any, person: Person | None) -> set[str]:
        """What this person, who has no business with the programme, read in this answer."""
        text = "".join(text_of(response).split())
        return {secret for secret in self._kept_from(person) if "".join(secret.split()) in text}

    def _kept_from(self, person: Person | None) -> set[str]:
        # Names are for the prescriber who knows the people (section "People's data" of the domain).
        names = set() if person == Person(Role.PRESCRIBER) else {FAMILY}
        inside = person is not None and (person.place is Place.HOME and person.role is not None)
        return names if inside else names | self.booklets | self.steering
