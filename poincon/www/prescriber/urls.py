from django.urls import path

from poincon.organisations.enums import Role
from poincon.www.base.rights import for_roles
from poincon.www.prescriber import views

app_name = "prescriber"
urlpatterns = [
    path("", for_roles(Role.PRESCRIBER)(views.home), name="home"),
]
