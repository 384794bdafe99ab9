"""The whole way of a pass through the screens: from a programme that does not exist to a workshop that is paid.

Everything is done by people, in pages: nobody calls a verb. Only who exists at the start is given: a département, its
accountants, the head of the network, a signing key. They live in a month that is over today, then close it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer
from schwifty import IBAN

from poincon.organisations.enums import LegalForm, Role
from poincon.organisations.models import User
from poincon.organisations.services import grant_role, invite_person
from poincon.passes import codes, keys
from poincon.passes.models import Booklet, Redemption
from poincon.programmes.services import load_catalogue
from poincon.settlement.enums import StatementState
from poincon.settlement.models import Statement
from tests.browser.accessibility import scrolls_sideways
from tests.browser.conftest import DESK, PHONE, Open
from tests.browser.story.hands import Pointing, Typing
from tests.factories import GUERET, siret
from tests.lives import contexts_are_fresh
from tests.world.opening import give_account
from tests.world.sessions import cookie_of, signed_in
from tests.world.story import SYSTEM, World, load_creuse, register

__all__ = ["contexts_are_fresh"]

START, END = "01-01", "12-31"
LINK = re.compile(r"https?://[^/\s]+(/invitation/\S+)")
Clock = Callable[[timedelta], None]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Move the present of the site; browsers keep their own."""
    real = timezone.now

    def moved(by: timedelta) -> None:
        monkeypatch.setattr(timezone, "now", lambda: real() + by)

    return moved


