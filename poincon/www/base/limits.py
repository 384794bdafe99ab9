"""How often one network address may ask for a page, counted in the cache that all processes share."""

import ipaddress
from collections.abc import Callable
from functools import wraps
from time import time
from typing import Any

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest, HttpResponseBase

from poincon.www.base.errors import too_many_requests
from poincon.www.base.rights import View

MINUTE = 60
#: An Internet subscriber is given a whole /64 network: counting single IPv6 addresses would limit nobody.
IPV6_PREFIX = 64


def limited(action: str, *, per_minute: int) -> Callable[[View], View]:
    """At most ``per_minute`` requests of one network address; beyond, a page says to wait (429)."""

    def decorate(view: View) -> View:
        @wraps(view)
        def counted(request: HttpRequest, /, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if _requests_this_minute(action, network_of(request)) > per_minute:
                return too_many_requests(request)
            return view(request, *args, **kwargs)

        return counted

    return decorate


def network_of(request: HttpRequest) -> str:
    """The address the request comes from, cut to its network when it is an IPv6 address."""
    address = ipaddress.ip_address(get_adapter(request).get_client_ip(request))
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, IPV6_PREFIX), strict=False))
    return str(address)


def _requests_this_minute(action: str, network: str) -> int:
    key = f"limit:{action}:{network}:{int(time()) // MINUTE}"
    # Two requests of the same instant may count as one: a limit against robots needs no lock.
    count = int(cache.get(key, 0)) + 1
    cache.set(key, count, 2 * MINUTE)
    return count
