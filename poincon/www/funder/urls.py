from django.urls import path

from poincon.organisations.enums import Role
from poincon.programmes.permissions import UPDATE_THEME
from poincon.www.base.rights import for_roles, requires
from poincon.www.funder import appearance, views

app_name = "funder"
urlpatterns = [
    path("apparence/", requires(UPDATE_THEME)(appearance.appearance), name="appearance"),
    path("", for_roles(Role.FUNDER, Role.OBSERVER)(views.home), name="home"),
]
