"""Registering organisations and their sites."""

from typing import TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from poincon.kernel import audit
from poincon.kernel.refusals import Refusal
from poincon.kernel.texts import text_for
from poincon.organisations import permissions
from poincon.organisations.actors import NOT_ALLOWED, Actor, ProgrammeScope
from poincon.organisations.enums import LegalForm
from poincon.organisations.models import Organisation, Site
from poincon.organisations.rules import identifiers, normalise_email, normalise_public_phone, valid_siret
from poincon.organisations.services.version import touch_rules
from poincon.territories.models import Commune

NAME_MISSING = Refusal("organisations.name_missing", _("Nom : il manque."), _("Écrivez le nom d’usage."))
LEGAL_FORM_UNKNOWN = Refusal(
    "organisations.legal_form_unknown",
    _("Forme juridique : « %(value)s » n’existe pas."),
    _("Choisissez parmi : %(choices)s."),
)
DOES_NOTHING = Refusal(
    "organisations.does_nothing",
    _("Une organisation doit au moins financer, coordonner, prescrire ou opérer."),
    _("Dites ce que celle-ci fait ; elle peut faire plusieurs choses."),
)
ALREADY_REGISTERED = Refusal(
    "organisations.already_registered",
    _("%(field)s : « %(name)s » porte déjà le numéro %(value)s."),
    _("Cherchez cette organisation au lieu de l’enregistrer une deuxième fois."),
)
SIRET_LOCKED = Refusal(
    "organisations.siret_locked",
    _("SIRET : il ne change plus une fois enregistré, car des paiements y renvoient."),
    _("Si l’organisation a changé de SIRET, enregistrez-la à nouveau sous le nouveau numéro."),
)
SITE_TWICE = Refusal(
    "organisations.site_twice",
    _("Nom : « %(organisation)s » a déjà un site nommé « %(name)s »."),
    _("Donnez à ce site un autre nom."),
)
KINDS = ("is_funder", "is_coordinator", "is_prescriber", "is_operator")
IDENTIFIERS = {"siret": "SIRET", "rna": "Numéro RNA"}


class OrganisationChanges(TypedDict, total=False):
    """What may be changed of an organisation."""

    name: str
    legal_form: str
    siret: str
    rna: str
    is_funder: bool
    is_coordinator: bool
    is_prescriber: bool
    is_operator: bool
    email: str
    phone: str
    address: str
    commune: Commune | None


@transaction.atomic
def create_organisation(
    *,
    by: Actor,
    name: str,
    legal_form: str,
    siret: str = "",
    siren: str = "",
    rna: str = "",
    is_funder: bool = False,
    is_coordinator: bool = False,
    is_prescriber: bool = False,
    is_operator: bool = False,
    email: str = "",
    phone: str = "",
    address: str = "",
    commune: Commune | None = None,
    programme: ProgrammeScope | None = None,
) -> Organisation:
    """Register an organisation. A funder or a coordinator names the ``programme`` for whose network it does so.

    Raises a refusal that names the field: wrong or known SIRET, SIREN, RNA, wrong phone or e-mail, no kind at all.
    """
    by.require(permissions.CREATE_FUNDER if is_funder else permissions.CREATE_ORGANISATION, programme=programme)
    numbers = identifiers(legal_form=legal_form, siret=siret, siren=siren, rna=rna)
    organisation = Organisation(
        name=_checked_name(name),
        legal_form=_checked_form(legal_form),
        **numbers,
        is_funder=is_funder,
        is_coordinator=is_coordinator,
        is_prescriber=is_prescriber,
        is_operator=is_operator,
        email=normalise_email(email),
        phone=normalise_public_phone(phone),
        address=text_for(Organisation, "address", address),
        commune=commune,
        registered_for_id=programme.pk if programme else None,
    )
    _require_kind(organisation)
    _require_new(organisation)
    organisation.save()
    audit.record(by, "organisations.create_organisation", organisation, after=_picture(organisation))
    return organisation


