"""Who calls: a scanner that holds a device token, and not too often."""

import time
from collections import OrderedDict
from threading import Lock

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja.security import HttpBearer

from poincon.kernel.refusals import Refusal
from poincon.organisations.devices import Scanner, recognise

TOO_MANY_REQUESTS = Refusal(
    "too_many_requests",
    _("Cet appareil envoie trop de demandes."),
    _("Attendez %(seconds)s secondes ; les scans en attente peuvent partir ensemble, jusqu’à 1 000 par demande."),
)

#: A group of ten is punched in a minute; a device that comes back on line sends its queue in one request.
REQUESTS_PER_MINUTE = 300
DEVICES_REMEMBERED = 10_000


class Limiter:
    """A leaky bucket for each device, in the memory of this process.

    The limit of an instance is thus the sum over its workers: it protects the server from a device that loops, it is
    not an accounting rule, and is worth no statement on the path of a scan.
    """

    def __init__(self, per_minute: int) -> None:
        self.per_minute = per_minute
        self._levels: OrderedDict[int, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def check(self, device_id: int, *, now: float | None = None) -> None:
        """Count one request. Raises Refusal ``too_many_requests`` with the seconds to wait."""
        now = time.monotonic() if now is None else now
        with self._lock:
            level, at = self._levels.pop(device_id, (0.0, now))
            level = max(0.0, level - (now - at) * self.per_minute / 60) + 1
            full = level > self.per_minute
            self._levels[device_id] = (level - 1 if full else level, now)
            if len(self._levels) > DEVICES_REMEMBERED:
                self._levels.popitem(last=False)
        if full:
            raise TOO_MANY_REQUESTS.filled(seconds=max(1, round(60 / self.per_minute)))


limiter = Limiter(REQUESTS_PER_MINUTE)


class DeviceToken(HttpBearer):
    """``Authorization: Bearer <token>``, the token shown once when the device was enrolled."""

    openapi_description = "Jeton d’un appareil, donné une fois à son enrôlement."

    def authenticate(self, request: HttpRequest, token: str) -> Scanner | None:
        scanner = recognise(token)
        if scanner is not None and scanner.device_id is not None:
            limiter.check(scanner.device_id)
        return scanner


def scanner_of(request: HttpRequest) -> Scanner:
    """The scanner that ``DeviceToken`` recognised."""
    scanner: Scanner = request.auth  # type: ignore[attr-defined]  # set by django-ninja
    return scanner
