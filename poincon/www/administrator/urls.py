from django.urls import path

from poincon.organisations.enums import Role
from poincon.organisations.permissions import SEE_MAILS
from poincon.www.administrator import mails, views
from poincon.www.base.rights import for_roles, requires

app_name = "administrator"
urlpatterns = [
    path("", for_roles(Role.ADMINISTRATOR)(views.home), name="home"),
    path("courriels/", requires(SEE_MAILS)(mails.sent_mails), name="mails"),
    path("courriels/<int:message_id>/renvoyer/", requires(SEE_MAILS)(mails.send_again), name="mail_again"),
]
