import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "poincon.config.settings")

application = get_wsgi_application()

# What is loaded now stays for the life of the process: the collector need not walk half a million objects again and
# again, in the middle of a request.
gc.collect()
gc.freeze()
