from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class KernelConfig(AppConfig):
    name = "poincon.kernel"
    label = "kernel"
    verbose_name = _("Noyau")

    def ready(self) -> None:
        # A worker builds the mails of every domain, whichever verb queued them.
        autodiscover_modules("notices")
