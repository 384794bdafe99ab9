from django.urls import path

from poincon.beneficiaries.permissions import OPEN_CASE, SEE_CASE
from poincon.organisations.enums import Role
from poincon.passes.permissions import ASK_BOOKLETS, HAND_OVER
from poincon.www.base.rights import for_roles, requires
from poincon.www.prescriber.views import given, handing, home, parcels, people, places, stock

app_name = "prescriber"

#: Rights that other roles hold too, on pages that are a prescriber's: the verb behind asks for the right itself.
prescribers = for_roles(Role.PRESCRIBER)
hands_over = requires(HAND_OVER)

urlpatterns = [
    path("", prescribers(home.home), name="home"),
    path("remettre/", hands_over(handing.booklet), name="hand_over"),
    path("remettre/personne/", hands_over(handing.person), name="hand_over_person"),
    path("remettre/public/", hands_over(handing.public), name="hand_over_public"),
    path("remettre/verifier/", hands_over(handing.check), name="hand_over_check"),
    path("remettre/abandonner/", hands_over(handing.give_up), name="hand_over_give_up"),
    path("remettre/<int:hand_over_id>/fait/", hands_over(given.done), name="hand_over_done"),
    path("remises/", hands_over(given.hand_overs), name="hand_overs"),
    path("remises/<int:hand_over_id>/", hands_over(given.given), name="given"),
    path("remises/<int:hand_over_id>/lettre.pdf", hands_over(given.letter), name="letter"),
    path("remises/<int:hand_over_id>/defaire/", hands_over(given.undo), name="undo_hand_over"),
    path("remises/<int:hand_over_id>/annuler/", hands_over(given.cancel), name="cancel_hand_over"),
    path("stock/", prescribers(stock.stock), name="stock"),
    path("stock/demander/", requires(ASK_BOOKLETS)(stock.ask), name="ask"),
    path("stock/rendre/", prescribers(stock.give_back), name="give_back"),
    path("stock/<int:booklet_id>/", prescribers(stock.booklet), name="booklet"),
    path("stock/<int:booklet_id>/perdu/", prescribers(stock.lost), name="lost"),
    path("stock/<int:booklet_id>/remplacer/", hands_over(stock.replacement), name="replace"),
    path("colis/", prescribers(parcels.parcels), name="parcels"),
    path("colis/<int:transfer_id>/", prescribers(parcels.parcel), name="parcel"),
    path("colis/<int:transfer_id>/rappeler/", prescribers(parcels.recall_parcel), name="recall"),
    path("colis/<int:transfer_id>/annuler/", prescribers(parcels.undo_return), name="undo_return"),
    path("colis/<int:transfer_id>/retrouves/", prescribers(parcels.found_again), name="found"),
    path("colis/<int:transfer_id>/bordereau.pdf", prescribers(parcels.slip), name="slip"),
    path("personnes/", requires(SEE_CASE)(people.people), name="people"),
    path("personnes/<int:case_id>/", requires(SEE_CASE)(people.person), name="person"),
    path("personnes/<int:case_id>/modifier/", requires(OPEN_CASE)(people.edit), name="edit_person"),
    path("lieux/", prescribers(places.places), name="places"),
]
