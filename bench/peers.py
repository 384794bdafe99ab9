"""The two peers that Poinçon is measured against, served beside it by the same workers."""

import json
from typing import ClassVar

from django.db import connection, models, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import include, path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt


class Token(models.Model):
    digest = models.CharField(max_length=64, unique=True)

    objects: ClassVar[models.Manager["Token"]]

    class Meta:
        app_label = "bench"
        db_table = "bench_token"


class Voucher(models.Model):
    used = models.IntegerField(default=0)

    objects: ClassVar[models.Manager["Voucher"]]

    class Meta:
        app_label = "bench"
        db_table = "bench_voucher"


class Use(models.Model):
    voucher = models.ForeignKey(Voucher, models.CASCADE)
    at = models.DateTimeField()

    objects: ClassVar[models.Manager["Use"]]

    class Meta:
        app_label = "bench"
        db_table = "bench_use"


PEERS = (Token, Voucher, Use)


@csrf_exempt
def thin(request: HttpRequest) -> HttpResponse:
    """What the rules, the barriers and the evidence are measured against: a token, a read, an insert, an update."""
    asked = json.loads(request.body)
    with transaction.atomic():
        Token.objects.get(digest=asked["token"])
        voucher = Voucher.objects.get(pk=asked["voucher"])
        Use.objects.create(voucher=voucher, at=timezone.now())
        voucher.used += 1
        voucher.save(update_fields=["used"])
    return JsonResponse({"ok": True})


@csrf_exempt
def one_statement(request: HttpRequest) -> HttpResponse:
    """The floor: one raw statement through Django."""
    asked = json.loads(request.body)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE bench_voucher SET used = used + 1 WHERE id = %s RETURNING used", [asked["voucher"]])
        return JsonResponse({"used": cursor.fetchone()[0]})


urlpatterns = [
    path("thin", thin),
    path("one-statement", one_statement),
    path("", include("poincon.config.urls")),
]
