"""The site under load: Poinçon itself, with its peers beside it."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "poincon.config.settings")
settings.ROOT_URLCONF = "bench.peers"

application = get_wsgi_application()
