from django.urls import path

from poincon.organisations.enums import Role
from poincon.www.base.rights import for_roles
from poincon.www.funder import views

app_name = "funder"
urlpatterns = [
    path("", for_roles(Role.FUNDER, Role.OBSERVER)(views.home), name="home"),
]
