"""Which paragraph explains the pages that everybody who has an account shares."""

from poincon.www.base.guides import declare_guide

GUIDE = declare_guide(
    "compte",
    paragraphs={
        "connexion": (
            "account_login",
            "account_request_login_code",
            "account_confirm_login_code",
            "password_login",
            "mfa_login_webauthn",
            "account_inactive",
            "account_signup",
            "account_logout",
        ),
        "invitation": ("invitation",),
        "role": ("home", "change_hat"),
        "chercher": ("search",),
        "travaux": ("jobs", "job", "retry_job", "job_file"),
        "compte": (
            "account",
            "sessions",
            "account_change_password",
            "account_set_password",
        ),
        "double-verification": (
            "mfa_authenticate",
            "account_reauthenticate",
            "mfa_reauthenticate",
            "mfa_reauthenticate_webauthn",
            "mfa_index",
            "mfa_activate_totp",
            "mfa_deactivate_totp",
            "mfa_list_webauthn",
            "mfa_add_webauthn",
            "mfa_edit_webauthn",
            "mfa_remove_webauthn",
            "mfa_view_recovery_codes",
            "mfa_generate_recovery_codes",
            "mfa_download_recovery_codes",
        ),
    },
)
