"""Batches of booklets: from the order to the end of validity."""

from datetime import date
from pathlib import Path
from typing import Any

import click
from django.conf import settings

from poincon.cli.acting import acts
from poincon.cli.references import BATCH, DAY, ORGANISATION, PROGRAMME, batch_name
from poincon.cli.shape import Answer, Group, answers, progress_bar, table
from poincon.kernel.documents import day
from poincon.organisations.actors import Actor
from poincon.organisations.models import Organisation
from poincon.passes.documents.layout import Duplex, Format, Layout
from poincon.passes.enums import Custody, Validity
from poincon.passes.models import Batch
from poincon.passes.queries.batch import batch_last_day
from poincon.passes.services.activate import activate, expire
from poincon.passes.services.order import cancel_batch, order_batch
from poincon.passes.services.printing import approve_proof, print_batch, print_proof
from poincon.programmes.models import Programme


@click.group(cls=Group)
def batch() -> None:
    """Lots de chéquiers. Un lot se nomme CODE-DU-DISPOSITIF/NUMÉRO, comme creuse/1."""


@batch.command()
@click.argument("programme", type=PROGRAMME)
@click.option("--quantity", required=True, type=int, metavar="N", help="Nombre de chéquiers.")
@click.option("--size", required=True, type=int, metavar="N", help="Pass par chéquier.")
@click.option("--from", "valid_from", type=DAY, help="Valables à partir du.  [par défaut : aujourd’hui]")
@click.option("--until", "valid_until", type=DAY, help="Valables jusqu’au.  [par défaut : la durée du dispositif]")
@click.option("--stock", type=ORGANISATION, help="Livrés à.  [par défaut : la tête de réseau]")
@click.option("--letter", default="", metavar="TEXTE", help="Texte du courrier, à la place de celui du dispositif.")
@answers
@acts
def order(
    *,
    by: Actor,
    programme: Programme,
    quantity: int,
    size: int,
    valid_from: date | None,
    valid_until: date | None,
    stock: Organisation | None,
    letter: str,
) -> Answer:
    """Commande un lot pour DISPOSITIF : ses chéquiers reçoivent leur numéro."""
    with progress_bar("Numérotation") as progress:
        made = order_batch(
            by=by,
            programme=programme,
            quantity=quantity,
            size=size,
            valid_from=valid_from,
            valid_until=valid_until,
            stock_holder=stock,
            letter_text=letter,
            progress=progress,
        )
    return Answer(
        {"batch": batch_name(made), "quantity": quantity, "size": size, "valid_until": made.valid_until},
        [f"Lot {batch_name(made)} commandé : {quantity} chéquiers de {size} pass, jusqu’au {day(made.valid_until)}."],
    )


def _folder(batch: Batch, out: Path | None) -> Path:
    return out or Path(settings.DOCUMENTS_DIR) / "lots" / batch.programme.code / f"lot-{batch.number}"


def _layout_options(function: Any) -> Any:
    """How booklets lie on paper."""
    options = [
        click.option("--out", type=click.Path(file_okay=False, path_type=Path), metavar="DOSSIER", help="Où écrire."),
        click.option(
            "--format",
            "sheets",
            type=click.Choice([one.value for one in Format]),
            default=Format.FOLDED.value,
            show_default=True,
            help="Feuille A4 à plier (folded) ou à couper en quatre (cut).",
        ),
        click.option(
            "--duplex",
            type=click.Choice([one.value for one in Duplex]),
            default=Duplex.LONG_EDGE.value,
            show_default=True,
            help="Bord autour duquel l’imprimante retourne la feuille à plier.",
        ),
        click.option("--bleed", type=float, default=0, metavar="MM", help="Fond perdu et traits de coupe, en mm."),
    ]
    for option in reversed(options):
        function = option(function)
    return function


def _layout(sheets: str, duplex: str, bleed: float) -> Layout:
    if not 0 <= bleed <= 10:
        raise click.BadParameter("de 0 à 10 mm.", param_hint="--bleed")
    return Layout(format=Format(sheets), duplex=Duplex(duplex), bleed_mm=bleed)


@batch.command()
@click.argument("batch", type=BATCH)
@_layout_options
@answers
@acts
def proof(*, by: Actor, batch: Batch, out: Path | None, sheets: str, duplex: str, bleed: float) -> Answer:
    """Écrit l’épreuve de LOT (bon à tirer) : les mêmes feuilles, en filigrane, avec des codes que rien n’accepte."""
    path = print_proof(by=by, batch=batch, out=_folder(batch, out), layout=_layout(sheets, duplex, bleed))
    return Answer(
        {"file": path}, [f"Épreuve : {path}", f"Si elle convient : poincon batch approve {batch_name(batch)}"]
    )


