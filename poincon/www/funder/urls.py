from django.urls import path

from poincon.organisations.enums import Role
from poincon.passes.permissions import ACTIVATE_BATCH, ORDER_BATCH, PRINT_BATCH, SEE_BATCHES
from poincon.programmes.permissions import (
    CHANGE_DATES,
    CHANGE_FUNDINGS,
    RECORD_RECEIPT,
    SEE_JOURNAL,
    SEE_MONEY,
    SEE_RULES,
    UPDATE_RULES,
    UPDATE_THEME,
)
from poincon.www.base.rights import for_roles, requires
from poincon.www.funder import (
    appearance,
    batches,
    blocks,
    cover,
    fundings,
    home,
    journal,
    programmes,
    programmes_create,
    programmes_dates,
    programmes_edit,
    programmes_publics,
    programmes_services,
    programmes_territories,
    receipts,
)

app_name = "funder"
steers = for_roles(Role.FUNDER, Role.OBSERVER)
sees_rules, sees_money = requires(SEE_RULES), requires(SEE_MONEY)
updates, dates = requires(UPDATE_RULES), requires(CHANGE_DATES)
#: An administrator also holds the right to create, and has no organisation that would own it: commands are for her.
creates = for_roles(Role.FUNDER)
records = requires(RECORD_RECEIPT)

sees_batches, orders = requires(SEE_BATCHES), requires(ORDER_BATCH)

urlpatterns = [
    path("apparence/", requires(UPDATE_THEME)(appearance.appearance), name="appearance"),
    path("", steers(home.home), name="home"),
    path("voir/<slug:programme_code>/<slug:page>/", steers(home.look), name="look"),
    path("dispositif/", sees_rules(programmes.programme), name="programme"),
    path("dispositif/fichier/", sees_rules(programmes.export), name="programme_file"),
    path("dispositif/regles/<slug:section>/", updates(programmes_edit.section), name="rules"),
    path("dispositif/reseau/", updates(programmes_edit.lead_network), name="lead_network"),
    path("dispositif/debut/", dates(programmes_edit.start), name="move_start"),
    path("dispositif/prolonger/", dates(programmes_dates.extend), name="extend"),
    path("dispositif/suspendre/", dates(programmes_dates.suspend), name="suspend"),
    path("dispositif/publics/ajouter/", updates(programmes_publics.add), name="add_public"),
    path("dispositif/publics/<int:public_id>/", updates(programmes_publics.edit), name="public"),
    path("dispositif/territoires/ajouter/", updates(programmes_territories.add), name="add_territory"),
    path("dispositif/territoires/<int:territory_id>/", updates(programmes_territories.territory), name="territory"),
    path(
        "dispositif/territoires/<int:territory_id>/retirer/",
        updates(programmes_territories.remove),
        name="remove_territory",
    ),
    path("dispositif/services/", updates(programmes_services.services), name="services"),
    path("dispositif/services/ajouter/", updates(programmes_services.add_local), name="add_service"),
    path(
        "dispositif/services/<int:service_id>/retirer/",
        updates(programmes_services.retire_local),
        name="retire_service",
    ),
    path("financements/", sees_money(fundings.fundings), name="fundings"),
    path("financements/changer/", requires(CHANGE_FUNDINGS)(fundings.change), name="change_fundings"),
    path("versements/", sees_money(receipts.receipts), name="receipts"),
    path("versements/enregistrer/", records(receipts.record), name="record_receipt"),
    path("versements/<int:receipt_id>/", sees_money(receipts.receipt), name="receipt"),
    path("versements/<int:receipt_id>/honorer/", records(receipts.honour), name="honour_receipt"),
    path("versements/<int:receipt_id>/corriger/", records(receipts.correct), name="correct_receipt"),
    path("couverture/", sees_money(cover.cover), name="cover"),
    path("nouveau/", creates(programmes_create.create), name="create"),
    path("nouveau/<int:draft_id>/", creates(programmes_create.resume_draft), name="resume_draft"),
    path("nouveau/<int:draft_id>/abandonner/", creates(programmes_create.drop), name="drop_draft"),
    path("nouveau/<int:draft_id>/<slug:step>/", creates(programmes_create.draft_step), name="draft_step"),
    path("lots/", sees_batches(batches.batches), name="batches"),
    path("lots/commander/", orders(batches.order), name="order"),
    path("lots/apercu/<int:size>/", orders(batches.specimen), name="specimen"),
    path("lots/apercu/<int:size>/<int:page>.png", orders(batches.specimen_page), name="specimen_page"),
    path("lots/<int:batch_id>/", sees_batches(batches.batch), name="batch"),
    path("lots/<int:batch_id>/bon-a-tirer/", orders(batches.proof), name="proof"),
    path("lots/<int:batch_id>/bon-a-tirer/valider/", orders(batches.approve), name="approve_proof"),
    path("lots/<int:batch_id>/imprimer/", requires(PRINT_BATCH)(batches.printing), name="print"),
    path("lots/<int:batch_id>/activer/", requires(ACTIVATE_BATCH)(batches.activation), name="activate"),
    path("lots/<int:batch_id>/annuler/", orders(batches.cancellation), name="cancel_batch"),
    path("chequiers/", sees_batches(batches.booklets), name="booklets"),
    path("chequiers/oppositions/", sees_batches(blocks.blocks), name="blocks"),
    path("chequiers/<int:booklet_id>/", sees_batches(batches.booklet), name="booklet"),
    path("chequiers/<int:booklet_id>/opposition/", for_roles(Role.FUNDER, Role.COORDINATOR)(batches.stop), name="stop"),
    path("journal/", requires(SEE_JOURNAL)(journal.journal), name="journal"),
]
