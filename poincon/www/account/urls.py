"""The account's pages, one by one: nothing of the library is reachable that is not listed and dressed here."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import path

from poincon.www.account import invitation, me, views
from poincon.www.base.rights import account_page, public_page

urlpatterns = [
    # Signing in and out. The names are those the library looks up.
    path("connexion/", public_page(views.sign_in), name="account_login"),
    path("connexion/", public_page(views.sign_in), name="account_request_login_code"),
    path("connexion/code/", public_page(views.confirm_code), name="account_confirm_login_code"),
    path("connexion/mot-de-passe/", public_page(views.sign_in_with_password), name="password_login"),
    path("connexion/cle/", public_page(webauthn.login_webauthn), name="mfa_login_webauthn"),
    path("connexion/verification/", public_page(views.verify), name="mfa_authenticate"),
    path("connexion/compte-ferme/", public_page(account.account_inactive), name="account_inactive"),
    path("connexion/ouvrir-un-compte/", public_page(account.signup), name="account_signup"),
    path("deconnexion/", public_page(account.logout), name="account_logout"),
    path("invitation/<str:token>", public_page(invitation.invitation), name="invitation"),
    # One's account.
    path("compte/", account_page(me.account), name="account"),
    path("compte/appareils/", account_page(me.sessions), name="sessions"),
    # Confirming who one is before a sensitive change.
    path("compte/confirmer/", account_page(account.reauthenticate), name="account_reauthenticate"),
    path("compte/confirmer/code/", account_page(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("compte/confirmer/cle/", account_page(webauthn.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"),
    # The password, for those who want one.
    path("compte/mot-de-passe/", account_page(account.password_change), name="account_change_password"),
    path("compte/mot-de-passe/choisir/", account_page(account.password_set), name="account_set_password"),
    # The second factor.
    path("compte/double-verification/", account_page(views.account), name="mfa_index"),
    path("compte/double-verification/application/", account_page(views.set_up_app), name="mfa_activate_totp"),
    path(
        "compte/double-verification/application/retirer/",
        account_page(totp.deactivate_totp),
        name="mfa_deactivate_totp",
    ),
    path("compte/double-verification/cles/", account_page(webauthn.list_webauthn), name="mfa_list_webauthn"),
    path("compte/double-verification/cles/ajouter/", account_page(views.add_key), name="mfa_add_webauthn"),
    path("compte/double-verification/cles/<int:pk>/", account_page(webauthn.edit_webauthn), name="mfa_edit_webauthn"),
    path(
        "compte/double-verification/cles/<int:pk>/retirer/",
        account_page(views.remove_key),
        name="mfa_remove_webauthn",
    ),
    path(
        "compte/double-verification/secours/",
        account_page(recovery_codes.view_recovery_codes),
        name="mfa_view_recovery_codes",
    ),
    path(
        "compte/double-verification/secours/renouveler/",
        account_page(recovery_codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "compte/double-verification/secours/telecharger/",
        account_page(recovery_codes.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
]
