from django.urls import path

from poincon.organisations.enums import Role
from poincon.organisations.permissions import ENROL_DEVICE
from poincon.passes.permissions import SCAN
from poincon.www.base.rights import for_roles, requires
from poincon.www.operator.views import devices, history, home, punching, qualification, statements, team, venues

app_name = "operator"

#: Whoever works for a structure; whoever manages it. Rights that other roles hold too have pages of their own.
everybody = for_roles(Role.OPERATOR_MANAGER, Role.MEDIATOR)
managers = for_roles(Role.OPERATOR_MANAGER)

urlpatterns = [
    path("", everybody(home.home), name="home"),
    path("poinconner/", requires(SCAN)(punching.punching), name="punch"),
    path("poinconner/<uuid:punch_id>/", requires(SCAN)(punching.punched), name="punched"),
    path("poinconner/<uuid:punch_id>/annuler/", requires(SCAN)(punching.undo), name="undo"),
    path("poincons/", requires(SCAN)(history.punches), name="punches"),
    path("mois/", requires(SCAN)(history.month), name="month"),
    path("appareils/", requires(ENROL_DEVICE)(devices.devices), name="devices"),
    path("appareils/ajouter/", requires(ENROL_DEVICE)(devices.enrol), name="enrol"),
    path("appareils/<int:device_id>/retirer/", everybody(devices.revoke), name="revoke"),
    path("equipe/", managers(team.team), name="team"),
    path("equipe/inviter/", managers(team.invitation), name="invite"),
    path("equipe/invitations/<int:invitation_id>/renvoyer/", managers(team.send_again), name="send_again"),
    path("equipe/invitations/<int:invitation_id>/retirer/", managers(team.take_back), name="take_back"),
    path("equipe/<int:membership_id>/role/", managers(team.role), name="role"),
    path("equipe/<int:membership_id>/retirer/", managers(team.leave), name="leave"),
    path("lieux/", managers(venues.venues), name="venues"),
    path("lieux/ouvrir/", managers(venues.new_venue), name="new_venue"),
    path("lieux/<int:venue_id>/", managers(venues.venue), name="venue"),
    path("lieux/<int:venue_id>/modifier/", managers(venues.edit_venue), name="edit_venue"),
    path("lieux/<int:venue_id>/fermer/", managers(venues.close), name="close_venue"),
    path("lieux/<int:venue_id>/rouvrir/", managers(venues.reopen), name="reopen_venue"),
    path("lieux/<int:venue_id>/services/publier/", managers(venues.new_offer), name="new_offer"),
    path("services/<int:offer_id>/prix/", managers(venues.change_offer), name="change_offer"),
    path("services/<int:offer_id>/retirer/", managers(venues.withdraw_offer), name="end_offer"),
    path("qualification/", everybody(qualification.qualification), name="qualification"),
    path("releves/", managers(statements.statements), name="statements"),
    path("releves/compte/", managers(statements.account), name="account"),
    path("releves/<int:statement_id>/", managers(statements.statement), name="statement"),
    path("releves/<int:statement_id>/releve.pdf", managers(statements.pdf), name="statement_pdf"),
    path("releves/<int:statement_id>/pass.csv", managers(statements.passes), name="statement_passes"),
]
