"""Take the pictures of the guides from the real screens: docs/guide/pictures/.

    python -m scripts.guide_pictures [NAME …]

Plays the demonstration on a day that is always the same (scripts.guide_site), follows the tasks of the guides in
Chromium, and keeps what each picture explains. With names, only these are written; the story is followed up to the last
of them all the same. A telephone for those who work standing, a desk for the others.
"""

import io
import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import django
from PIL import Image
from playwright.sync_api import Browser, FilePayload, FloatRect, Page, ViewportSize, sync_playwright

from scripts.guide_site import NOW, ROOT, PlayedSite
from scripts.test_tools import chromium

PICTURES = ROOT / "docs" / "guide" / "pictures"
PHONE, DESK = ViewportSize(width=390, height=844), ViewportSize(width=1120, height=900)
#: The people of the demonstration (poincon.demo.world).
DOMAIN = "demo.poincon.example"
#: Points of a picture for each point of the page: the first pictures of a guide must not weigh more than a page may.
DENSITY = 1.25
QUALITY = 44
#: The tallest that is kept, in points of the page, and what is left around.
MOST, MARGIN = {390: 800, 1120: 640}, 12
# Dates are written as the browser speaks.
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--lang=fr-FR"]
LANGUAGE = {"LANGUAGE": "fr", "LANG": "fr_FR.UTF-8"}


@dataclass
class Trip:
    """A browser on the site, and what was read on the way that a later screen needs."""

    page: Page
    url: str
    read: dict[str, str] = field(default_factory=dict)

    def press(self, name: str) -> None:
        """The first link or button of the page with these words."""
        at = self.page.locator("main")
        at.get_by_role("link", name=name).or_(at.get_by_role("button", name=name)).first.click()

    def open(self, entry: str) -> None:
        """A line of the menu."""
        self.page.goto(self.url + str(self.page.locator(f".menu a:has-text('{entry}')").first.get_attribute("href")))

    def fill(self, label: str, value: str) -> None:
        self.page.get_by_label(label, exact=True).fill(value)


@dataclass(frozen=True)
class Shot:
    """One picture: the name of its address, who opens it (None: a visitor), how one goes there from one's home.

    ``show``: the elements kept. ``tall``: the most that is kept of them, when it is not what is usual.
    """

    name: str
    page: str
    who: str | None
    go: Callable[[Trip], None]
    phone: bool = False
    show: tuple[str, ...] = ("main",)
    tall: int = 0


def stay(_trip: Trip) -> None:
    """The home itself."""


def opens(*entries: str) -> Callable[[Trip], None]:
    """A line of the menu, then links or buttons one after the other."""

    def go(trip: Trip) -> None:
        trip.open(entries[0])
        for entry in entries[1:]:
            trip.press(entry)

    return go


# --- the coordinator sends a parcel, then reads a table ---------------------------------------------------------------

TABLE = """Organisation,Fait,RNA,Lieu,Code INSEE,Téléphone,Nom et prénom,Courriel de la personne,Rôle
Centre de Boussac,opère,W232000741,Le Préau,23031,05 55 00 41 20,Paule Rivet,paule@demo.poincon.example,responsable
Entraide de Bourganeuf,prescrit,W232000742,,23030,05 55 00 41 21,Denis Auclair,denis@demo.poincon.example,prescripteur
"""


def ready_to_send(trip: Trip) -> None:
    trip.open("Envoyer des chéquiers")
    trip.press("CAF de la Creuse")
    trip.fill("Nombre de chéquiers", "4")
    trip.press("Vérifier avant d’envoyer")


def table_read(trip: Trip) -> None:
    trip.open("Importer un tableau")
    file = FilePayload(name="reseau.csv", mimeType="text/csv", buffer=TABLE.encode())
    trip.page.locator("main input[type=file]").set_input_files(files=[file])
    trip.press("Lire ce tableau")


