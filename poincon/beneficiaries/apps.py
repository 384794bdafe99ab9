from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BeneficiariesConfig(AppConfig):
    name = "poincon.beneficiaries"
    label = "beneficiaries"
    verbose_name = _("Bénéficiaires")
