"""The site under load: Poinçon itself, as it is served, with its peers beside it."""

import os

from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "poincon.config.settings")
settings.ROOT_URLCONF = "bench.peers"

from poincon.config.wsgi import application  # noqa: E402  once it is known which addresses are served

__all__ = ["application"]