def one_organisation(trip: Trip) -> None:
    ready_to_send(trip)
    trip.press("Envoyer ces chéquiers")
    trip.open("Organisations")
    trip.press("CAF de la Creuse")


# --- the prescriber receives it, hands a booklet over -----------------------------------------------------------------

PERSON = {
    "Prénom": "Odette",
    "Nom": "Lavergne",
    "Date de naissance": "03/07/1951",
    "Téléphone": "05 55 00 12 34",
    "Commune où la personne habite": "Guéret",
}


def to_the_check(trip: Trip) -> None:
    trip.press("Remettre un chéquier")
    trip.page.locator("button[name=numero]").click()
    for label, value in PERSON.items():
        if trip.page.get_by_label(label, exact=True).count():
            trip.fill(label, value)
    trip.press("Continuer")
    trip.page.locator("input[name=public]").first.check()
    trip.press("Continuer")
    trip.read["handed"] = trip.page.locator(".booklet-number").inner_text()


def handed(trip: Trip) -> None:
    to_the_check(trip)
    trip.press("Remettre le chéquier")


def next_of_the_pile(trip: Trip) -> None:
    """The home, after having read which booklet is still in stock: nobody may use it."""
    trip.press("Remettre un chéquier")
    trip.read["in stock"] = str(trip.page.locator("button[name=numero]").get_attribute("value"))
    trip.open("Accueil")


# --- the mediator punches it, and another one that nobody was given ---------------------------------------------------


def at_the_counter(trip: Trip, read: str = "handed") -> None:
    trip.open("Poinçonner")
    if trip.page.locator("#poinconner").count() == 0:
        trip.page.locator("button[name=lieu]").first.click()
    trip.page.locator("input[name=numero]").fill(trip.read[read])


def punched(trip: Trip, read: str = "handed") -> None:
    at_the_counter(trip, read)
    trip.page.locator("#poinconner-envoyer").click()
    trip.page.locator("#reponse-titre").wait_for()


def refused(trip: Trip) -> None:
    punched(trip, "in stock")


def with_a_telephone(trip: Trip) -> None:
    """The scanner of a telephone just added, its place chosen."""
    trip.page.clock.set_fixed_time(NOW)
    trip.open("Ouvrir le scanner")
    trip.page.locator("form[data-start] button").click()
    trip.page.locator(".s-service:not([aria-current])").nth(1).click()
    trip.page.locator("[data-view-name=punch]").wait_for()


def typed_in_the_scanner(trip: Trip, read: str = "handed") -> None:
    trip.page.locator(".s-dock [data-mode-to=number]").click()
    trip.page.locator("#scanner-numero").fill(trip.read[read])
    trip.page.locator("[data-number-form] button").click()
    trip.page.locator(".s-question").wait_for()


def asked_how_many(trip: Trip) -> None:
    with_a_telephone(trip)
    typed_in_the_scanner(trip)


def scanned_off_line(trip: Trip) -> None:
    with_a_telephone(trip)
    trip.page.context.set_offline(True)
    trip.page.locator("#scanner[data-online=false]").wait_for()
    typed_in_the_scanner(trip, "in stock")
    trip.page.locator(".s-question .btn-primary").click()
    trip.page.locator(".s-verdict").wait_for()


# --- what others look at ----------------------------------------------------------------------------------------------


def order_prepared(trip: Trip) -> None:
    trip.press("Préparer le paiement")
    trip.press("Préparer le paiement")


def booklet_in_use(trip: Trip) -> None:
    """The story of a booklet that was used."""
    trip.open("Chéquiers")
    trip.page.goto(trip.page.url + "?q=" + trip.read["handed"].replace(" ", "+"))
    trip.page.locator("table.rows tbody th a").first.click()


def sign_in_page(trip: Trip) -> None:
    trip.page.goto(f"{trip.url}/connexion/")


def hat_open(trip: Trip) -> None:
    trip.page.locator("details.hat > summary").click()


