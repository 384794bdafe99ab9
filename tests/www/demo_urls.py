"""The addresses of the site as a demonstration mounts them."""

from poincon.config import urls
from poincon.www.account import demo

urlpatterns = [*urls.urlpatterns, *demo.urlpatterns]
