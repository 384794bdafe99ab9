from django.urls import path

from poincon.organisations.enums import Role
from poincon.www.accountant import views
from poincon.www.base.rights import for_roles

app_name = "accountant"
urlpatterns = [
    path("", for_roles(Role.ACCOUNTANT)(views.home), name="home"),
]
