from django.urls import path, register_converter

from poincon.www.base.rights import public_page
from poincon.www.public import legal, scheme, views


class PrintedCode:
    """What follows /P/ on paper; a phone may write it in small letters. Whatever it holds, the answer is a sentence."""

    regex = "[0-9A-Za-z]{1,200}"

    def to_python(self, value: str) -> str:
        return value.upper()

    def to_url(self, value: str) -> str:
        return value


register_converter(PrintedCode, "printed_code")

urlpatterns = [
    path("", public_page(views.welcome), name="welcome"),
    path("P/<printed_code:code>", public_page(views.printed_code), name="printed_code"),
    path("p/<printed_code:code>", public_page(views.printed_code), name="printed_code_small"),
    path("mon-chequier/", public_page(views.my_booklet), name="my_booklet"),
    path("dispositif/<slug:programme_code>/", public_page(scheme.scheme), name="scheme"),
    path("dispositif/<slug:programme_code>/lieux/", public_page(scheme.places), name="places"),
    path("dispositif/<slug:programme_code>/lieux/carte.json", public_page(scheme.places_on_map), name="places_on_map"),
    path("dispositif/<slug:programme_code>/lieux/<int:venue_id>/", public_page(scheme.place), name="place"),
    path("mentions-legales/", public_page(legal.legal_notice), name="legal_notice"),
    path("donnees-personnelles/", public_page(legal.privacy), name="privacy"),
    path("accessibilite/", public_page(legal.accessibility), name="accessibility"),
]
