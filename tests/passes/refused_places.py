"""Lives in which a scan is refused: the operator, the price, the passes."""

from poincon.mediation.services import close_venue, end_offer
from poincon.network.services import qualify, withdraw_qualification
from poincon.organisations.devices import Scanner
from poincon.organisations.enums import Role
from poincon.passes.services.hand_over import hand_over
from poincon.programmes.services import update_rules
from tests.factories import (
    LIMOGES,
    NOW,
    SYSTEM,
    TODAY,
    make_case_file,
    make_membership,
    make_offer,
    make_organisation,
    make_programme,
    make_scheme,
    make_service,
    make_user,
    make_venue,
)
from tests.lives import Life, Live
from tests.passes.refused import gives, reason

# --- 4. The operator, the venue, the service --------------------------------------------------------------------------


@gives("operator_not_qualified")
def an_operator_whose_qualification_is_over(live: Live) -> str:
    life = live()
    qualification = life.scheme.operator.qualifications.get()
    withdraw_qualification(by=SYSTEM, qualification=qualification, from_day=TODAY, reason="départ")
    return reason(life)


@gives("operator_not_qualified")
def an_operator_of_another_programme(live: Live) -> str:
    life = live()
    other = make_scheme()
    life.scanner = Scanner(other.operator.pk, 1, None, make_user().pk, "Autre")
    return str(life.scan(venue_id=other.venue.pk)["reason"])


@gives("mediator_not_trained")
def a_mediator_who_was_not_trained(live: Live) -> str:
    return reason(live(mediator_training_required=True))


@gives("mediator_unknown")
def a_mediator_of_nowhere(live: Live) -> str:
    return reason(live(), mediator_id=make_user().pk)


@gives("mediator_unknown")
def a_mediator_of_another_programme_only(live: Live) -> str:
    life = live()
    elsewhere = make_user()
    make_membership(Role.MEDIATOR, life.scheme.operator, user=elsewhere, programme=make_programme())
    life.scanner = Scanner(life.scheme.operator.pk, 77, None, elsewhere.pk, "Téléphone")
    return str(life.scan()["reason"])


@gives("venue_unknown")
def a_venue_of_another_operator(live: Live) -> str:
    return reason(live(), venue_id=make_venue(make_organisation()).pk)


@gives("venue_unknown")
def a_venue_that_is_nowhere(live: Live) -> str:
    return reason(live(), venue_id=2**62)


@gives("venue_closed")
def a_venue_that_closed(live: Live) -> str:
    life = live()
    close_venue(by=SYSTEM, venue=life.scheme.venue, on=TODAY)
    return reason(life)


@gives("venue_outside_territory")
def a_venue_outside_the_territory(live: Live) -> str:
    life = live()
    venue = make_venue(life.scheme.operator, LIMOGES)
    make_offer(venue, life.scheme.programme, life.scheme.service)
    return reason(life, venue_id=venue.pk)


@gives("service_unknown")
def a_service_that_is_in_no_list(live: Live) -> str:
    return reason(live(), service="jardinage")


@gives("service_outside_programme")
def a_service_the_programme_does_not_pay(live: Live) -> str:
    life = live()
    update_rules(by=SYSTEM, programme=life.scheme.programme, services=[make_service()])
    return reason(life)


@gives("service_outside_qualification")
def a_service_the_operator_is_not_qualified_for(live: Live) -> str:
    life = live()
    qualify(
        by=SYSTEM,
        operator=life.scheme.operator,
        programme=life.scheme.programme,
        services=[make_service()],
        valid_from=TODAY,
        now=NOW,
    )
    return reason(life)


@gives("service_not_offered")
def a_service_the_venue_does_not_offer(live: Live) -> str:
    life = live()
    return reason(life, service=make_service().code)


@gives("service_not_offered")
def an_offer_that_ended(live: Live) -> str:
    life = live()
    end_offer(by=SYSTEM, offer=life.scheme.offer, on=TODAY)
    return reason(life)


# --- 5. The price and the ceilings ------------------------------------------------------------------------------------


@gives("above_price")
def more_passes_than_the_service_costs(live: Live) -> str:
    return reason(live(price=2), passes=3)


@gives("session_ceiling")
def more_passes_than_a_session_allows(live: Live) -> str:
    life = live(max_passes_per_session=1)
    reason(life)
    return reason(life)


@gives("session_ceiling")
def a_session_paid_twice_where_the_programme_says_nothing(live: Live) -> str:
    life = live(max_passes_per_session=None)
    reason(life)
    return reason(life, life.code(position=4))


@gives("day_ceiling")
def more_passes_than_a_day_allows(live: Live) -> str:
    life = live(max_passes_per_day=1)
    reason(life)
    return reason(life)


@gives("person_ceiling")
def more_passes_than_a_person_is_granted(live: Live) -> str:
    life = live(max_passes_per_person=1)
    reason(life)
    return reason(life)


# --- 6. The passes ----------------------------------------------------------------------------------------------------


@gives("already_used")
def a_pass_used_before(live: Live) -> str:
    life = live()
    reason(life, life.code(position=3))
    return reason(life, life.number(position=3))


@gives("not_enough_passes")
def more_passes_than_are_left(live: Live) -> str:
    life = live(size=5, price=3)
    reason(life)
    return reason(life)


@gives("one_pass_code")
def two_passes_on_the_code_of_one(live: Live) -> str:
    life = live(price=2)
    return reason(life, life.code(position=1), passes=2)


def shared_by_two(live: Live) -> Life:
    """Three passes given to one person, the seven others to another."""
    life = live(handed=0)
    for passes in (3, 7):
        case_file = make_case_file(life.scheme.programme, life.scheme.prescriber)
        hand_over(
            by=SYSTEM,
            prescriber=life.scheme.prescriber,
            number=life.number(),
            case_file=case_file,
            passes=passes,
            now=NOW,
        )
    return life


@gives("shared_booklet")
def the_cover_of_a_booklet_that_two_people_share(live: Live) -> str:
    life = shared_by_two(live)
    return reason(life, life.code())


@gives("shared_booklet")
def the_number_of_a_booklet_given_twice_to_nobody_known(live: Live) -> str:
    life = live(handed=0)
    for passes in (3, 7):
        hand_over(by=SYSTEM, prescriber=life.scheme.prescriber, number=life.number(), passes=passes, now=NOW)
    return reason(life)
