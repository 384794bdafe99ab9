from django.urls import path

from poincon.organisations.enums import Role
from poincon.www.administrator import views
from poincon.www.base.rights import for_roles

app_name = "administrator"
urlpatterns = [
    path("", for_roles(Role.ADMINISTRATOR)(views.home), name="home"),
]
