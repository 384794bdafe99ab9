"""What is always true of passes (section "Rules of redemption", "Money" and "The life of a booklet" of the domain)."""

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from poincon.kernel.db import bit_count_sql
from poincon.kernel.invariants import Fault, Invariant, rows_at_fault
from poincon.kernel.money import euros
from poincon.kernel.refusals import Text
from poincon.passes import codes
from poincon.passes.cover import cover
from poincon.passes.enums import Custody, MovementKind, Validity
from poincon.programmes.models import Programme

#: The position of a pass as a bit; the cast keeps PostgreSQL from shifting a 32-bit integer.
BIT = "(CAST(1 AS bigint) << ({} - 1))"


def _by_booklet(detail: Text, sql: str, *parameters: object) -> Callable[[], list[Fault]]:
    """A finder whose query gives the number of a booklet, then what ``detail`` shows."""

    def find() -> list[Fault]:
        return [
            Fault(_("chéquier %(number)s") % {"number": codes.written(number)}, str(detail).format(*shown))
            for number, *shown in rows_at_fault(sql, parameters)
        ]

    return find


def _by_row(subject: Text, detail: Text, sql: str, *parameters: object) -> Callable[[], list[Fault]]:
    def find() -> list[Fault]:
        return [
            Fault(f"{subject} {row_id}", str(detail).format(*shown))
            for row_id, *shown in rows_at_fault(sql, parameters)
        ]

    return find


def _conservation() -> list[Fault]:
    """Passes printed = inert + active unused + redeemed + expired + blocked + destroyed, per programme.

    Both sides are counted apart: the printed from the orders, the redeemed from the redemptions, the rest from the
    booklets.
    """
    unused = f"(b.size - {bit_count_sql('b.used')})"
    rows = rows_at_fault(
        "SELECT p.code, printed.passes, COALESCE(held.passes, 0), COALESCE(redeemed.passes, 0) "
        "FROM programmes_programme p "
        "JOIN (SELECT programme_id, SUM(CAST(quantity AS bigint) * size) AS passes FROM passes_batch "
        "WHERE printed_at IS NOT NULL GROUP BY programme_id) printed ON printed.programme_id = p.id "
        f"LEFT JOIN (SELECT t.programme_id, SUM({unused}) AS passes FROM passes_booklet b "
        "JOIN passes_batch t ON t.id = b.batch_id WHERE b.custody <> %s GROUP BY t.programme_id) held "
        "ON held.programme_id = p.id "
        "LEFT JOIN (SELECT programme_id, COUNT(*) AS passes FROM passes_redemption WHERE annulment_id IS NULL "
        "GROUP BY programme_id) redeemed ON redeemed.programme_id = p.id "
        "WHERE printed.passes <> COALESCE(held.passes, 0) + COALESCE(redeemed.passes, 0)",
        [Custody.ORDERED],
    )
    return [
        Fault(
            _("dispositif %(code)s") % {"code": code},
            _("%(printed)s pass imprimés, mais %(held)s inutilisés et %(redeemed)s utilisés")
            % {"printed": printed, "held": held, "redeemed": redeemed},
        )
        for code, printed, held, redeemed in rows
    ]


def _cover() -> list[Fault]:
    faults = []
    for programme in Programme.objects.filter(uses_passes=True).order_by("id"):
        figures = cover(programme)
        if missing := figures.missing():
            shown = {"received": figures.received, "engaged": figures.engaged, "missing": missing}
            faults.append(
                Fault(
                    _("dispositif %(code)s") % {"code": programme.code},
                    _("%(received)s reçus pour %(engaged)s engagés : il manque %(missing)s")
                    % {name: euros(amount) for name, amount in shown.items()},
                )
            )
    return faults