def printed_code(trip: Trip) -> None:
    trip.page.goto(f"{trip.url}/mon-chequier/")
    trip.page.locator("input[name=numero]").fill(trip.read["handed"])
    trip.press("Voir mes pass")


def places_near(trip: Trip) -> None:
    trip.page.goto(f"{trip.url}/dispositif/creuse-pour-tous/lieux/?ville=Guéret")


#: In the order of the story: what one does, the next ones see.
SHOTS = (
    Shot("coordinateur-accueil", "coordinator:home", "coordination", stay),
    Shot("coordinateur-envoyer", "coordinator:send_to", "coordination.aliso", ready_to_send),
    Shot("coordinateur-organisation", "coordinator:organisation", "coordination.aliso", one_organisation),
    Shot("coordinateur-importer", "coordinator:import_check", "coordination.aliso", table_read),
    Shot("prescripteur-colis", "prescriber:parcel", "prescription", opens("Accueil", "Recevoir"), phone=True),
    Shot("prescripteur-verifier", "prescriber:hand_over_check", "prescription", to_the_check, phone=True),
    Shot("prescripteur-fait", "prescriber:hand_over_done", "prescription", handed, phone=True),
    Shot("prescripteur-accueil", "prescriber:home", "prescription", next_of_the_pile, phone=True),
    Shot("mediateur-poinconner", "operator:punch", "mediation", at_the_counter, phone=True),
    Shot("mediateur-reponse", "operator:punch", "mediation", punched, phone=True, show=("#reponse",)),
    Shot("mediateur-refus", "operator:punch", "mediation", refused, phone=True, show=("#reponse",)),
    Shot("mediateur-accueil", "operator:home", "mediation", stay, phone=True),
    Shot("mediateur-scanner", "scanner:shell", "mediation", with_a_telephone, phone=True, show=("#scanner",)),
    Shot("mediateur-scanner-combien", "scanner:shell", "mediation", asked_how_many, phone=True, show=("#scanner",)),
    Shot(
        "mediateur-scanner-hors-ligne", "scanner:shell", "mediation", scanned_off_line, phone=True, show=("#scanner",)
    ),
    Shot("responsable-lieu", "operator:venue", "responsable", opens("Lieux et services", "L’Établi du Puy")),
    Shot("responsable-equipe", "operator:team", "responsable", opens("Équipe")),
    Shot("responsable-releves", "operator:statements", "responsable", opens("Relevés et paiements")),
    Shot("commanditaire-accueil", "funder:home", "commanditaire", stay),
    Shot("commanditaire-creer", "funder:create", "commanditaire", opens("Où en est mon dispositif", "Créer un autre")),
    Shot("commanditaire-couverture", "funder:cover", "commanditaire", opens("Couverture")),
    Shot("commanditaire-lot", "funder:batch", "commanditaire", opens("Lots", "2")),
    Shot("comptable-accueil", "accountant:home", "comptable", stay),
    Shot("comptable-ordre", "accountant:order", "comptable", order_prepared),
    Shot(
        "comptable-registre",
        "accountant:register",
        "comptable",
        opens("Registre des valeurs inactives"),
        show=("main section",),
    ),
    Shot("observateur-chequier", "funder:booklet", "observation", booklet_in_use),
    Shot("administrateur-accueil", "administrator:home", "administration", stay),
    Shot("administrateur-courriels", "administrator:mails", "administration", opens("Courriels envoyés")),
    Shot("compte-connexion", "account_login", None, sign_in_page, phone=True, show=(".sheet",)),
    Shot("compte-role", "coordinator:home", "coordination", hat_open, show=(".hat", ".hat .drop-panel")),
    Shot("mon-chequier-pass", "my_booklet", None, printed_code, phone=True),
    Shot("mon-chequier-lieux", "places", None, places_near, phone=True),
)


# --- taking them ------------------------------------------------------------------------------------------------------


