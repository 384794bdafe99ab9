from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from poincon.kernel.models import Message, MessageState
from poincon.organisations.models import Organisation, User
from poincon.programmes.models import Programme


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What the administrator looks after: who is on the service, and the mails that did not leave. Four queries."""
    failed = Q(state=MessageState.FAILED)
    context = {
        "organisations": Organisation.objects.count(),
        "people": User.objects.filter(is_active=True).count(),
        "programmes": Programme.objects.count(),
        "mails": Message.objects.aggregate(all=Count("pk"), failed=Count("pk", filter=failed)),
    }
    return render(request, "administrator/home.html", context)
