from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SettlementConfig(AppConfig):
    name = "poincon.settlement"
    label = "settlement"
    verbose_name = _("Règlement")

    def ready(self) -> None:
        # Models can be imported only now.
        from poincon.passes.cover import count_also
        from poincon.settlement.queries import owed_back_total

        count_also(owed_back_total)
