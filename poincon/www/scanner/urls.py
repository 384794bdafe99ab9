from django.urls import path

from poincon.organisations.permissions import ENROL_DEVICE
from poincon.www.base.rights import public_page, requires
from poincon.www.scanner import views

app_name = "scanner"

#: The page itself asks for nothing: once installed it opens without session, and what it shows is on the phone.
urlpatterns = [
    path("", public_page(views.shell), name="shell"),
    path("service-worker.js", public_page(views.service_worker), name="service_worker"),
    path("decodeur.js", public_page(views.decoder_worker), name="decoder_worker"),
    path("manifest.webmanifest", public_page(views.manifest), name="manifest"),
    path("connexion/", requires(ENROL_DEVICE)(views.sign_in), name="sign_in"),
    path("appareil/", requires(ENROL_DEVICE)(views.enrolment), name="enrolment"),
]
