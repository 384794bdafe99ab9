from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person does for one organisation (and, if named, for one programme)."""

    FUNDER = "funder", _("commanditaire")
    COORDINATOR = "coordinator", _("coordinateur")
    PRESCRIBER = "prescriber", _("prescripteur")
    OPERATOR_MANAGER = "operator_manager", _("responsable d’opérateur")
    MEDIATOR = "mediator", _("médiateur numérique")
    ACCOUNTANT = "accountant", _("comptable")
    OBSERVER = "observer", _("observateur")
    ADMINISTRATOR = "administrator", _("administrateur du service")


#: These roles steer a programme: their rights follow the programme. The others act inside their own organisation.
PROGRAMME_ROLES = frozenset({Role.FUNDER, Role.COORDINATOR, Role.ACCOUNTANT, Role.OBSERVER})
#: Whoever leads the network runs it and reads its figures; the owner's rules and money stay the owner's.
LEAD_NETWORK_ROLES = frozenset({Role.COORDINATOR, Role.OBSERVER})
#: A stolen password must not be enough to move public money or rights.
SECOND_FACTOR_ROLES = frozenset({Role.FUNDER, Role.ACCOUNTANT, Role.ADMINISTRATOR})


class LegalForm(models.TextChoices):
    LOCAL_AUTHORITY = "local_authority", _("collectivité territoriale")
    PUBLIC_BODY = "public_body", _("établissement public")
    ASSOCIATION = "association", _("association")
    COMPANY = "company", _("société")
    COOPERATIVE = "cooperative", _("coopérative")
    OTHER = "other", _("autre")


#: Public bodies may be paid, and may pay, only through the public accountant (field facts, "Public accounting").
PUBLIC_FORMS = frozenset({LegalForm.LOCAL_AUTHORITY, LegalForm.PUBLIC_BODY})
