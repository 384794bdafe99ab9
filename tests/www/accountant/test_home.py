"""What waits for whoever pays, at her home."""

import pytest
from django.urls import reverse

from poincon.organisations.enums import Role
from poincon.passes.models import Batch
from tests.world.standing import Standing
from tests.world.story import Person
from tests.www.coordinator.network import said

pytestmark = pytest.mark.django_db


def test_a_printed_batch_waits_to_be_activated(full: Standing) -> None:
    client = full.client(Person(Role.ACCOUNTANT))
    batch = Batch.objects.filter(programme=full.world.programme).exclude(activated_at=None).earliest("pk")
    call = f"Activer le lot {batch.number}"
    assert call not in said(client.get("/comptabilite/"))
    Batch.objects.filter(pk=batch.pk).update(activated_at=None)
    response = client.get("/comptabilite/")
    assert call in said(response)
    assert reverse("funder:batch", args=[batch.pk]) in response.content.decode()
