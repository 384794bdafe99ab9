from django.urls import path

from poincon.organisations.enums import Role
from poincon.www.base.rights import for_roles
from poincon.www.coordinator import views

app_name = "coordinator"
urlpatterns = [
    path("", for_roles(Role.COORDINATOR)(views.home), name="home"),
]
