from django.urls import path

from poincon.organisations.enums import Role
from poincon.www.base.rights import for_roles
from poincon.www.operator import views

app_name = "operator"
urlpatterns = [
    path("", for_roles(Role.OPERATOR_MANAGER, Role.MEDIATOR)(views.home), name="home"),
]
