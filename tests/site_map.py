"""The site map: every address of the URL configuration, with arguments that exist, and to whom its data belongs.

A new page is covered by itself. Only an argument that nothing here knows must be added to ``SAMPLES``: which object of
the full database (tests/world/full.py) an address may show.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import Model, QuerySet
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from poincon.beneficiaries.models import CaseFile
from poincon.kernel.messages import NOTICES
from poincon.kernel.models import Job, Message
from poincon.mediation.models import ServiceOffer, Venue
from poincon.network.models import PrescriberAgreement, Qualification
from poincon.organisations.invitations import invitation_token
from poincon.organisations.models import Device, Invitation, Membership, Organisation, User
from poincon.passes import codes
from poincon.passes.enums import BlockReason
from poincon.passes.models import Batch, Booklet, Destruction, HandOver, Scan, Transfer
from poincon.programmes.models import Funding, FundingReceipt, Programme, ProgrammeDraft, Public, Service, Territory
from poincon.programmes.theme import look_of
from poincon.settlement.models import Payment, PaymentBatch, Statement
from poincon.www.base.rights import Access, declared_access
from tests.world.story import World

METHODS = ("get", "post", "put", "patch", "delete")
#: What the API shows to anybody: its documentation, and that an address does not exist.
OPEN_API = {"api/v1/docs", "api/v1/openapi.json", "api/v1/"}


# --- to whom an object belongs ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Scope:
    """Who reaches an object: whoever holds the right on this programme and, or, inside this organisation; this user."""

    programme: Programme | None = None
    organisation_id: int | None = None
    user_id: int | None = None


#: One of these scopes is enough. Model → the scopes of an object of it.
OWNERS: dict[type[Model], Callable[[Any], list[Scope]]] = {
    Programme: lambda programme: [Scope(programme)],
    Organisation: lambda organisation: [Scope(None, organisation.pk)],
    Membership: lambda one: [Scope(one.programme, one.organisation_id)],
    Invitation: lambda one: [Scope(one.programme, one.organisation_id)],
    Device: lambda device: [Scope(None, device.operator_id)],
    Funding: lambda funding: [Scope(funding.programme)],
    FundingReceipt: lambda receipt: [Scope(receipt.programme)],
    Public: lambda public: [Scope(public.programme)],
    Territory: lambda territory: [Scope(territory.programme)],
    ProgrammeDraft: lambda draft: [Scope(None, draft.organisation_id)],
    Service: lambda service: [Scope(service.programme)],
    Qualification: lambda one: [Scope(one.programme, one.operator_id)],
    PrescriberAgreement: lambda one: [Scope(one.programme, one.prescriber_id)],
    Venue: lambda venue: [Scope(None, venue.operator_id)],
    ServiceOffer: lambda offer: [Scope(offer.programme, offer.venue.operator_id)],
    CaseFile: lambda case: [Scope(case.programme, case.prescriber_id)],
    Batch: lambda batch: [Scope(batch.programme)],
    Booklet: lambda booklet: [Scope(booklet.batch.programme, booklet.holder_id)],
    HandOver: lambda given: [Scope(given.booklet.batch.programme, given.prescriber_id)],
    Destruction: lambda one: [Scope(one.programme)],
    Transfer: lambda one: [Scope(one.programme, one.sender_id), Scope(one.programme, one.receiver_id)],
    Scan: lambda scan: [Scope(scan.booklet.batch.programme, scan.operator_id)],
    Statement: lambda statement: [Scope(statement.programme, statement.operator_id)],
    PaymentBatch: lambda batch: [Scope(batch.programme)],
    Job: lambda job: [Scope(user_id=job.asked_by_id)],
    Payment: lambda payment: [Scope(payment.batch.programme)],
}


# --- where arguments come from ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sample:
    """The object an argument names (None where the database has none), and what the address writes of it."""

    find: Callable[[World], Any]
    written: Callable[[Any], Any] = field(default=lambda found: found.pk)


def first(rows: Callable[[World], "QuerySet[Any]"], written: Callable[[Any], Any] = lambda found: found.pk) -> Sample:
    return Sample(lambda world: rows(world).order_by("pk").first(), written)


def constant(value: Any) -> Sample:
    """An argument that names no object of the database, or one that is not there."""
    return Sample(lambda _world: value, lambda found: found)


SENT_BY_THE_NETWORK = first(
    lambda world: Transfer.objects.filter(
        programme=world.programme, sender=world.organisations["network"], received_at=None, recalled_at=None
    )
)

#: A parcel that did not hold what its slip says.
IN_DISCREPANCY = first(lambda world: Transfer.objects.filter(programme=world.programme).exclude(discrepancy=""))

#: Argument → where it comes from. An argument that means something else in one address: "name of the address.argument".
SAMPLES: dict[str, Sample] = {
    "programme_id": Sample(lambda world: world.programmes.get("home")),
    "organisation_id": Sample(lambda world: world.organisations["operator"]),
    "user_id": first(lambda world: User.objects.filter(memberships__organisation=world.organisations["operator"])),
    "membership_id": first(lambda world: Membership.objects.filter(organisation=world.organisations["operator"])),
    "device_id": first(lambda _: Device.objects.all()),
    "venue_id": first(lambda _: Venue.objects.all()),
    "offer_id": first(lambda _: ServiceOffer.objects.all()),
    "funding_id": first(lambda world: Funding.objects.filter(programme=world.programme)),
    "public_id": first(lambda world: Public.objects.filter(programme=world.programme)),
    "territory_id": first(lambda world: Territory.objects.filter(programme=world.programme)),
    "service_id": first(lambda world: Service.objects.filter(programme=world.programme)),
    "draft_id": first(lambda world: ProgrammeDraft.objects.filter(organisation=world.programme.owner)),
    "funder:draft_step.step": constant("financements"),
    "funder:rules.section": constant("pass"),
    "funder:look.page": constant("couverture"),
    "receipt_id": first(lambda world: FundingReceipt.objects.filter(programme=world.programme)),
    "funder:honour_receipt.receipt_id": first(
        lambda world: FundingReceipt.objects.filter(programme=world.programme, kind="commitment")
    ),
    "batch_id": first(lambda world: Batch.objects.filter(programme=world.programme)),
    # A batch that waits for what the page asks.
    "funder:activate.batch_id": first(
        lambda world: Batch.objects.filter(programme=world.programme, printed_at__isnull=False, activated_at=None)
    ),
    **{
        f"funder:{page}.batch_id": first(
            lambda world: Batch.objects.filter(programme=world.programme, proof_approved_at=None, cancelled_at=None)
        )
        for page in ("approve_proof", "print", "cancel_batch")
    },
    "booklet_id": first(lambda world: Booklet.objects.filter(batch__programme=world.programme)),
    "transfer_id": first(lambda world: Transfer.objects.filter(programme=world.programme)),
    "case_id": first(lambda world: CaseFile.objects.filter(programme=world.programme)),
    "hand_over_id": first(lambda world: HandOver.objects.filter(booklet__batch__programme=world.programme)),
    "statement_id": first(lambda world: Statement.objects.filter(programme=world.programme)),
    "payment_batch_id": first(lambda world: PaymentBatch.objects.filter(programme=world.programme)),
    "payment_id": first(lambda world: Payment.objects.filter(batch__programme=world.programme)),
    "job_id": first(lambda _: Job.objects.all()),
    "number": first(
        lambda world: Booklet.objects.filter(batch__programme=world.programme),
        lambda booklet: codes.written(booklet.number).replace(" ", ""),
    ),
    "programme_code": Sample(lambda world: world.programmes.get("home"), lambda programme: programme.code),
    "version": Sample(lambda world: world.programmes.get("home"), lambda programme: look_of(programme).version),
    "job_file.name": constant("lot-1.pdf"),
    "punch_id": first(
        lambda world: Scan.objects.filter(operator=world.organisations["operator"], accepted=True),
        lambda scan: scan.uuid,
    ),
    "invitation_id": first(lambda world: Invitation.objects.filter(organisation=world.organisations["operator"])),
    "invitation.token": first(lambda _: Invitation.objects.filter(revoked_at=None), invitation_token),
    "funder:specimen_page.page": constant(1),
    "size": Sample(lambda world: world.programme.booklet_sizes[0] if world.programmes else None, lambda size: size),
    "departement": constant("23"),
    "guide_slug": constant("prescripteur"),
    "mail_code": Sample(lambda _: min(NOTICES), lambda code: code),
    "message_id": first(lambda _: Message.objects.all()),
    "ink": constant("1b2a6b"),
    "accent": constant("a4552a"),
    # A parcel to receive and a booklet to replace: the pages with a form.
    "prescriber:parcel.transfer_id": first(
        lambda world: Transfer.objects.filter(
            programme=world.programme, receiver=world.organisations["prescriber"], received_at=None, recalled_at=None
        )
    ),
    "prescriber:replace.booklet_id": first(
        lambda world: Booklet.objects.filter(batch__programme=world.programme, block__reason=BlockReason.STOLEN)
    ),
    # The mediator: a manager who leaves her own team cannot be asked twice.
    "operator:leave.membership_id": first(
        lambda world: Membership.objects.filter(organisation=world.organisations["operator"], role="mediator")
    ),
    # A parcel that comes back to the network, to receive; one that the network sent, to recall.
    "coordinator:parcel.transfer_id": first(
        lambda world: Transfer.objects.filter(
            programme=world.programme, receiver=world.organisations["network"], received_at=None, recalled_at=None
        )
    ),
    **{f"coordinator:{page}.transfer_id": IN_DISCREPANCY for page in ("resolve", "found", "reopen")},
    "prescriber:found.transfer_id": IN_DISCREPANCY,
    # What she sent back, on its way.
    **{
        f"prescriber:{page}.transfer_id": first(
            lambda world: Transfer.objects.filter(
                programme=world.programme, sender=world.organisations["prescriber"], received_at=None, recalled_at=None
            )
        )
        for page in ("recall", "undo_return")
    },
    **{f"coordinator:{page}.transfer_id": SENT_BY_THE_NETWORK for page in ("recall", "undo_send", "remind_parcel")},
    # A prescriber, where the coordinator decides; nobody manages the site in its name.
    **{
        f"coordinator:{page}.organisation_id": Sample(lambda world: world.organisations["prescriber"])
        for page in ("agree", "edit", "invite", "new_site", "remind", "send_to")
    },
    "coordinator:end_person.membership_id": first(
        lambda world: Membership.objects.filter(organisation=world.organisations["prescriber"], programme__isnull=False)
    ),
    # Somebody who steers, whose role her funder may change.
    "coordinator:change_role.membership_id": first(
        lambda world: Membership.objects.filter(
            organisation=world.organisations["funder"], role="accountant", programme=None
        )
    ),
    **{
        f"coordinator:{page}.invitation_id": first(
            lambda world: Invitation.objects.filter(organisation=world.organisations["prescriber"])
        )
        for page in ("send_again", "take_back")
    },
    "destruction_id": first(lambda world: Destruction.objects.filter(programme=world.programme)),
    "qualification_id": first(lambda world: Qualification.objects.filter(programme=world.programme)),
    "agreement_id": first(lambda world: PrescriberAgreement.objects.filter(programme=world.programme)),
    # Public pages and the API say of themselves who may read what.
    "code": constant("0" * 128),
    "presented": constant("0" * 12),
    "scan_id": constant(UUID(int=1)),
    # Nobody of the story has a passkey: those of another person are not found either.
    "mfa_edit_webauthn.pk": constant(1),
    "mfa_remove_webauthn.pk": constant(1),
}

#: Addresses whose data belongs elsewhere than what their arguments say: name → scopes, any of which is enough.
BELONGS: dict[str, Callable[[World], list[Scope]]] = {
    # The organisations and the places of the story serve every programme: whoever runs one of them reaches them.
    **{
        f"coordinator:{page}": lambda world: [Scope(programme) for programme in world.programmes.values()]
        for page in (
            *("organisation", "edit", "new_site", "invite", "agree", "qualify", "remind", "send_to"),
            *("new_venue", "venue", "edit_venue", "close_venue", "reopen_venue"),
        )
    },
}

#: Shown inside another page, with rules of its own: the mails as they are sent.
EMBEDDED = frozenset({"style_mail"})

#: What else a page shows, by what follows "?" in its address: a search, a filter, a tab, an error.
VARIANTS: dict[str, tuple[str, ...]] = {
    "search": ("q=", "q=a", "q=centre", "q=44", "q=zzzz"),
    "my_booklet": ("numero=", "numero=12"),
    "coordinator:send": ("q=ccas", "q=zz"),
    "coordinator:send_to": ("nombre=2",),
    "coordinator:parcels": ("etat=ecart", "etat=clos", "etat=retard&q=zz"),
    "coordinator:stock": ("dort=on", "stock=on&q=ccas"),
    "coordinator:find": ("reference=", "reference=CCAS+de+Guéret", "reference=Inconnue"),
    "coordinator:join": ("reference=CCAS+de+Guéret",),
    "coordinator:organisations": ("etat=a-decider", "fait=opere&seules=on"),
    "coordinator:venues": ("etat=ouvert", "etat=ferme&q=zz"),
    "coordinator:people": ("role=mediator",),
    "coordinator:invitations": ("etat=perimee", "etat=en-cours&role=prescriber&q=zz"),
    "coordinator:record_training": ("formation=mediator",),
    "funder:order": ("size=5&letter_text=Bonjour", "size=7"),
    "funder:blocks": ("suite=non", "motif=stolen&q=48"),
    "funder:receipts": ("nature=commitment", "q=VIR"),
    "funder:add_territory": ("q=guéret", "q=zzzz"),
    "funder:territory": ("q=aubusson",),
    "places": ("ville=Aubusson", "ville=zzz&service=0"),
    "operator:punches": ("q=44", "q=zz", "reponse=non", "du=2020-01-01&au=2020-01-02"),
    "operator:month": ("mois=2020-01", "mois=zzz"),
    "prescriber:hand_over": ("numero=4829+1570+363Q",),
    "prescriber:stock": ("etat=a-remettre", "etat=arretes&q=44", "q=zz"),
    "prescriber:hand_overs": ("etat=pas-utilise", "etat=annulee", "q=zelie"),
    "prescriber:people": ("q=zelie+vau", "q=1"),
    "prescriber:places": ("commune=Aubusson", "commune=zzz", "commune=Aubusson&service=internet"),
}


@dataclass(frozen=True)
class Address:
    """One line of the URL configuration."""

    route: str
    name: str
    view: Callable[..., Any] = field(repr=False)
    arguments: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.name} /{self.route}"

    @property
    def is_api(self) -> bool:
        return self.route.startswith("api/")

    @property
    def access(self) -> Access:
        """Who may open it, as its view declares."""
        found = declared_access(self.view)
        assert found is not None, f"{self} declares no right: wrap its view with poincon.www.base.rights"
        return found

    @property
    def unknown(self) -> list[str]:
        """Its arguments that nothing here knows."""
        return [one for one in self.arguments if not {one, f"{self.name}.{one}"} & SAMPLES.keys()]

    def sample(self, argument: str) -> Sample:
        """Where the value of this argument comes from; fails with what to add."""
        assert argument not in self.unknown, (
            f"tests/site_map.py does not know the argument <{argument}> of {self}: add to SAMPLES "
            f"“{argument}” (or “{self.name}.{argument}”) and the object of the full database that it names"
        )
        return SAMPLES.get(f"{self.name}.{argument}") or SAMPLES[argument]

    def objects(self, world: World) -> dict[str, Any]:
        """What each argument names in this database; None what is not there."""
        return {argument: self.sample(argument).find(world) for argument in self.arguments}

    def path(self, world: World) -> str | None:
        """The address of something that exists in this database; None when it has nothing of the kind."""
        found = self.objects(world)
        if any(one is None for one in found.values()):
            return None
        written = {argument: self.sample(argument).written(one) for argument, one in found.items()}
        return reverse(self.name, kwargs=written)

    def scopes(self, world: World) -> list[Scope]:
        """Where its right must be held; empty when the page is about whoever opens it."""
        if self.name in BELONGS:
            return BELONGS[self.name](world)
        owned = [one for one in self.objects(world).values() if type(one) in OWNERS]
        # The last argument is the narrowest: /dispositifs/1/lots/2/ is about a batch.
        return OWNERS[type(owned[-1])](owned[-1]) if owned else []


@cache
def every_address() -> list[Address]:
    return list(_walk(get_resolver().url_patterns))


def pages() -> list[Address]:
    """Every address of the screens: what a browser opens, and what forms are sent to."""
    return [address for address in every_address() if not address.is_api]


def known_pages() -> list[Address]:
    """The pages that can be shown; the permission tests fail on the others."""
    return [address for address in pages() if not address.unknown]


def device_addresses() -> list[Address]:
    """The addresses of the API that answer only devices."""
    return [address for address in every_address() if address.is_api and address.route not in OPEN_API]


def _walk(patterns: list[Any], prefix: str = "", space: str = "", given: tuple[str, ...] = ()) -> Iterator[Address]:
    for pattern in patterns:
        route, arguments = prefix + str(pattern.pattern), (*given, *_arguments(pattern.pattern))
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _walk(pattern.url_patterns, route, inner, arguments)
        elif isinstance(pattern, URLPattern):
            yield Address(route, f"{space}{pattern.name or ''}", pattern.callback, arguments)


def _arguments(pattern: Any) -> tuple[str, ...]:
    """The names of the arguments of one piece of an address, written as a route or as a regular expression."""
    return tuple(pattern.converters) or tuple(pattern.regex.groupindex)
