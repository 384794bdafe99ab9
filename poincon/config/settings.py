"""Settings, read from the environment (docs/operate/settings.md lists every variable).

``POINCON_MODE`` is ``development`` (default), ``demo``, ``test`` or ``production``. In production nothing has a default
that weakens the site: a missing or insecure value stops the start and is named (``poincon.config.safety``).
"""

import os
from pathlib import Path

import dj_database_url

from poincon.config.legal import legal_texts
from poincon.config.safety import Mode, read_mode, require_safe
from poincon.kernel.engines import engine_options

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("POINCON_VAR", BASE_DIR.parent / "var"))

MODE = read_mode(os.environ)
require_safe(os.environ, MODE)
PRODUCTION = MODE is Mode.PRODUCTION
DEMO = MODE is Mode.DEMO
DEBUG = False

SECRET_KEY = os.environ.get("POINCON_SECRET_KEY", "only-for-development-and-demo-never-in-production")
# Encrypts what must not be read in a stolen copy of the database: signing keys, bank accounts, sensitive answers.
# Several keys, comma separated: the first encrypts, all decrypt (rotation).
MASTER_KEYS = [
    key.strip()
    for key in os.environ.get("POINCON_MASTER_KEYS", "only-for-development-and-demo-never-in-production").split(",")
    if key.strip()
]

# The living pages of the components (/style/) are a tool of developers; elsewhere, of the service's administrators.
STYLE_OPEN_TO_ALL = MODE is Mode.DEVELOPMENT

# How this instance calls itself on its pages and in its e-mails.
SITE_NAME = os.environ.get("POINCON_NAME", "Poinçon")
# Who publishes and hosts it: the legal notice, the privacy page, the accessibility statement (make check-production).
LEGAL = legal_texts(os.environ)
# The public address printed on the passes, https://HOST/P/…: the shorter, the smaller the code (see passes/codes.py).
PUBLIC_URL = os.environ.get("POINCON_PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")
# A background for maps, https://…/{z}/{x}/{y}.png, and whom to credit. Without it maps draw our own outlines, and no
# page asks anything of another site.
MAP_TILES = os.environ.get("POINCON_TILES", "")
MAP_TILES_CREDIT = os.environ.get("POINCON_TILES_CREDIT", "")
ALLOWED_HOSTS = [h for h in os.environ.get("POINCON_HOSTS", "127.0.0.1,localhost,[::1]").split(",") if h]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    # Its widgets are drawn by our templates: see FORM_RENDERER.
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_tasks_db",
    # For its copy of the viewer of the API's documentation: pages load nothing from elsewhere.
    "ninja",
    "poincon.kernel",
    "poincon.territories",
    "poincon.organisations",
    "poincon.programmes",
    "poincon.network",
    "poincon.mediation",
    "poincon.beneficiaries",
    "poincon.passes",
    "poincon.settlement",
    "poincon.api",
    "poincon.www",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "poincon.www.base.middleware.NulMiddleware",
    "poincon.www.base.middleware.ContentPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "poincon.www.base.languages.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "poincon.www.base.typography.TypographyMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "poincon.www.base.middleware.RefusalMiddleware",
    "poincon.www.base.middleware.SecondFactorMiddleware",
]

ROOT_URLCONF = "poincon.config.urls"
WSGI_APPLICATION = "poincon.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Each audience keeps its pages beside its views: www/prescriber/templates/prescriber/home.html.
        "DIRS": sorted((BASE_DIR / "www").glob("*/templates")),
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "poincon.www.base.context.site",
            ],
        },
    },
]

# Every form of the site is drawn by www/base/templates/django/forms/: labels, help and errors linked to their field.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {
    "default": engine_options(
        dj_database_url.parse(os.environ.get("DATABASE_URL", f"sqlite:///{VAR_DIR / 'poincon.sqlite3'}"))
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "kernel_cache"},
}

AUTH_USER_MODEL = "organisations.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "poincon.www.account.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_FORMS = {
    "request_login_code": "poincon.www.account.forms.RequestLoginCodeForm",
    "confirm_login_code": "poincon.www.account.forms.ConfirmLoginCodeForm",
    "login": "poincon.www.account.forms.PasswordLoginForm",
    "reauthenticate": "poincon.www.account.forms.ReauthenticateForm",
    "set_password": "poincon.www.account.forms.SetPasswordForm",
    "change_password": "poincon.www.account.forms.ChangePasswordForm",
}
# The address of a visitor, for the limits and the journal, is what this many reverse proxies of ours wrote.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("POINCON_PROXIES", "1" if PRODUCTION else "0"))
MFA_ADAPTER = "poincon.www.account.adapter.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "poincon.www.account.forms.AuthenticateForm",
    "reauthenticate": "poincon.www.account.forms.SecondFactorReauthenticateForm",
    "activate_totp": "poincon.www.account.forms.ActivateTOTPForm",
    "add_webauthn": "poincon.www.account.forms.AddWebAuthnForm",
    "edit_webauthn": "poincon.www.account.forms.EditWebAuthnForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
MFA_TOTP_ISSUER = SITE_NAME
# The clock of a telephone may be half a minute off.
MFA_TOTP_TOLERANCE = 1

SESSION_COOKIE_AGE = 30 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_SECURE = PRODUCTION
CSRF_FAILURE_VIEW = "poincon.www.base.errors.form_expired"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
# Preloading binds the whole domain of the funder, for years: its own decision, not ours.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
SECURE_SSL_REDIRECT = PRODUCTION
# The health check comes from the machine itself, without TLS.
SECURE_REDIRECT_EXEMPT = [r"^sante$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
X_FRAME_OPTIONS = "DENY"

EMAIL_BACKEND = os.environ.get(
    "POINCON_EMAIL_BACKEND",
    "django.core.mail.backends.smtp.EmailBackend" if PRODUCTION else "django.core.mail.backends.console.EmailBackend",
)
EMAIL_HOST = os.environ.get("POINCON_EMAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("POINCON_EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("POINCON_EMAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("POINCON_EMAIL_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("POINCON_EMAIL_TLS", "") == "1"
DEFAULT_FROM_EMAIL = os.environ.get("POINCON_EMAIL_FROM", "poincon@localhost")

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

LANGUAGE_CODE = "fr"
# Only complete catalogues (scripts/messages.py): a page half translated would be read aloud with the wrong voice.
LANGUAGES = [("fr", "Français"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "langue"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SECURE = PRODUCTION
LANGUAGE_COOKIE_HTTPONLY = True
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
# The pictures of the guides lie beside their text.
STATICFILES_DIRS = [BASE_DIR / "www" / "base" / "static", ("guide", BASE_DIR / "www" / "guide" / "texts" / "pictures")]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
# In production files are collected once at the start; elsewhere they are looked up where they lie.
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not PRODUCTION
# Files the software makes (booklets to print, statements, payment files): private, never served from a public folder.
DOCUMENTS_DIR = VAR_DIR / "documents"

DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO" if PRODUCTION else "WARNING"},
}