@transaction.atomic
def update_organisation(
    *,
    by: Actor,
    organisation: Organisation,
    programme: ProgrammeScope | None = None,
    **changes: Unpack[OrganisationChanges],
) -> Organisation:
    """Change what is given. A SIRET may be added, never changed; only the administrator may make a funder.

    Those who steer ``programme`` correct an organisation where nobody could. Raises a refusal that names the field.
    """
    _require_update(by, organisation, programme)
    row = Organisation.objects.select_for_update(of=("self",), no_key=True).get(pk=organisation.pk)
    if changes.get("is_funder", row.is_funder) != row.is_funder:
        by.require(permissions.CREATE_FUNDER)
    before = _picture(row)
    _apply(row, changes)
    _require_kind(row)
    _require_new(row)
    row.save()
    touch_rules(row.pk)
    audit.record(by, "organisations.update_organisation", row, before=before, after=_picture(row))
    return row


def _apply(row: Organisation, changes: OrganisationChanges) -> None:
    locked = row.siret
    for field, value in changes.items():
        setattr(row, field, value)
    row.name, row.legal_form = _checked_name(row.name), _checked_form(row.legal_form)
    row.email, row.phone = normalise_email(row.email), normalise_public_phone(row.phone)
    row.address = text_for(Organisation, "address", row.address)
    if locked and (not row.siret or valid_siret(row.siret) != locked):
        raise SIRET_LOCKED.filled()
    numbers = identifiers(legal_form=row.legal_form, siret=row.siret, rna=row.rna)
    for field, number in numbers.items():
        setattr(row, field, number)


@transaction.atomic
def add_site(
    *,
    by: Actor,
    organisation: Organisation,
    name: str,
    commune: Commune,
    siret: str = "",
    address: str = "",
    programme: ProgrammeScope | None = None,
) -> Site:
    """Record another address of an organisation; ``programme`` as in ``update_organisation``.

    Raises a refusal for a wrong or known SIRET, or a name taken.
    """
    _require_update(by, organisation, programme)
    site = Site(
        organisation=organisation,
        name=_checked_name(name),
        commune=commune,
        siret=siret and valid_siret(siret),
        address=text_for(Organisation, "address", address),
    )
    if organisation.sites.filter(name=site.name).exists():
        raise SITE_TWICE.filled(organisation=organisation.name, name=site.name)
    same = Site.objects.filter(siret=site.siret).first() if site.siret else None
    if same is not None:
        raise ALREADY_REGISTERED.filled(field="SIRET", name=same.name, value=site.siret)
    site.save()
    audit.record(
        by,
        "organisations.add_site",
        organisation,
        after={"site": site.name, "siret": site.siret, "commune": commune.pk},
    )
    return site


def may_update(by: Actor, organisation: Organisation, programme: ProgrammeScope | None) -> bool:
    """Whether this actor may correct an organisation: its own or, in ``programme``, one where nobody could."""
    right = permissions.UPDATE_ORGANISATION
    if by.may(right, organisation_id=organisation.pk):
        return True
    # Once somebody there may do it, it is their own business; a funder's name and numbers are always its own.
    theirs = organisation.memberships.filter(ended_at=None, role__in=right.roles).exists()
    return programme is not None and not theirs and not organisation.is_funder and by.may(right, programme=programme)


def _require_update(by: Actor, organisation: Organisation, programme: ProgrammeScope | None) -> None:
    if not may_update(by, organisation, programme):
        raise NOT_ALLOWED.filled(right=permissions.UPDATE_ORGANISATION.label)


def _checked_name(name: str) -> str:
    kept = text_for(Organisation, "name", name)
    if not kept:
        raise NAME_MISSING.filled()
    return kept


def _checked_form(legal_form: str) -> str:
    if legal_form not in LegalForm.values:
        raise LEGAL_FORM_UNKNOWN.filled(value=legal_form, choices=", ".join(LegalForm.values))
    return legal_form


def _require_kind(organisation: Organisation) -> None:
    if not any(getattr(organisation, kind) for kind in KINDS):
        raise DOES_NOTHING.filled()


def _require_new(organisation: Organisation) -> None:
    for field, label in IDENTIFIERS.items():
        value = getattr(organisation, field)
        same = Organisation.objects.filter(**{field: value}).exclude(pk=organisation.pk).first() if value else None
        if same is not None:
            raise ALREADY_REGISTERED.filled(field=label, name=same.name, value=value)


def _picture(organisation: Organisation) -> dict[str, object]:
    fields = ("name", "legal_form", "siret", "siren", "rna", *KINDS, "email", "phone", "address", "commune_id")
    return {field: getattr(organisation, field) for field in fields}
