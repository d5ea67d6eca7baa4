"""Names without an entity: staff see where they stand and rule; readers see nothing of it."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests import factories as make
from tests.web.conftest import soup
from tracker.models import Alias, Article, Candidate, Entity
from tracker.pipeline import candidates

pytestmark = pytest.mark.django_db
TEXT = "An engineer of Quill Works said nothing. The rest of the paragraph names nobody."


def an_article() -> None:
    revision = make.RevisionFactory(text=TEXT)
    Article.objects.filter(pk=revision.article_id).update(is_on_subject=True)
    make.MentionFactory(
        revision=revision,
        entity=None,
        start=15,
        end=26,
        surface="Quill Works",
        label="ORG",
        name_key="quill works",
    )


@pytest.fixture
def works(db: None) -> Candidate:
    for _ in range(31):
        an_article()
    found = Candidate.objects.create(key="quill works", name="Quill Works", label="ORG")
    candidates.count()
    found.refresh_from_db()
    return found


def test_candidates_are_for_staff_who_may_decide(works: Candidate, client: Client) -> None:
    decide = f"/candidates/{works.pk}/decide/"
    for path in ("/candidates/", f"/candidates/{works.pk}/"):
        assert client.get(path)["Location"].startswith("/admin/login/")
    assert client.post(decide, {"what": "ignore"}).status_code == 302
    reader = User.objects.create_user("reader", is_staff=True)
    client.force_login(reader)
    assert client.get("/candidates/").status_code == 200
    assert client.post(decide, {"what": "ignore"}).status_code == 403
    reader.user_permissions.add(Permission.objects.get(codename="change_candidate"))
    assert client.get(decide).status_code == 405
    works.refresh_from_db()
    assert works.state == "open"


@pytest.mark.parametrize(("what", "needed"), [("alias", ["add_alias"]), ("new", ["add_entity", "add_alias"])])
def test_what_a_decision_makes_needs_the_right_to_make_it(
    works: Candidate, client: Client, what: str, needed: list[str]
) -> None:
    Entity.objects.create(slug="quill", name="Quillworks", type="organisation")
    clerk = User.objects.create_user("clerk", is_staff=True)
    client.force_login(clerk)
    path, sent = f"/candidates/{works.pk}/", {"what": what, "entity": "quill", "type": "organisation"}
    for right in ["change_candidate", *needed]:
        assert not soup(client, path).select(f'input[value="{what}"]')
        assert client.post(f"{path}decide/", sent).status_code == 403
        clerk.user_permissions.add(Permission.objects.get(codename=right))
    assert soup(client, path).select(f'input[value="{what}"]')
    assert client.post(f"{path}decide/", sent).status_code == 302
    works.refresh_from_db()
    assert works.state == what
    assert soup(client, path).select('input[value="undo"]')
    clerk.user_permissions.remove(Permission.objects.get(codename="add_alias"))
    assert not soup(client, path).select('input[value="undo"]')
    assert client.post(f"{path}decide/", {"what": "undo"}).status_code == 403


def test_the_number_of_articles_is_the_length_of_their_list(works: Candidate, staff_client: Client) -> None:
    page = soup(staff_client, "/candidates/")
    (link,) = page.select(f'td.num a[href="/candidates/{works.pk}/"]')
    n, url = 0, str(link["href"])
    while url:
        listed = soup(staff_client, url)
        n += len(listed.select("#results [data-row]"))
        older = listed.select_one('#results a[rel="next"]')
        url = str(older["href"]) if older else ""
    assert link.get_text() == str(n) == "31"
    assert (
        "An engineer of Quill Works said nothing."
        in soup(staff_client, f"/candidates/{works.pk}/").get_text()
    )


def test_a_name_becomes_one_of_a_known_entity(works: Candidate, staff_client: Client) -> None:
    lab = Entity.objects.create(slug="quill", name="Quillworks", type="organisation")
    decide = f"/candidates/{works.pk}/decide/"
    unknown = staff_client.post(decide, {"what": "alias", "entity": "nobody"}, follow=True).content.decode()
    assert "No entity has the name or address" in unknown
    said = staff_client.post(decide, {"what": "alias", "entity": "quill"}, follow=True).content.decode()
    assert "is a name of Quillworks now" in said
    again = staff_client.post(decide, {"what": "new", "type": "organisation"}, follow=True).content.decode()
    assert "was decided meanwhile" in again
    assert Alias.objects.get(entity=lab).text == "Quill Works"
    staff_client.post(decide, {"what": "undo"})
    assert not Alias.objects.exists()


@pytest.mark.parametrize("sent", [{}, {"what": "fly"}, {"what": "new", "type": "ghost"}, {"what": "alias"}])
def test_what_cannot_be_decided_is_said(works: Candidate, staff_client: Client, sent: dict[str, str]) -> None:
    answer = staff_client.post(f"/candidates/{works.pk}/decide/", sent, follow=True)
    assert answer.status_code == 200
    assert answer.context["messages"]
    assert not Entity.objects.exists()


def test_many_names_are_set_aside_at_once(works: Candidate, staff_client: Client) -> None:
    pick = [str(works.pk), "x", "9" * 40, "-1"]
    staff_client.post("/candidates/ignore/", {"pick": pick, "reason": "A workshop."})
    works.refresh_from_db()
    assert (works.state, works.reason) == ("ignored", "A workshop.")


def test_the_lists_take_few_queries(
    works: Candidate, staff_client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(40):
        Candidate.objects.create(
            key=f"k{n}", name=f"Name {n}", label="ORG", n_articles=1, counted_at=works.counted_at
        )
    with django_assert_max_num_queries(12):
        staff_client.get("/candidates/?q=name")
    with django_assert_max_num_queries(12):
        staff_client.get(f"/candidates/{works.pk}/")
