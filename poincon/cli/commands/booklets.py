"""Booklets: they move between organisations, then to people; some get lost."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from poincon.beneficiaries.models import CaseFile
from poincon.cli.acting import acts
from poincon.cli.files import out_option, write_files, written
from poincon.cli.references import BOOKLETS, CASE_FILE, DESTRUCTION, HAND_OVER, ORGANISATION, TRANSFER, batch_name
from poincon.cli.shape import Answer, Group, answers, table
from poincon.kernel.documents import day
from poincon.kernel.refusals import Refusal
from poincon.organisations.actors import Actor
from poincon.organisations.models import Organisation
from poincon.passes import codes, positions
from poincon.passes.enums import BlockReason, DiscrepancyEnding
from poincon.passes.models import Booklet, Destruction, HandOver, Transfer
from poincon.passes.queries import examine
from poincon.passes.queries.parcels import still_missing
from poincon.passes.ranges import BookletRange, read_number
from poincon.passes.services import block as blocking
from poincon.passes.services import move
from poincon.passes.services.hand_over import cancel_hand_over, hand_over
from poincon.passes.services.papers import record_pdf, slip_pdf
from poincon.passes.services.resolve import find_missing, reopen_discrepancy, resolve_discrepancy

ranges_argument = click.argument("ranges", metavar="CHÉQUIERS…", type=BOOKLETS, nargs=-1, required=True)


@click.group(cls=Group)
def booklets() -> None:
    """Chéquiers : ils vont de stock en stock, puis aux personnes.

    CHÉQUIERS s’écrit : un numéro, deux numéros joints par .., un lot (creuse/1) ou des rangs d’un lot (creuse/1:1-40).
    """


@booklets.command(name="list")
@ranges_argument
@answers
def list_booklets(ranges: Sequence[BookletRange]) -> Answer:
    """Liste CHÉQUIERS : rang, numéro, détenteur, pass remis et utilisés."""
    data = [_about(booklet) for item in ranges for booklet in _rows(item)]
    rows = [
        (one["rank"], one["number"], one["custody"], one["holder"] or "", one["handed"], one["used"]) for one in data
    ]
    return Answer(data, table(("rang", "numéro", "garde", "détenteur", "remis", "utilisés"), rows))


@booklets.command()
@ranges_argument
@answers
def numbers(ranges: Sequence[BookletRange]) -> Answer:
    """Dit les numéros de CHÉQUIERS, un par ligne, pour un script."""
    found = [codes.written(booklet.number) for item in ranges for booklet in _rows(item)]
    return Answer(found, found)


def _rows(item: BookletRange) -> Any:
    found = Booklet.objects.filter(batch_id=item.batch_id, rank__range=(item.first_rank, item.last_rank))
    return found.select_related("holder", "batch__programme").order_by("rank")


def _about(booklet: Booklet) -> dict[str, Any]:
    return {
        "number": codes.written(booklet.number),
        "batch": batch_name(booklet.batch),
        "rank": booklet.rank,
        "size": booklet.size,
        "custody": str(booklet.get_custody_display()),
        "validity": str(booklet.get_validity_display()),
        "holder": booklet.holder.name if booklet.holder else None,
        "handed": booklet.handed.bit_count(),
        "used": booklet.used.bit_count(),
    }


@booklets.command()
@click.argument("presented", metavar="NUMÉRO")
@answers
def show(presented: str) -> Answer:
    """Montre le chéquier de ce NUMÉRO (ou de ce code scanné), sans rien utiliser."""
    tested = examine(presented)
    if isinstance(tested, Refusal):
        raise tested
    booklet, refusal = tested.booklet, tested.refusal
    about = _about(booklet) | {
        "valid_until": tested.valid_until,
        "used_positions": positions.positions_of(booklet.used),
        "refused_now": refusal.code if refusal else None,
    }
    return Answer(
        about,
        [
            f"Chéquier {about['number']}, lot {about['batch']}, rang {booklet.rank} : {booklet.size} pass.",
            f"{about['custody'].capitalize()}, {about['validity']}. Détenteur : {about['holder'] or 'aucun'}.",
            f"{about['handed']} pass remis, {about['used']} utilisés, valables jusqu’au {day(tested.valid_until)}.",
            str(refusal.sentence) if refusal else "Un poinçon serait accepté aujourd’hui.",
        ],
    )


@booklets.command()
@click.option("--from", "sender", required=True, type=ORGANISATION, help="Expéditeur.")
@click.option("--to", "receiver", required=True, type=ORGANISATION, help="Destinataire.")
@ranges_argument
@answers
@acts
def send(*, by: Actor, sender: Organisation, receiver: Organisation, ranges: Sequence[BookletRange]) -> Answer:
    """Expédie CHÉQUIERS ; ils sont en chemin jusqu’à leur réception."""
    return _sent(move.send(by=by, sender=sender, receiver=receiver, ranges=ranges))


@booklets.command(name="return")
@click.option("--from", "sender", required=True, type=ORGANISATION, help="Qui les rend.")
@click.option("--to", "receiver", required=True, type=ORGANISATION, help="À qui.")
@ranges_argument
@answers
@acts
def give_back(*, by: Actor, sender: Organisation, receiver: Organisation, ranges: Sequence[BookletRange]) -> Answer:
    """Rend CHÉQUIERS jamais remis (fin de campagne, stock trop grand)."""
    return _sent(move.return_booklets(by=by, sender=sender, receiver=receiver, ranges=ranges))


def _sent(transfer: Transfer) -> Answer:
    return Answer(
        {"transfer": transfer.pk, "booklets": transfer.booklets_sent},
        [
            f"Bordereau n° {transfer.pk} : {transfer.booklets_sent} chéquiers partent pour {transfer.receiver}.",
            f"À signer : poincon booklets slip {transfer.pk}. À l’arrivée : poincon booklets receive {transfer.pk}",
        ],
    )


@booklets.command()
@click.argument("transfer", type=TRANSFER)
@click.option("--missing", multiple=True, metavar="NUMÉRO", help="Chéquier absent, bloqué aussitôt ; se répète.")
@click.option("--note", default="", metavar="TEXTE", help="Écart constaté.")
@answers
@acts
def receive(*, by: Actor, transfer: Transfer, missing: Sequence[str], note: str) -> Answer:
    """Reçoit le colis de BORDEREAU, après l’avoir compté."""
    done = move.receive(by=by, transfer=transfer, missing=[read_number(number) for number in missing], note=note)
    return Answer(
        {"transfer": done.pk, "sent": done.booklets_sent, "received": done.booklets_received},
        [f"{done.booklets_received} chéquiers reçus sur {done.booklets_sent}. {done.discrepancy}".strip()],
    )


@booklets.command()
@click.argument("transfer", type=TRANSFER)
@click.option("--reason", required=True, metavar="MOTIF", help="Pourquoi ; il reste inscrit au bordereau.")
@answers
@acts
def recall(*, by: Actor, transfer: Transfer, reason: str) -> Answer:
    """Rappelle le colis de BORDEREAU, pas encore reçu : ses chéquiers rentrent au stock d’où ils partaient."""
    done = move.recall(by=by, transfer=transfer, reason=reason)
    return Answer(
        {"transfer": done.pk, "booklets": done.booklets_sent},
        [f"Bordereau n° {done.pk} rappelé. Chéquiers revenus chez {done.sender} : {done.booklets_sent}."],
    )


@booklets.command()
@click.argument("transfer", type=TRANSFER)
@click.argument("numbers", metavar="NUMÉRO…", nargs=-1, required=True)
@click.option("--at", "holder", required=True, type=ORGANISATION, help="Chez qui : l’expéditeur ou le destinataire.")
@answers
@acts
def found(*, by: Actor, transfer: Transfer, numbers: Sequence[str], holder: Organisation) -> Answer:
    """Fait rentrer en stock, hors d’usage, les chéquiers de ces NUMÉROS, manquants à BORDEREAU et retrouvés."""
    entered = find_missing(by=by, transfer=transfer, holder=holder, numbers=[read_number(one) for one in numbers])
    left = sum(map(len, still_missing(transfer)))
    return Answer(
        {"transfer": transfer.pk, "found": len(entered), "missing": left},
        [f"Rentrés en stock, hors d’usage : {len(entered)}. Encore manquants : {left}."],
    )


@booklets.command()
@click.argument("transfer", type=TRANSFER)
@click.option("--how", required=True, type=click.Choice(DiscrepancyEnding.values), help="Comment l’écart a fini.")
@click.option("--note", required=True, metavar="TEXTE", help="Ce qui s’est passé ; il reste inscrit au bordereau.")
@answers
@acts
def resolve(*, by: Actor, transfer: Transfer, how: str, note: str) -> Answer:
    """Clôt l’écart de BORDEREAU : il n’attend plus de décision."""
    done = resolve_discrepancy(by=by, transfer=transfer, how=DiscrepancyEnding(how), note=note)
    return Answer(
        {"transfer": done.pk, "how": done.resolved_how},
        [f"Écart du bordereau n° {done.pk} clos : {DiscrepancyEnding(how).label}."],
    )


@booklets.command()
@click.argument("transfer", type=TRANSFER)
@answers
@acts
def reopen(*, by: Actor, transfer: Transfer) -> Answer:
    """Rouvre l’écart de BORDEREAU, clos par erreur."""
    done = reopen_discrepancy(by=by, transfer=transfer)
    return Answer({"transfer": done.pk}, [f"Écart du bordereau n° {done.pk} rouvert : il attend une décision."])


@booklets.command()
@click.argument("transfer", type=TRANSFER)
@out_option
@answers
@acts
def slip(*, by: Actor, transfer: Transfer, out: Path | None) -> Answer:
    """Écrit BORDEREAU en PDF, à signer par celui qui remet et celui qui reçoit."""
    pdf = slip_pdf(by=by, transfer=transfer)
    return written(write_files(out, "bordereaux", {f"bordereau-{transfer.pk}.pdf": pdf}))


@booklets.command(name="hand-over")
@click.argument("number", metavar="NUMÉRO")
@click.option("--prescriber", required=True, type=ORGANISATION, help="Qui remet, de son stock.")
@click.option("--case", "case_file", type=CASE_FILE, help="Dossier de la personne, si le dispositif la connaît.")
@click.option("--passes", type=int, metavar="N", help="Seulement les N premiers pass encore à remettre.")
@answers
@acts
def hand_to_person(
    *, by: Actor, number: str, prescriber: Organisation, case_file: CaseFile | None, passes: int | None
) -> Answer:
    """Remet à une personne le chéquier de ce NUMÉRO, entier ou en partie."""
    given = hand_over(by=by, prescriber=prescriber, number=number, case_file=case_file, passes=passes)
    return _given(given.pk, given.booklet, given.passes)


@booklets.command(name="cancel-hand-over")
@click.argument("given", type=HAND_OVER)
@click.option("--reason", required=True, metavar="MOTIF", help="Pourquoi.")
@answers
@acts
def take_back(*, by: Actor, given: HandOver, reason: str) -> Answer:
    """Annule REMISE, faite par erreur et dont aucun pass n’a servi : le chéquier rentre au stock du prescripteur."""
    done = cancel_hand_over(by=by, hand_over=given, reason=reason)
    number = codes.written(done.booklet.number)
    return Answer(
        {"hand_over": done.pk, "number": number, "positions": positions.positions_of(done.passes)},
        [
            f"Remise n° {done.pk} annulée.",
            f"Chéquier {number} : {done.passes.bit_count()} pass de nouveau à remettre.",
        ],
    )


@booklets.command(name="block")
@click.argument("number", metavar="NUMÉRO")
@click.option(
    "--reason",
    required=True,
    type=click.Choice([reason.value for reason in BlockReason if reason is not BlockReason.MISSING]),
    help="Perte, vol, erreur de remise.",
)
@click.option("--note", default="", metavar="TEXTE", help="Précision.")
@answers
@acts
def block_booklet(*, by: Actor, number: str, reason: str, note: str) -> Answer:
    """Met en opposition le chéquier de ce NUMÉRO : plus aucun de ses pass n’est accepté."""
    blocked = blocking.block(by=by, number=number, reason=BlockReason(reason), note=note)
    stopped = codes.written(blocked.booklet.number)
    return Answer({"number": stopped, "reason": reason}, [f"Le chéquier {stopped} est en opposition."])


@booklets.command()
@click.argument("number", metavar="NUMÉRO")
@click.argument("new_number", metavar="NOUVEAU")
@click.option("--prescriber", required=True, type=ORGANISATION, help="Qui remet le NOUVEAU, de son stock.")
@click.option("--hand-over", "replaced", type=HAND_OVER, help="Remise remplacée, si le chéquier était partagé.")
@answers
@acts
def replace(*, by: Actor, number: str, new_number: str, prescriber: Organisation, replaced: HandOver | None) -> Answer:
    """Donne, sur le chéquier NOUVEAU, autant de pass qu’il en restait sur celui de ce NUMÉRO, en opposition."""
    given = blocking.replace(by=by, prescriber=prescriber, number=number, new_number=new_number, hand_over=replaced)
    return _given(given.pk, given.booklet, given.passes)


def _given(hand_over_id: int, booklet: Booklet, passes: int) -> Answer:
    number = codes.written(booklet.number)
    return Answer(
        {"hand_over": hand_over_id, "number": number, "positions": positions.positions_of(passes)},
        [f"Remise n° {hand_over_id} : {passes.bit_count()} pass du chéquier {number}."],
    )


@booklets.command()
@click.option("--holder", required=True, type=ORGANISATION, help="Qui les détient.")
@click.option("--place", required=True, metavar="LIEU", help="Où : le siège du réseau, à Guéret.")
@click.option("--method", required=True, metavar="PROCÉDÉ", help="Comment : broyage, incinération.")
@click.option("--witness", required=True, metavar="NOM", help="Témoin, nommé au procès-verbal.")
@click.option("--reason", required=True, metavar="MOTIF", help="Pourquoi.")
@ranges_argument
@answers
@acts
def destroy(*, by: Actor, holder: Organisation, ranges: Sequence[BookletRange], **told: Any) -> Answer:
    """Détruit CHÉQUIERS en stock, devant témoin."""
    done = move.destroy(by=by, holder=holder, ranges=ranges, **told)
    return Answer(
        {"destruction": done.pk, "booklets": done.booklets},
        [
            f"Procès-verbal n° {done.pk} : {done.booklets} chéquiers détruits.",
            f"À signer : poincon booklets record {done.pk}",
        ],
    )


@booklets.command()
@click.argument("destruction", type=DESTRUCTION)
@out_option
@answers
@acts
def record(*, by: Actor, destruction: Destruction, out: Path | None) -> Answer:
    """Écrit PROCÈS-VERBAL de destruction en PDF, à signer par le détenteur et le témoin."""
    pdf = record_pdf(by=by, destruction=destruction)
    return written(write_files(out, "proces-verbaux", {f"proces-verbal-{destruction.pk}.pdf": pdf}))
