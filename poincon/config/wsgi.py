import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "poincon.config.settings")

application = get_wsgi_application()
# Every page is loaded now rather than by the first visitor.
get_resolver().url_patterns  # noqa: B018  reading it loads it

# What is loaded now stays for the life of the process: the collector need not walk half a million objects again and
# again, in the middle of a request.
gc.collect()
gc.freeze()
