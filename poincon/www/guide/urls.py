from django.urls import path

from poincon.www.base.rights import public_page
from poincon.www.guide import views

urlpatterns = [
    path("", public_page(views.guides), name="guides"),
    path("<slug:guide_slug>/", public_page(views.guide), name="guide"),
]