@batch.command()
@click.argument("batch", type=BATCH)
@answers
@acts
def approve(by: Actor, batch: Batch) -> Answer:
    """Valide le bon à tirer de LOT : il peut être imprimé."""
    approve_proof(by=by, batch=batch)
    return Answer({"batch": batch_name(batch)}, ["Bon à tirer validé."])


@batch.command(name="print")
@click.argument("batch", type=BATCH)
@_layout_options
@answers
@acts
def print_sheets(*, by: Actor, batch: Batch, out: Path | None, sheets: str, duplex: str, bleed: float) -> Answer:
    """Écrit les feuilles et les courriers de LOT, puis entre ses chéquiers en stock, inertes.

    Interrompue, la même commande reprend où elle en était.
    """
    with progress_bar("Impression") as progress:
        files = print_batch(
            by=by,
            batch=batch,
            out=_folder(batch, out),
            layout=_layout(sheets, duplex, bleed),
            progress=progress,
        )
    return Answer(
        {"files": files},
        [f"{len(files)} fichiers dans {files[0].parent}.", f"{batch.quantity} chéquiers en stock, inertes."],
    )


@batch.command()
@click.argument("batch", type=BATCH)
@click.option("--reason", required=True, metavar="MOTIF", help="Pourquoi ; le journal le garde.")
@answers
@acts
def cancel(*, by: Actor, batch: Batch, reason: str) -> Answer:
    """Annule LOT, commandé et pas encore imprimé : ses chéquiers ne circuleront jamais. Rien n’est effacé."""
    done = cancel_batch(by=by, batch=batch, reason=reason)
    return Answer({"batch": batch_name(done)}, [f"Le lot {batch_name(done)} est annulé."])


@batch.command(name="activate")
@click.argument("batch", type=BATCH)
@answers
@acts
def activate_batch(by: Actor, batch: Batch) -> Answer:
    """Rend utilisables les chéquiers de LOT, si l’argent enregistré les couvre."""
    activate(by=by, batch=batch)
    return Answer({"batch": batch_name(batch)}, [f"Le lot {batch_name(batch)} est actif."])


@batch.command(name="expire")
@click.argument("batch", type=BATCH)
@answers
@acts
def expire_batch(by: Actor, batch: Batch) -> Answer:
    """Met fin à LOT, une fois passés sa validité, la tolérance et le délai des appareils hors ligne."""
    expired = expire(by=by, batch=batch)
    return Answer({"expired": expired}, [f"{expired} chéquiers ont expiré."])


@batch.command(name="list")
@click.argument("programme", type=PROGRAMME)
@answers
def list_batches(programme: Programme) -> Answer:
    """Liste les lots de DISPOSITIF."""
    found = [_about(one) for one in programme.batches.select_related("programme", "stock_holder").order_by("number")]
    rows = [(one["batch"], one["quantity"], one["size"], one["valid_until"], one["state"]) for one in found]
    return Answer(found, table(("lot", "chéquiers", "pass", "jusqu’au", "état"), rows))


@batch.command()
@click.argument("batch", type=BATCH)
@answers
def show(batch: Batch) -> Answer:
    """Montre LOT : où sont ses chéquiers, ce qu’ils valent."""
    about = _about(batch)
    where = {str(one.label): batch.booklets.filter(custody=one).count() for one in Custody}
    worth = {str(one.label): batch.booklets.filter(validity=one).count() for one in Validity}
    rows = [(label, count) for label, count in {**where, **worth}.items() if count]
    return Answer(
        about | {"custody": where, "validity": worth},
        [
            f"Lot {about['batch']} : {batch.quantity} chéquiers de {batch.size} pass, {about['state']}.",
            f"Valables du {day(batch.valid_from)} au {day(about['valid_until'])}. Livrés à {batch.stock_holder}.",
            *table(("chéquiers", ""), rows),
        ],
    )


def _about(batch: Batch) -> dict[str, Any]:
    return {
        "batch": batch_name(batch),
        "quantity": batch.quantity,
        "size": batch.size,
        "unit_value": batch.unit_value,
        "unit_minutes": batch.unit_minutes,
        "valid_from": batch.valid_from,
        "valid_until": batch_last_day(batch),
        "stock_holder": batch.stock_holder.name,
        "state": _state(batch),
    }


def _state(batch: Batch) -> str:
    steps = (
        (batch.cancelled_at, "annulé"),
        (batch.expired_at, "expiré"),
        (batch.activated_at, "actif"),
        (batch.printed_at, "imprimé"),
        (batch.proof_approved_at, "bon à tirer validé"),
    )
    return next((word for moment, word in steps if moment is not None), "commandé")
