from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class KernelConfig(AppConfig):
    name = "poincon.kernel"
    label = "kernel"
    verbose_name = _("Noyau")

    def ready(self) -> None:
        # SQLite is taught the order of names when a connection opens: before the first one.
        import_module("poincon.kernel.alphabet")
        # A worker builds the mails of every domain, whichever verb queued them.
        autodiscover_modules("notices")