@dataclass
class Stage:
    """Who is on stage, and in front of which page."""

    open_page: Open
    live_server: LiveServer
    size: tuple[int, int]
    hand: type[Pointing]
    people: dict[str, User] = field(default_factory=dict)
    pages: dict[str, Page] = field(default_factory=dict)

    def hire(self, name: str, role: Role, world: World, organisation: str) -> None:
        """A person who was there before the story."""
        user = invite_person(by=SYSTEM, email=f"{name.lower()}@essai.example", full_name=f"{name} Essai")
        grant_role(by=SYSTEM, user=user, role=role, organisation=world.organisations[organisation])
        self.people[name] = user

    def at_home(self, name: str) -> Pointing:
        """The hand of this person, on her home page."""
        if name not in self.pages:
            self.pages[name] = self.open_page("/connexion/", size=self.size)
            cookie = cookie_of(signed_in(self.people[name]))
            self.pages[name].context.add_cookies(
                [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": self.live_server.url}]
            )
        page = self.pages[name]
        page.goto("/accueil/")
        return self.hand(page)

    def accepts_invitation(self, name: str) -> None:
        """The person opens the link of the last mail she was sent, says who she is, and is in."""
        link = LINK.search(str(mail.outbox[-1].body))
        assert link
        page = self.pages[name] = self.open_page(link[1], size=self.size)
        hand = self.hand(page)
        hand.fill("Vos prénom et nom", f"{name} Essai")
        hand.press("Accepter l’invitation")
        expect(page).not_to_have_url(re.compile("/invitation/"))
        self.people[name] = User.objects.get(full_name=f"{name} Essai")

    def everybody_leaves(self) -> None:
        """Whoever comes back later signs in again."""
        while self.pages:
            _name, page = self.pages.popitem()
            assert not scrolls_sideways(page)
            page.context.close()


def open_theatre(stage: Stage) -> None:
    """Reference data and those who are there before the programme."""
    world = World(timezone.now())
    load_creuse()
    load_catalogue()
    keys.rotate(by=SYSTEM)
    register(world, "funder", "Département témoin", LegalForm.LOCAL_AUTHORITY, GUERET, does="funds")
    register(world, "network", "Réseau témoin", LegalForm.ASSOCIATION, GUERET, does="coordinates")
    give_account(world.organisations["funder"], 1, world)
    stage.hire("Anne", Role.FUNDER, world, "funder")
    stage.hire("Denis", Role.ACCOUNTANT, world, "funder")
    stage.hire("Mathilde", Role.ACCOUNTANT, world, "funder")
    stage.hire("Yann", Role.COORDINATOR, world, "network")


def heading(hand: Pointing, words: str | re.Pattern[str]) -> None:
    expect(hand.page.get_by_role("heading", level=1)).to_contain_text(words)


# --- the chapters -----------------------------------------------------------------------------------------------------


def creates_programme(anne: Pointing, year: int) -> None:
    anne.press("Créer un dispositif")
    anne.press("Partir de rien")
    heading(anne, "Identité")
    anne.fill("Nom du dispositif", "Pass témoin")
    anne.fill_day("Début", f"{year}-{START}")
    anne.fill_day("Fin", f"{year + 1}-{END}")
    anne.choose("Tête de réseau", "Réseau témoin")
    anne.fill("Téléphone du dispositif", "05 55 44 30 00")
    anne.press("Continuer")
    heading(anne, "Territoire")
    anne.fill("Chercher un département", "Creuse")
    anne.press("Chercher")
    anne.press("Ajouter Creuse")
    anne.press("Continuer")
    heading(anne, "Publics")
    anne.press("Ajouter un public")
    anne.fill("Public", "Tous les habitants")
    anne.press("Continuer")
    heading(anne, "Financeurs")
    anne.press("Ajouter un financeur")
    anne.choose("Financeur", "Département témoin")
    anne.choose("C’est", "commanditaire")
    anne.fill("Part", "100")
    anne.press("Continuer")
    heading(anne, "Le pass")
    for label, value in (
        ("Valeur d’un pass", "10"),
        ("Durée qu’il ouvre", "120"),
        ("Pass par chéquier", "5"),
        ("Validité, en mois", "12"),
        ("Tolérance", "0"),
        ("Couverture exigée", "100"),
    ):
        anne.fill(label, value)
    anne.press("Continuer")
    heading(anne, "Plafonds")
    anne.press("Continuer")
    heading(anne, "Services")
    anne.press("Continuer")
    heading(anne, "Personnes et terrain")
    anne.press("Continuer")
    heading(anne, "Vérifier")
    anne.press("Créer ce dispositif")


def records_money(anne: Pointing) -> None:
    anne.page.goto("/commanditaire/versements/")
    anne.press("Enregistrer un versement")
    anne.tick("Un versement")
    anne.fill("Montant", "1000")
    anne.fill("Référence", "TITRE 12")
    anne.choose("Financeur", "Département témoin")
    anne.press("Enregistrer")


def orders_booklets(anne: Pointing) -> None:
    anne.page.goto("/commanditaire/lots/")
    anne.press("Commander un lot")
    anne.fill("Nombre de chéquiers", "4")
    anne.choose("Livré à", "Réseau témoin")
    anne.press("Commander le lot")
    anne.press("Valider le bon à tirer")
    anne.press("Valider le bon à tirer")
    anne.press("Imprimer le lot")
    anne.press("Imprimer")
    heading(anne, "Imprimer un lot")
    expect(anne.page.get_by_role("main")).to_contain_text("terminé")
    anne.page.goto("/commanditaire/lots/")
    anne.press("Lot 1")
    anne.press("Activer le lot")
    anne.press("Activer")


def gathers_network(yann: Pointing) -> None:
    for name, does in (("CCAS témoin", "elle prescrit"), ("Atelier témoin", "elle opère")):
        yann.page.goto("/coordination/")
        yann.press("Ajouter une organisation")
        number = siret()
        yann.fill("SIRET", number)
        yann.press("Chercher")
        yann.press("L’enregistrer")
        yann.fill("Nom", name)
        yann.tick(does)
        yann.choose("Forme juridique", "association")
        yann.fill("Commune", "Guéret")
        yann.press("Enregistrer cette organisation")
        heading(yann, name)


def agrees(yann: Pointing) -> None:
    find(yann, "CCAS témoin")
    yann.press("La conventionner")
    yann.press("Enregistrer la convention")
    find(yann, "Atelier témoin")
    yann.press("La qualifier")
    yann.press("Enregistrer la qualification")


def find(yann: Pointing, name: str) -> None:
    yann.page.goto("/coordination/organisations/")
    yann.press(name)
    heading(yann, name)


def invites(yann: Pointing, organisation: str, email: str) -> None:
    find(yann, organisation)
    yann.press("Inviter")
    yann.fill("Courriel", email)
    yann.fill("Prénom et nom", "Prénom Nom")
    yann.press("Envoyer l’invitation")
    heading(yann, organisation)


def opens_place(claire: Pointing) -> None:
    claire.page.goto("/mediation/lieux/")
    claire.press("Ouvrir un lieu")
    claire.fill("Nom du lieu", "La salle du village")
    claire.fill("Commune", "Guéret")
    claire.fill("Adresse", "1 rue de l’Essai")
    claire.fill("Téléphone", "05 55 44 30 00")
    claire.press("Ouvrir ce lieu")
    claire.press("Publier un service")
    claire.choose("Dispositif", "Pass témoin")
    claire.choose("Service", "Maîtrise des outils numériques du quotidien")
    claire.press("Publier ce service")
    claire.page.goto("/mediation/releves/")
    claire.press("Donner le compte")
    claire.fill("Titulaire", "Atelier témoin")
    claire.fill("IBAN", IBAN.generate("FR", bank_code="20041", branch_code="01005", account_code="00000000042"))
    claire.press("Enregistrer")


def hires_mediator(claire: Pointing) -> None:
    claire.page.goto("/mediation/equipe/")
    claire.press("Inviter")
    claire.fill("Courriel", "luc@essai.example")
    claire.fill("Prénom et nom", "Luc Essai")
    claire.tick("Médiateur numérique")
    claire.press("Envoyer l’invitation")
    heading(claire, "Équipe")


def sends_booklets(yann: Pointing) -> None:
    yann.press("Envoyer des chéquiers")
    yann.press("CCAS témoin")
    yann.fill("Nombre de chéquiers", "2")
    yann.press("Vérifier avant d’envoyer")
    yann.press("Envoyer ces chéquiers")
    heading(yann, "Bordereau")


def receives_parcel(samia: Pointing) -> None:
    samia.press("Recevoir le colis")
    samia.fill("Combien de chéquiers", "2")
    samia.press("Recevoir le colis")
    heading(samia, "reçu")


def hands_over(samia: Pointing, number: str) -> None:
    samia.press("Remettre un chéquier")
    samia.fill("Numéro du chéquier", number)
    samia.press("Continuer")
    heading(samia, "Pour qui est ce chéquier ?")
    samia.fill("Commune", "Guéret")
    samia.press("Continuer")
    heading(samia, "À quel titre")
    samia.tick("Tous les habitants")
    samia.press("Continuer")
    samia.press("Remettre le chéquier")
    heading(samia, "Le chéquier est remis")


def punches(luc: Pointing, number: str) -> None:
    luc.press("Poinçonner")
    luc.fill("Numéro du chéquier", number)
    luc.press("Poinçonner")
    expect(luc.page.get_by_role("main")).to_contain_text("Accepté, reste 4")


def closes_month(denis: Pointing) -> None:
    denis.page.goto("/comptabilite/mois/")
    denis.press("Arrêter le mois")
    expect(denis.page.get_by_role("main")).to_contain_text("1 relevé est établi")
    denis.page.goto("/comptabilite/ordres/")
    denis.press("Préparer le paiement")
    denis.press("Préparer le paiement")
    heading(denis, "Ordre de paiement")


def approves(mathilde: Pointing) -> None:
    mathilde.page.goto("/comptabilite/ordres/")
    mathilde.press("Ordre n°")
    mathilde.press("Approuver cet ordre")
    mathilde.press("Approuver l’ordre")
    heading(mathilde, "Ordre de paiement")


def pays(denis: Pointing) -> None:
    denis.page.goto("/comptabilite/ordres/")
    denis.press("Ordre n°")
    denis.press("Noter les paiements faits")
    denis.press("Noter ces paiements")
    heading(denis, "Ordre de paiement")


# --- the story --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "hand"),
    [(PHONE, Pointing), (DESK, Pointing), (DESK, Typing)],
    ids=["phone", "desk", "keyboard"],
)
def test_from_a_programme_to_a_paid_workshop(
    size: tuple[int, int], hand: type[Pointing], clock: Clock, open_page: Open, live_server: LiveServer
) -> None:
    stage = Stage(open_page, live_server, size, hand)
    now = timezone.now()
    lived = now.replace(day=1) - timedelta(days=10)
    clock(lived - now)
    open_theatre(stage)
    prepares(stage, lived)
    number = lives(stage)
    stage.everybody_leaves()
    clock(timedelta(0))
    settles(stage)
    assert codes.written(Redemption.objects.get().booklet.number) == number
    assert Statement.objects.get().state == StatementState.PAID
    stage.everybody_leaves()


