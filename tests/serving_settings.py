"""The settings of the tests, for a site that browsers visit page after page: without limits by the minute."""

from tests.settings import *  # noqa: F403

# Hundreds of pages are opened from one address in a minute: the limits have their own tests.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
# A browser keeps the style sheets and scripts it has, as in production where their names change with them.
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 3600
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    # A page that breaks says why; a page refused is what permission tests ask for.
    "loggers": {"django.request": {"handlers": ["console"], "level": "ERROR", "propagate": False}},
}
