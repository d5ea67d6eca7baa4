"""A circle of affiliations is refused with a sentence that names its steps."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from tests.factories import AffiliationFactory, EntityFactory
from tracker.models import Affiliation

pytestmark = pytest.mark.django_db


def test_a_circle_is_refused_however_long_the_way() -> None:
    lab, company, group = (EntityFactory(name=name) for name in ("Lumora Labs", "Lumora", "Lumora Group"))
    AffiliationFactory(child=lab, parent=company)
    AffiliationFactory(child=company, parent=group)
    with pytest.raises(ValidationError) as refused:
        Affiliation(child=group, parent=lab).full_clean()
    told = (
        "This makes a circle of what belongs to what: Lumora Group to Lumora Labs, Lumora Labs to Lumora, "
        "Lumora to Lumora Group. Take one of these out first."
    )
    assert refused.value.message_dict["parent"] == [told]


def test_a_second_parent_and_a_change_of_the_same_row_are_no_circle() -> None:
    lab, company, group = (EntityFactory(name=name) for name in ("Lumora Labs", "Lumora", "Lumora Group"))
    row = AffiliationFactory(child=lab, parent=company)
    Affiliation(child=lab, parent=group).full_clean()
    row.child, row.parent = company, lab
    row.full_clean()


def test_the_desk_says_so_and_keeps_what_stands(client: Client) -> None:
    client.force_login(User.objects.create_superuser("desk"))
    lab, company = EntityFactory(name="Lumora Labs"), EntityFactory(name="Lumora")
    AffiliationFactory(child=lab, parent=company)
    form = {"slug": company.slug, "name": company.name, "type": company.type, "is_public": "on"}
    for prefix in ("aliases", "positions", "parents", "external_ids"):
        form |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    form |= {"parents-TOTAL_FORMS": "1", "parents-0-child": str(company.pk), "parents-0-parent": str(lab.pk)}
    answer = client.post(reverse("admin:tracker_entity_change", args=[company.pk]), form)
    assert answer.status_code == 200
    assert "This makes a circle of what belongs to what: Lumora to Lumora Labs" in answer.content.decode()
    assert Affiliation.objects.count() == 1
