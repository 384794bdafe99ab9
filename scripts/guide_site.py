"""The demonstration of Creuse on a day that is always the same, served for the pictures of the guides.

    python -m scripts.guide_site FOLDER      plays it in FOLDER, serves it, prints its address

``PlayedSite`` runs it in a process of its own: the clock it stops is only its own.
"""

import os
import subprocess
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

ROOT = Path(__file__).resolve().parents[1]
SCENARIO = "creuse"
#: A Monday, the second day of a month: the month before is closed, and nobody has paid it yet.
NOW = datetime(2026, 3, 2, 10, 5, tzinfo=ZoneInfo("Europe/Paris"))


class PlayedSite:
    """The site, open as long as the block lasts; ``url`` is its address."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = ""

    def __enter__(self) -> "PlayedSite":
        command = [sys.executable, "-m", "scripts.guide_site", str(self.folder)]
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self.url = self._process.stdout.readline().strip()
        if not self.url:
            raise RuntimeError("the demonstration did not start: see above")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.wait(timeout=10)
        if self._process.stdout is not None:
            self._process.stdout.close()


# --- inside the process -----------------------------------------------------------------------------------------------


def _set_up(folder: Path) -> None:
    os.environ |= {
        "POINCON_MODE": "demo",
        "POINCON_VAR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder / 'guide.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "scripts.guide_settings",
    }
    import django
    from django.utils import timezone

    # Before any module takes it under a name of its own.
    timezone.now = lambda: NOW
    django.setup()


def _play(folder: Path) -> None:
    from django.core.management import call_command

    from poincon.demo.player import play
    from poincon.territories.services import load_territories

    call_command("migrate", verbosity=0, interactive=False)
    load_territories(progress=lambda _done, _total: None)
    play(SCENARIO, now=NOW, out=folder / "papers", progress=lambda _done, _total: None)
    _give_two_hats()


def _give_two_hats() -> None:
    """The first coordinator observes for the funder too, so that the switch of hats can be shown."""
    from poincon.organisations.actors import Actor
    from poincon.organisations.enums import Role
    from poincon.organisations.models import Membership
    from poincon.organisations.services import grant_role

    one = Membership.objects.filter(role=Role.COORDINATOR).earliest("pk")
    owner = Membership.objects.filter(role=Role.FUNDER).earliest("pk").organisation
    system = Actor.system("images des guides", source="script")
    grant_role(by=system, user=one.user, role=Role.OBSERVER, organisation=owner, now=NOW)


def _dated(application: "WSGIApplication") -> "WSGIApplication":
    """The same, whose answers say that it is this day: the scanner goes by the clock of the server."""

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *fault: Any) -> Any:
            return start_response(
                status, [*headers, ("Date", format_datetime(NOW.astimezone(UTC), usegmt=True))], *fault
            )

        return application(environ, start)

    return answer


def _serve() -> None:
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
    from django.core.wsgi import get_wsgi_application

    class Quiet(WSGIRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  as the base class names it
            """Requests are not news; pages that break say so through the log."""

    server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet)
    server.set_app(_dated(get_wsgi_application()))
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    _set_up(Path(sys.argv[1]))
    _play(Path(sys.argv[1]))
    _serve()
