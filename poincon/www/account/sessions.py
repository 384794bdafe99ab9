"""How long a browser stays signed in."""

from poincon.organisations.models import User

DAY = 24 * 3600
#: A volunteer signs in once a month on her phone; a session that moves money or rights ends with the working day.
LONG, SHORT = 30 * DAY, 12 * 3600


def seconds_kept(user: User) -> int:
    """How long a session of this person lasts: as short as the strictest of her roles asks."""
    return SHORT if user.needs_second_factor() else LONG
