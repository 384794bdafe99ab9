"""The living pages of the components: open to anyone signed in while developing, else to the administrators."""

from django.conf import settings
from django.urls import path

from poincon.organisations.enums import Role
from poincon.www.base import mails, style
from poincon.www.base.rights import for_roles, signed_in

living_page = signed_in if settings.STYLE_OPEN_TO_ALL else for_roles(Role.ADMINISTRATOR)

urlpatterns = [
    path("", living_page(style.style), name="style"),
    path("liste/", living_page(style.style_list), name="style_list"),
    path("formulaire/", living_page(style.style_form), name="style_form"),
    path("confirmation/", living_page(style.style_confirm), name="style_confirm"),
    path("mails/", living_page(mails.style_mails), name="style_mails"),
    path("mails/<str:mail_code>/", living_page(mails.style_mail), name="style_mail"),
    path("annuler/", living_page(style.style_undo), name="style_undo"),
]
