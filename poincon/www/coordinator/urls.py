from django.urls import path

from poincon.mediation.permissions import HELP_WITH_VENUES, IMPORT_NETWORK
from poincon.network.permissions import AGREE_PRESCRIBER, QUALIFY, RECORD_TRAINING
from poincon.organisations.enums import Role
from poincon.passes.permissions import DESTROY, REMIND_HOLDERS, RESOLVE_DISCREPANCY
from poincon.www.base.rights import for_roles, requires
from poincon.www.coordinator.views import (
    discrepancies,
    home,
    imports,
    organisations,
    parcels,
    people,
    rights,
    sending,
    stock,
    venues,
)

app_name = "coordinator"

#: Where nobody leads the network, its funder does: these pages are hers too.
runs = for_roles(Role.COORDINATOR, Role.FUNDER)
steers = for_roles(Role.FUNDER)
reminds = requires(REMIND_HOLDERS)
resolves = requires(RESOLVE_DISCREPANCY)
qualifies = requires(QUALIFY)
agrees = requires(AGREE_PRESCRIBER)
helps = requires(HELP_WITH_VENUES)
imports_networks = requires(IMPORT_NETWORK)

urlpatterns = [
    path("", for_roles(Role.COORDINATOR)(home.home), name="home"),
    path("envoyer/", runs(sending.choose_receiver), name="send"),
    path("envoyer/<int:organisation_id>/", runs(sending.send_booklets), name="send_to"),
    path("colis/", runs(parcels.parcels), name="parcels"),
    path("colis/<int:transfer_id>/", runs(parcels.parcel), name="parcel"),
    path("colis/<int:transfer_id>/bordereau.pdf", runs(parcels.slip), name="slip"),
    path("colis/<int:transfer_id>/rappeler/", runs(parcels.recall_parcel), name="recall"),
    path("colis/<int:transfer_id>/ecart/", resolves(discrepancies.resolve), name="resolve"),
    path("colis/<int:transfer_id>/ecart/rouvrir/", resolves(discrepancies.reopen), name="reopen"),
    path("colis/<int:transfer_id>/retrouves/", runs(discrepancies.found_again), name="found"),
    path("colis/<int:transfer_id>/annuler/", runs(sending.undo), name="undo_send"),
    path("colis/<int:transfer_id>/relancer/", reminds(parcels.remind_parcel), name="remind_parcel"),
    path("stock/", runs(stock.stock), name="stock"),
    path("stock/relancer/", reminds(stock.remind_all), name="remind_all"),
    path("stock/<int:organisation_id>/relancer/", reminds(stock.remind), name="remind"),
    path("destructions/", runs(stock.destructions), name="destructions"),
    path("destructions/detruire/", requires(DESTROY)(stock.destroy), name="destroy"),
    path("destructions/<int:destruction_id>/proces-verbal.pdf", runs(stock.record), name="record"),
    path("organisations/", runs(organisations.organisations), name="organisations"),
    path("organisations/chercher/", runs(organisations.find), name="find"),
    path("organisations/nouvelle/", runs(organisations.new_organisation), name="new_organisation"),
    path("organisations/accueillir/", runs(rights.join), name="join"),
    path("organisations/decider/", qualifies(rights.welcome), name="welcome"),
    path("organisations/<int:organisation_id>/", runs(organisations.organisation), name="organisation"),
    path("organisations/<int:organisation_id>/modifier/", runs(organisations.edit_organisation), name="edit"),
    path("organisations/<int:organisation_id>/site/", runs(organisations.new_site), name="new_site"),
    path("organisations/<int:organisation_id>/inviter/", runs(people.invite_person), name="invite"),
    path("organisations/<int:organisation_id>/convention/", agrees(rights.agree), name="agree"),
    path("organisations/<int:organisation_id>/qualification/", qualifies(rights.grant), name="qualify"),
    path("organisations/<int:organisation_id>/lieu/", helps(venues.new_venue), name="new_venue"),
    path("conventions/<int:agreement_id>/finir/", agrees(rights.end), name="end_agreement"),
    path("qualifications/<int:qualification_id>/suspendre/", qualifies(rights.suspend), name="suspend"),
    path("qualifications/<int:qualification_id>/lever/", qualifies(rights.lift), name="lift"),
    path("qualifications/<int:qualification_id>/retirer/", qualifies(rights.withdraw), name="withdraw"),
    path("lieux/", runs(venues.venues), name="venues"),
    path("lieux/carte.json", runs(venues.venues_on_map), name="venues_on_map"),
    path("lieux/ouvrir/", helps(venues.choose_operator), name="choose_operator"),
    path("lieux/<int:venue_id>/", runs(venues.venue), name="venue"),
    path("lieux/<int:venue_id>/modifier/", helps(venues.edit_venue), name="edit_venue"),
    path("lieux/<int:venue_id>/fermer/", helps(venues.close), name="close_venue"),
    path("lieux/<int:venue_id>/rouvrir/", helps(venues.reopen), name="reopen_venue"),
    path("personnes/", runs(people.people), name="people"),
    path("personnes/<int:membership_id>/role/", steers(people.change_steering_role), name="change_role"),
    path("personnes/<int:membership_id>/retirer/", runs(people.end_person), name="end_person"),
    path("invitations/", runs(people.invitations), name="invitations"),
    path("invitations/<int:invitation_id>/renvoyer/", runs(people.send_again), name="send_again"),
    path("invitations/<int:invitation_id>/retirer/", runs(people.take_back), name="take_back"),
    path("formations/", requires(RECORD_TRAINING)(people.trainings), name="trainings"),
    path("formations/noter/", requires(RECORD_TRAINING)(people.record_training), name="record_training"),
    path("importer/", imports_networks(imports.import_table), name="import"),
    path("importer/modele/", imports_networks(imports.template), name="import_template"),
    path("importer/verifier/", imports_networks(imports.import_check), name="import_check"),
    path("importer/abandonner/", imports_networks(imports.import_give_up), name="import_give_up"),
]