INVARIANTS = (
    Invariant(
        "used_mask_is_redemptions",
        _("Les pass marqués utilisés d’un chéquier sont ceux de ses utilisations en cours."),
        _by_booklet(
            _("pass marqués {0:b}, utilisations {1:b}"),
            "SELECT b.number, b.used, CAST(COALESCE(r.mask, 0) AS bigint) FROM passes_booklet b LEFT JOIN "
            f"(SELECT booklet_id, SUM({BIT.format('position')}) AS mask FROM passes_redemption "
            "WHERE annulment_id IS NULL GROUP BY booklet_id) r ON r.booklet_id = b.id "
            "WHERE b.used <> COALESCE(r.mask, 0) ORDER BY b.id",
        ),
    ),
    Invariant(
        "handed_mask_is_hand_overs",
        _("Les pass marqués remis d’un chéquier sont ceux de ses remises en cours."),
        _by_booklet(
            _("pass marqués {0:b}, remises {1:b}"),
            "SELECT b.number, b.handed, CAST(COALESCE(h.mask, 0) AS bigint) FROM passes_booklet b LEFT JOIN "
            "(SELECT booklet_id, SUM(passes) AS mask FROM passes_handover "
            "WHERE cancellation_id IS NULL GROUP BY booklet_id) h ON h.booklet_id = b.id "
            "WHERE b.handed <> COALESCE(h.mask, 0) ORDER BY b.id",
        ),
    ),
    Invariant(
        "batch_complete",
        _("Un lot compte autant de chéquiers qu’il en a été commandé, de la taille commandée."),
        _by_row(
            _("lot"),
            _("{0} chéquiers commandés, {1} trouvés"),
            "SELECT t.id, t.quantity, COUNT(b.id) FROM passes_batch t "
            "LEFT JOIN passes_booklet b ON b.batch_id = t.id AND b.size = t.size AND b.rank BETWEEN 1 AND t.quantity "
            "GROUP BY t.id, t.quantity HAVING COUNT(b.id) <> t.quantity ORDER BY t.id",
        ),
    ),
    Invariant(
        "conservation",
        _("Pass imprimés = inertes + actifs inutilisés + utilisés + expirés + bloqués + détruits."),
        _conservation,
    ),
    Invariant("cover", _("L’argent reçu couvre les pass utilisables et utilisés."), _cover),
    Invariant(
        "redemption_frozen_right",
        _("Un pass utilisé vaut ce que vaut son lot, dans le dispositif de son lot."),
        _by_row(
            _("utilisation"),
            _("{0} centimes et {1} minutes, au lieu de {2} et {3}"),
            "SELECT r.id, r.value, r.minutes, t.unit_value, t.unit_minutes FROM passes_redemption r "
            "JOIN passes_booklet b ON b.id = r.booklet_id JOIN passes_batch t ON t.id = b.batch_id "
            "WHERE r.value <> t.unit_value OR r.minutes <> t.unit_minutes OR r.programme_id <> t.programme_id "
            "OR r.position > b.size ORDER BY r.id",
        ),
    ),
    Invariant(
        "scan_gives_its_passes",
        _("Un scan accepté a utilisé autant de pass qu’il le dit, un scan refusé aucun."),
        _by_row(
            _("scan"),
            _("{0} pass accordés, {1} utilisations"),
            "SELECT s.id, CASE WHEN s.accepted THEN s.passes ELSE 0 END, COALESCE(r.passes, 0) FROM passes_scan s "
            "LEFT JOIN (SELECT scan_id, COUNT(*) AS passes FROM passes_redemption GROUP BY scan_id) r "
            "ON r.scan_id = s.id "
            "WHERE CASE WHEN s.accepted THEN s.passes ELSE 0 END <> COALESCE(r.passes, 0) ORDER BY s.id",
        ),
    ),
    Invariant(
        "redemption_follows_its_scan",
        _("Une utilisation porte sur le chéquier et l’opérateur de son scan."),
        _by_row(
            _("utilisation"),
            _("le scan {0} porte sur un autre chéquier ou un autre opérateur"),
            "SELECT r.id, s.id FROM passes_redemption r JOIN passes_scan s ON s.id = r.scan_id "
            "WHERE s.booklet_id <> r.booklet_id OR s.operator_id <> r.operator_id OR NOT s.accepted ORDER BY r.id",
        ),
    ),
    Invariant(
        "facts_name_existing_rows",
        _("Un scan et ses utilisations nomment un opérateur, un lieu, un service, un appareil qui existent."),
        _by_row(
            _("scan"),
            _("l’opérateur {0}, l’appareil {1}, le médiateur {2}, le lieu {3} ou le service {4} n’existe pas"),
            "SELECT s.id, s.operator_id, s.device_id, s.mediator_id, s.venue_id, s.service_id FROM passes_scan s "
            "LEFT JOIN passes_redemption r ON r.scan_id = s.id "
            "WHERE NOT EXISTS (SELECT 1 FROM organisations_organisation x WHERE x.id = s.operator_id) "
            "OR (s.device_id IS NOT NULL "
            "AND NOT EXISTS (SELECT 1 FROM organisations_device x WHERE x.id = s.device_id)) "
            "OR (s.mediator_id IS NOT NULL "
            "AND NOT EXISTS (SELECT 1 FROM organisations_user x WHERE x.id = s.mediator_id)) "
            "OR (s.venue_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM mediation_venue x WHERE x.id = s.venue_id)) "
            "OR (s.service_id IS NOT NULL "
            "AND NOT EXISTS (SELECT 1 FROM programmes_service x WHERE x.id = s.service_id)) "
            "OR (r.id IS NOT NULL AND (r.venue_id <> s.venue_id OR r.service_id <> s.service_id "
            "OR NOT EXISTS (SELECT 1 FROM territories_commune x WHERE x.code = r.commune_id))) ORDER BY s.id",
        ),
    ),
    Invariant(
        "annulment_of_its_scan",
        _("Une annulation annule toutes les utilisations de son scan, et elles seules."),
        _by_row(
            _("utilisation"),
            _("annulée par {0}, alors que l’annulation de son scan est {1}"),
            "SELECT r.id, COALESCE(r.annulment_id, 0), COALESCE(a.id, 0) FROM passes_redemption r "
            "LEFT JOIN passes_annulment a ON a.scan_id = r.scan_id "
            "WHERE COALESCE(r.annulment_id, 0) <> COALESCE(a.id, 0) ORDER BY r.id",
        ),
    ),
    Invariant(
        "blocked_by_a_block",
        _("Un chéquier est en opposition si, et seulement si, une opposition est inscrite."),
        _by_booklet(
            _("l’état et l’opposition ne concordent pas"),
            "SELECT b.number FROM passes_booklet b LEFT JOIN passes_block k ON k.booklet_id = b.id "
            "WHERE (b.validity = %s) <> (k.id IS NOT NULL) ORDER BY b.id",
            Validity.BLOCKED,
        ),
    ),
    Invariant(
        "active_in_an_active_batch",
        _("Un chéquier n’est utilisable que si son lot est activé."),
        _by_booklet(
            _("actif dans un lot qui ne l’est pas"),
            "SELECT b.number FROM passes_booklet b JOIN passes_batch t ON t.id = b.batch_id "
            "WHERE b.validity = %s AND t.activated_at IS NULL ORDER BY b.id",
            Validity.ACTIVE,
        ),
    ),
    Invariant(
        "cancelled_batch_never_circulates",
        _("Aucun chéquier d’un lot annulé n’est imprimé, remis ni utilisable."),
        _by_booklet(
            _("garde {0}, validité {1}"),
            "SELECT b.number, b.custody, b.validity FROM passes_booklet b JOIN passes_batch t ON t.id = b.batch_id "
            "WHERE t.cancelled_at IS NOT NULL AND (b.custody <> %s OR b.validity <> %s OR b.handed <> 0) ORDER BY b.id",
            Custody.ORDERED,
            Validity.INERT,
        ),
    ),
    Invariant(
        "custody_follows_movements",
        _("La garde d’un chéquier est celle que disent ses mouvements : remis entièrement, en chemin, détruit."),
        _by_booklet(
            _("garde {0}"),
            "SELECT b.number, b.custody FROM passes_booklet b WHERE "
            f"(b.custody = %s AND {bit_count_sql('b.handed')} <> b.size) "
            "OR (b.custody = %s AND NOT EXISTS (SELECT 1 FROM passes_movement m "
            "JOIN passes_transfer t ON t.id = m.transfer_id AND t.received_at IS NULL AND t.recalled_at IS NULL "
            "WHERE m.batch_id = b.batch_id AND m.kind = %s AND b.rank BETWEEN m.first_rank AND m.last_rank)) "
            "OR ((b.custody = %s) <> EXISTS (SELECT 1 FROM passes_movement m WHERE m.batch_id = b.batch_id "
            "AND m.kind = %s AND b.rank BETWEEN m.first_rank AND m.last_rank)) ORDER BY b.id",
            Custody.PERSON,
            Custody.TRANSIT,
            MovementKind.SENT,
            Custody.DESTROYED,
            MovementKind.DESTROYED,
        ),
    ),
    Invariant(
        "transfer_lists_its_booklets",
        _("Un bordereau annonce autant de chéquiers que ses plages en comptent."),
        _by_row(
            _("bordereau"),
            _("{0} chéquiers annoncés, {1} dans ses plages"),
            "SELECT t.id, t.booklets_sent, COALESCE(SUM(m.last_rank - m.first_rank + 1), 0) FROM passes_transfer t "
            "LEFT JOIN passes_movement m ON m.transfer_id = t.id AND m.kind = %s GROUP BY t.id, t.booklets_sent "
            "HAVING t.booklets_sent <> COALESCE(SUM(m.last_rank - m.first_rank + 1), 0) ORDER BY t.id",
            MovementKind.SENT,
        ),
    ),
)