def main(wanted: list[str]) -> int:
    unknown = set(wanted) - {shot.name for shot in SHOTS}
    if unknown:
        print(f"no such picture: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    # Those after the last one asked for change nothing to it.
    last = max((rank for rank, shot in enumerate(SHOTS) if shot.name in wanted), default=len(SHOTS) - 1)
    PICTURES.mkdir(exist_ok=True)
    # Only to know the addresses: the site runs beside.
    os.environ["DJANGO_SETTINGS_MODULE"] = "scripts.guide_settings"
    django.setup()
    with tempfile.TemporaryDirectory(prefix="poincon-guide-") as folder, PlayedSite(Path(folder)) as site:
        _take_all(site.url, SHOTS[: last + 1], wanted)
    return 0


def _take_all(url: str, shots: tuple[Shot, ...], wanted: list[str]) -> None:
    read: dict[str, str] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS, env={**os.environ, **LANGUAGE})
        for shot in shots:
            taken = _take(browser, url, shot, read)
            if not wanted or shot.name in wanted:
                (PICTURES / f"{shot.name}.webp").write_bytes(taken)
                print(f"{shot.name}: {len(taken) // 1000} kB", flush=True)
        browser.close()
    print(f"{sum(path.stat().st_size for path in PICTURES.iterdir()) // 1000} kB in all")


def _take(browser: Browser, url: str, shot: Shot, read: dict[str, str]) -> bytes:
    context = browser.new_context(
        viewport=PHONE if shot.phone else DESK,
        device_scale_factor=DENSITY,
        color_scheme="light",
        locale="fr-FR",
        reduced_motion="reduce",
    )
    trip = Trip(context.new_page(), url, read)
    if shot.who:
        _sign_in(trip, shot.who)
    shot.go(trip)
    trip.page.wait_for_load_state("networkidle")
    _check(trip, shot)
    # What is measured is measured from the top of the window.
    trip.page.evaluate("document.activeElement?.blur(); window.scrollTo(0, 0)")
    picture = trip.page.screenshot(full_page=True, clip=_kept(trip.page, shot))
    context.close()
    return _packed(picture)


def _sign_in(trip: Trip, who: str) -> None:
    """As this person of the demonstration, whom the sign-in page offers or not."""
    trip.page.goto(f"{trip.url}/connexion/")
    form = trip.page.locator("form[action='/demo/entrer/']").first
    form.locator("[name=email]").evaluate("(field, email) => { field.value = email; }", f"{who}@{DOMAIN}")
    form.locator("button").click()
    trip.page.goto(f"{trip.url}/accueil/")


def _check(trip: Trip, shot: Shot) -> None:
    """A picture of another page than the one it is said to show would lie to its reader."""
    from django.urls import resolve

    found, title = resolve(urlsplit(trip.page.url).path).view_name, trip.page.title()
    if found != shot.page or title.startswith("Erreur"):
        raise RuntimeError(f"{shot.name} is of {found} ({trip.page.url}), “{title}”")


def _kept(page: Page, shot: Shot) -> FloatRect:
    """What the elements to show cover, with a margin, and no more than the height that is kept."""
    boxes = [box for one in shot.show if (box := page.locator(one).first.bounding_box())]
    width = (PHONE if shot.phone else DESK)["width"]
    left = max(min(box["x"] for box in boxes) - MARGIN, 0)
    # The page begins under the header, whose line is not part of it.
    top = max(min(box["y"] for box in boxes) - (0 if shot.show == ("main",) else MARGIN), 0)
    right = min(max(box["x"] + box["width"] for box in boxes) + MARGIN, width)
    bottom = max(box["y"] + box["height"] for box in boxes) + MARGIN
    return FloatRect(x=left, y=top, width=right - left, height=min(bottom - top, shot.tall or MOST[width]))


def _packed(picture: bytes) -> bytes:
    packed = io.BytesIO()
    with Image.open(io.BytesIO(picture)) as image:
        image.convert("RGB").save(packed, "WEBP", quality=QUALITY, method=6)
    return packed.getvalue()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
