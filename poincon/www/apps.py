from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

#: The folders whose people sign in and have a menu of their own.
AUDIENCES = ("prescriber", "operator", "coordinator", "funder", "accountant", "administrator")
#: Those whose guide.py says which paragraph of which guide explains their pages; the last two for everybody.
AUDIENCES_EXPLAINED = (*AUDIENCES, "account", "public")
#: Those whose jobs.py declares long works.
AUDIENCES_WITH_LONG_WORK = ("accountant", "coordinator", "funder")
#: Those whose finders.py declares what their people look for.
AUDIENCES_THAT_SEARCH = ("funder", "coordinator", "prescriber", "operator")


class WwwConfig(AppConfig):
    name = "poincon.www"
    label = "www"
    verbose_name = _("Écrans")

    def ready(self) -> None:
        for audience in AUDIENCES:
            import_module(f"poincon.www.{audience}.navigation")
        for audience in AUDIENCES_EXPLAINED:
            import_module(f"poincon.www.{audience}.guide")
        for audience in AUDIENCES_WITH_LONG_WORK:
            import_module(f"poincon.www.{audience}.jobs")
        for audience in AUDIENCES_THAT_SEARCH:
            import_module(f"poincon.www.{audience}.finders")
