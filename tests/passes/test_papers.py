"""The papers of a parcel and of a destruction, made of what the verbs wrote, for those who may read them."""

import pytest

from poincon.organisations.actors import Actor
from poincon.organisations.enums import Role
from poincon.passes import codes
from poincon.passes.documents.register import register_pdf
from poincon.passes.models import Batch, Destruction, Transfer
from poincon.passes.queries.register import register_on
from poincon.passes.ranges import BookletRange
from poincon.passes.services.move import destroy, recall, receive, return_booklets, send
from poincon.passes.services.papers import record_pdf, slip_pdf
from tests.factories import NOW, SYSTEM, Scheme, make_actor, make_organisation, make_scheme
from tests.lives import active_batch, delivered
from tests.passes.colours import INK, PINK, colours_of, in_its_colours
from tests.passes.test_booklet_pdf import texts
from tests.refusing import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def scheme() -> Scheme:
    return make_scheme()


@pytest.fixture
def batch(scheme: Scheme) -> Batch:
    return active_batch(scheme, quantity=6)


def parcel(scheme: Scheme, batch: Batch) -> Transfer:
    ranges = [BookletRange(batch.pk, 1, 3), BookletRange(batch.pk, 5, 5)]
    return send(by=SYSTEM, sender=scheme.network, receiver=scheme.prescriber, ranges=ranges, now=NOW)


def gone(scheme: Scheme, batch: Batch) -> Destruction:
    return destroy(
        by=SYSTEM,
        holder=scheme.network,
        ranges=[BookletRange(batch.pk, 2, 3)],
        place="Guéret, salle du conseil",
        method="broyage",
        witness="Anne Martin",
        reason="fin de campagne",
        now=NOW,
    )


def number(batch: Batch, rank: int) -> str:
    return codes.written(batch.booklets.get(rank=rank).number)


def read(pdf: bytes) -> str:
    return " ".join("\n".join(texts(pdf)).split())


def slip_of(transfer: Transfer, by: Actor = SYSTEM) -> str:
    return read(slip_pdf(by=by, transfer=transfer, now=NOW))


def test_a_slip_lists_its_booklets_by_batch_rank_and_number(scheme: Scheme, batch: Batch) -> None:
    text = slip_of(parcel(scheme, batch))
    assert "Bordereau de remise" in text
    assert f"Lot 1, n° 1 à 3 {number(batch, 1)} {number(batch, 3)} 3 30 300 €" in text
    assert f"Lot 1, n° 5 {number(batch, 5)} {number(batch, 5)} 1 10 100 €" in text
    for words in (scheme.network.name, scheme.prescriber.name, scheme.programme.name, "mercredi 4 mars 2026"):
        assert words in text


def test_a_slip_is_filled_in_once_received(scheme: Scheme, batch: Batch) -> None:
    transfer = parcel(scheme, batch)
    assert "Écart constaté …" in slip_of(transfer)
    missing = [batch.booklets.get(rank=2).number]
    text = slip_of(receive(by=SYSTEM, transfer=transfer, missing=missing, now=NOW))
    assert "1 chéquier manquant" in text
    assert (
        f"Chéquiers manquants Lot et rangs Du numéro Au numéro Chéquiers Pass Valeur Lot 1, n° 2 {number(batch, 2)}"
        in text
    )


def test_a_return_is_called_one(scheme: Scheme, batch: Batch) -> None:
    delivered(batch, scheme.prescriber)
    ranges = [BookletRange(batch.pk, 1, 2)]
    back = return_booklets(by=SYSTEM, sender=scheme.prescriber, receiver=scheme.network, ranges=ranges, now=NOW)
    assert "Bordereau de retour" in slip_of(back)


def test_a_recalled_parcel_has_a_slip_without_effect(scheme: Scheme, batch: Batch) -> None:
    text = slip_of(recall(by=SYSTEM, transfer=parcel(scheme, batch), reason="mauvais destinataire", now=NOW))
    assert "mercredi 4 mars 2026 : mauvais destinataire" in text
    assert "sans effet" in text


def test_a_record_says_where_how_why_and_before_whom(scheme: Scheme, batch: Batch) -> None:
    text = read(record_pdf(by=SYSTEM, destruction=gone(scheme, batch), now=NOW))
    for words in ("Guéret, salle du conseil", "broyage", "fin de campagne", "Témoin : Anne Martin", number(batch, 2)):
        assert words in text


def test_a_record_older_than_its_fields_is_filled_in_by_hand(scheme: Scheme, batch: Batch) -> None:
    destruction = gone(scheme, batch)
    destruction.place = destruction.method = ""
    text = read(record_pdf(by=SYSTEM, destruction=destruction, now=NOW))
    assert "Lieu …" in text
    assert "Procédé …" in text


def test_both_sides_and_who_steers_read_a_slip(scheme: Scheme, batch: Batch) -> None:
    transfer = parcel(scheme, batch)
    for role in (Role.COORDINATOR, Role.PRESCRIBER, Role.FUNDER, Role.OBSERVER):
        assert slip_of(transfer, by=scheme.actor(role))


def test_nobody_else_reads_a_slip(scheme: Scheme, batch: Batch) -> None:
    transfer = parcel(scheme, batch)
    strangers = (
        make_actor(Role.MEDIATOR, scheme.prescriber),
        make_actor(Role.PRESCRIBER, make_organisation(is_prescriber=True)),
        make_actor(),
    )
    for stranger in strangers:
        with refused("right_missing"):
            slip_pdf(by=stranger, transfer=transfer, now=NOW)


def test_a_record_is_read_by_those_who_destroy_and_who_steer(scheme: Scheme, batch: Batch) -> None:
    destruction = gone(scheme, batch)
    for role in (Role.COORDINATOR, Role.OBSERVER):
        assert record_pdf(by=scheme.actor(role), destruction=destruction, now=NOW)
    strangers = (scheme.actor(Role.PRESCRIBER), make_actor(Role.MEDIATOR, scheme.network), make_actor())
    for stranger in strangers:
        with refused("right_missing"):
            record_pdf(by=stranger, destruction=destruction, now=NOW)


def test_the_papers_are_in_the_colours_of_their_programme(scheme: Scheme, batch: Batch) -> None:
    transfer = parcel(scheme, batch)
    assert not {INK, PINK} & colours_of(slip_pdf(by=SYSTEM, transfer=transfer, now=NOW))
    in_its_colours(scheme.programme)
    transfer = Transfer.objects.get(pk=transfer.pk)
    assert {INK, PINK} <= colours_of(slip_pdf(by=SYSTEM, transfer=transfer, now=NOW))
    assert {INK, PINK} <= colours_of(register_pdf(register_on(scheme.programme, NOW.date()), moment=NOW))


def test_the_record_of_a_destruction_too(scheme: Scheme, batch: Batch) -> None:
    in_its_colours(scheme.programme)
    destruction = Destruction.objects.get(pk=gone(scheme, batch).pk)
    assert {INK, PINK} <= colours_of(record_pdf(by=SYSTEM, destruction=destruction, now=NOW))
