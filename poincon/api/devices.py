"""Who calls: a scanner that holds a device token, and not too often."""

import math
from collections import OrderedDict
from datetime import datetime
from threading import Lock
from time import monotonic
from typing import cast

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja.security import HttpBearer

from poincon.api.problems import RateError
from poincon.kernel.refusals import Refusal
from poincon.organisations.devices import CONTACT_PRECISION, Scanner, recognise
from poincon.organisations.services import note_contact

TOO_MANY_REQUESTS = Refusal(
    "too_many_requests",
    _("Cet appareil envoie trop de demandes."),
    _("Attendez %(seconds)s s ; les scans en attente peuvent partir ensemble, jusqu’à 1 000 par demande."),
)

#: A group of ten is punched in a minute; a device that comes back on line sends its queue in one request.
REQUESTS_PER_MINUTE = 300
DEVICES_REMEMBERED = 10_000


class Limiter:
    """A leaky bucket for each device, in the memory of this process.

    The limit of an instance is thus the sum over its workers: it protects the server from a device that loops, it is
    not an accounting rule, and is worth no statement on the path of a scan.
    """

    def __init__(self, per_minute: int, *, remembered: int = DEVICES_REMEMBERED) -> None:
        self.capacity = per_minute
        self.leak = per_minute / 60
        self.remembered = remembered
        self._levels: OrderedDict[int, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def wait(self, device_id: int, *, now: float | None = None) -> int:
        """Count one request at ``now`` (seconds); returns 0 or, when it is one too many, the seconds to wait."""
        now = monotonic() if now is None else now
        with self._lock:
            level, at = self._levels.pop(device_id, (0.0, now))
            level = max(0.0, level - (now - at) * self.leak)
            over = level + 1 - self.capacity
            # A refused request does not fill the bucket: a device that insists is not punished for ever.
            self._levels[device_id] = (level if over > 0 else level + 1, now)
            if len(self._levels) > self.remembered:
                self._levels.popitem(last=False)
        return math.ceil(over / self.leak) if over > 0 else 0


limiter = Limiter(REQUESTS_PER_MINUTE)


class Contacts:
    """Which devices were noted lately by this process: most contacts cost no statement."""

    def __init__(self, *, remembered: int = DEVICES_REMEMBERED) -> None:
        self.remembered = remembered
        self._noted: OrderedDict[int, datetime] = OrderedDict()
        self._lock = Lock()

    def is_due(self, device_id: int, now: datetime) -> bool:
        """Whether this contact is to be kept; if so, the next ones are not for a quarter of an hour."""
        with self._lock:
            noted = self._noted.get(device_id)
            if noted is not None and noted <= now < noted + CONTACT_PRECISION:
                return False
            self._noted[device_id] = now
            self._noted.move_to_end(device_id)
            if len(self._noted) > self.remembered:
                self._noted.popitem(last=False)
        return True


contacts = Contacts()


def heard(scanner: Scanner, now: datetime) -> None:
    """Keep, coarsely, that this device was heard. Never called on the path of a scan."""
    if scanner.device_id is not None and contacts.is_due(scanner.device_id, now):
        note_contact(device_id=scanner.device_id, now=now)


class DeviceToken(HttpBearer):
    """``Authorization: Bearer <token>``, the token shown once when the device was enrolled."""

    openapi_description = "Jeton d’un appareil, montré une fois à son enrôlement."

    def authenticate(self, request: HttpRequest, token: str) -> Scanner | None:
        scanner = recognise(token)
        if scanner is not None and scanner.device_id is not None and (seconds := limiter.wait(scanner.device_id)):
            raise RateError(TOO_MANY_REQUESTS.filled(seconds=seconds), seconds)
        return scanner


def scanner_of(request: HttpRequest) -> Scanner:
    """The scanner that ``DeviceToken`` recognised."""
    scanner: Scanner = request.auth  # type: ignore[attr-defined]  # set by django-ninja
    return scanner


def device_of(request: HttpRequest) -> int:
    """The device that ``DeviceToken`` recognised: it knows no other scanner."""
    return cast("int", scanner_of(request).device_id)