def prepares(stage: Stage, lived: datetime) -> None:
    """The programme, its money, its booklets, its network."""
    anne = stage.at_home("Anne")
    creates_programme(anne, lived.year)
    records_money(anne)
    orders_booklets(anne)
    yann = stage.at_home("Yann")
    gathers_network(yann)
    agrees(yann)
    invites(yann, "CCAS témoin", "samia@essai.example")
    stage.accepts_invitation("Samia")
    invites(yann, "Atelier témoin", "claire@essai.example")
    stage.accepts_invitation("Claire")
    opens_place(stage.at_home("Claire"))
    hires_mediator(stage.at_home("Claire"))
    stage.accepts_invitation("Luc")


def lives(stage: Stage) -> str:
    """A booklet goes from hand to hand, and a pass of it is punched; returns its number."""
    sends_booklets(stage.at_home("Yann"))
    receives_parcel(stage.at_home("Samia"))
    number = codes.written(Booklet.objects.filter(holder__name="CCAS témoin")[0].number)
    hands_over(stage.at_home("Samia"), number)
    punches(stage.at_home("Luc"), number)
    return number


def settles(stage: Stage) -> None:
    """One prepares, another approves, the first notes what the bank did; who is paid sees it, and who pays."""
    closes_month(stage.at_home("Denis"))
    approves(stage.at_home("Mathilde"))
    pays(stage.at_home("Denis"))
    claire = stage.at_home("Claire")
    claire.page.goto("/mediation/releves/")
    expect(claire.page.get_by_role("main")).to_contain_text("payé")
    anne = stage.at_home("Anne")
    expect(anne.page.get_by_role("main")).to_contain_text("10 €")
