"""The register of valeurs inactives on paper, at the end of a day."""

from datetime import datetime

from django.utils.translation import gettext as _

from poincon.kernel.documents import Column, Table, count, day, render_tables
from poincon.kernel.money import euros
from poincon.passes.queries.register import Register
from poincon.programmes.theme import letterhead_of


def register_pdf(register: Register, *, moment: datetime | None = None) -> bytes:
    """What came in, went out and remains, batch by batch and holder by holder; to be signed by whoever keeps it."""
    programme = register.programme
    return render_tables(
        title=_("Registre des valeurs inactives"),
        issuer=programme.owner.name,
        reference=_("%(programme)s – au %(day)s") % {"programme": programme.name, "day": day(register.day)},
        facts=[
            (_("Dispositif"), programme.name),
            (_("Arrêté au"), day(register.day)),
            (_("Chéquiers restants"), count(register.remaining)),
            (_("Valeur faciale restante"), euros(register.face_value)),
        ],
        tables=[_batches(register), _holders(register)],
        signatures=[_("Le régisseur"), _("Le comptable")],
        letterhead=letterhead_of(programme),
        moment=moment,
    )


def _batches(register: Register) -> Table:
    headings = (_("Imprimés"), _("Remis"), _("Détruits"), _("Manquants"), _("En chemin"), _("En stock"))
    return Table(
        caption=_("Lot par lot, en chéquiers"),
        columns=[Column(_("Lot")), *(Column(heading, numeric=True) for heading in headings)],
        rows=[
            (
                str(one.batch.number),
                *map(count, (one.printed, one.handed, one.destroyed, one.missing, one.on_the_way, one.in_stock)),
            )
            for one in register.batches
        ],
    )


def _holders(register: Register) -> Table:
    return Table(
        caption=_("Chéquiers en stock, détenteur par détenteur"),
        columns=[Column(_("Détenteur")), Column(_("En stock"), numeric=True)],
        rows=[(one.holder.name, count(one.in_stock)) for one in register.holders],
        total=(_("Total"), count(sum(one.in_stock for one in register.holders))),
    )
