"""The pack's files keep their promises, and a mistake in them says where it is and what to do."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from typing import TYPE_CHECKING

import pytest

from tracker.errors import StarterDataError
from tracker.sources.kind import KINDS, UNVERIFIED
from tracker.starter.pack import PackAction, PackAllegation, PackResponse
from tracker.starter.read import DATA, read_pack

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.starter.pack import Pack, PackClaim, PackEndpoint

# What was seen to work, or is named by a listing whose addresses have a known form.
ENABLED = (
    "us-wh-actions us-wh-news us-wh-briefings us-fr-bis-rss us-doj-rss us-nist us-cisa us-ftc us-odni "
    "us-cl-search-feed uk-govuk-finder uk-ncsc co-openai co-google-gtig nw-bbc nw-guardian nw-npr "
    "nw-techcrunch nw-verge nw-ars nw-mittr tt-justsec nw-cyberscoop us-ofac us-fr-api "
    "us-house-china us-bill-hr8283 uk-aisi co-anthropic co-deepseek co-moonshot agg-gdelt agg-google-news"
)


@pytest.fixture(scope="module")
def pack() -> Pack:
    """Return the pack as it ships."""
    return read_pack()


def claims(pack: Pack) -> list[PackClaim]:
    """Return all claims of the pack."""
    return [claim for entry in pack.entries for claim in entry.claims]


def test_everything_of_the_facts_is_there(pack: Pack) -> None:
    assert sum(len(source.endpoints) for source in pack.sources) == 157
    assert len(pack.entities) == 327
    assert len(pack.entries) == 22
    assert len(claims(pack)) == 79
    assert sum(len(entry.quantities) for entry in pack.entries) == 29
    assert sum(len(entry.citations) for entry in pack.entries) == 106
    assert len(pack.storylines) == 11
    kinds = [type(claim.detail) for claim in claims(pack)]
    assert [kinds.count(kind) for kind in (PackAllegation, PackResponse, PackAction)] == [24, 33, 22]


def test_exactly_the_listed_endpoints_are_enabled(pack: Pack) -> None:
    enabled = {each.slug for source in pack.sources for each in source.endpoints if each.is_enabled}
    assert enabled == set(ENABLED.split())


def endpoints(pack: Pack) -> list[PackEndpoint]:
    return [each for source in pack.sources for each in source.endpoints]


def test_nothing_enabled_needs_a_key_or_was_never_seen(pack: Pack) -> None:
    for endpoint in endpoints(pack):
        if endpoint.is_enabled:
            assert KINDS.get(endpoint.kind).shape != UNVERIFIED
            assert (endpoint.needs_key, endpoint.confidence) != (True, "unverified")
            assert "KEY" not in endpoint.url
            assert "{" not in endpoint.url


def test_every_endpoint_ships_with_kind_options_pace_and_fallback(pack: Pack) -> None:
    for endpoint in endpoints(pack):
        kind = KINDS.get(endpoint.kind)
        assert kind.unknown_options(endpoint.options) == []
        assert {option.name for option in kind.options if option.is_required} <= set(endpoint.options)
        assert 30 <= endpoint.every_min <= 1440
        assert kind.addresses(endpoint.url, endpoint.options, dt.datetime(2026, 11, 22, tzinfo=dt.UTC))


def test_what_is_no_search_itself_has_something_to_search_for_instead(pack: Pack) -> None:
    lacking = {e.slug for source in pack.sources for e in source.endpoints if not e.fallback}
    assert lacking == {"agg-bing-news", "agg-gdelt", "agg-google-news", "agg-hn"} & lacking


def test_every_claim_rests_on_addresses_of_its_own_entry(pack: Pack) -> None:
    for entry in pack.entries:
        addresses = {citation.url for citation in entry.citations}
        for claim in entry.claims:
            assert set(claim.supported_by) <= addresses
            is_silence = isinstance(claim.detail, PackResponse) and claim.detail.stance == "none_found"
            assert claim.supported_by or is_silence


def test_only_seen_positions_are_shown(pack: Pack) -> None:
    positions = [position for entity in pack.entities for position in entity.positions]
    assert all(position.is_shown == (position.confidence == "seen") for position in positions)
    assert any(position.is_shown for position in positions)
    assert any(not position.is_shown for position in positions)


def test_state_media_are_marked(pack: Pack) -> None:
    marked = {source.slug for source in pack.sources if source.is_state_media}
    assert marked == {"nw-cgtn", "nw-xinhua", "nw-globaltimes", "nw-people"}


@pytest.mark.parametrize(
    ("slug", "text", "kind"),
    [
        ("anthropic", "Anthropic PBC", "legal"),
        ("google-threat-intelligence-group", "GTIG", "acronym"),
        ("nvidia", "英伟达", "transliteration"),
        ("deepseek", "Deep Seek", "misspelling"),
        ("china", "Beijing", "metonym"),
        ("moonshot-ai", "Moonshot", "trade"),
        ("center-for-ai-standards-and-innovation", "US AI Safety Institute", "former"),
        ("microsoft", "MSFT", "other"),
    ],
)
def test_names_are_typed(pack: Pack, slug: str, text: str, kind: str) -> None:
    entity = next(each for each in pack.entities if each.slug == slug)
    assert [alias.kind for alias in entity.aliases if alias.text == text] == [kind]


def test_ambiguous_names_need_context(pack: Pack) -> None:
    names = {alias.text: alias for entity in pack.entities for alias in entity.aliases}
    for text in ("Meta", "Claude", "Moonshot", "Commerce", "MiniMax", "State"):
        assert names[text].needs_context, text
        assert names[text].is_case_sensitive, text


def test_surnames_never_stand_alone(pack: Pack) -> None:
    people = [entity for entity in pack.entities if entity.type == "person"]
    single = [a for e in people for a in e.aliases if re.fullmatch(r"[A-Z][a-z]+", a.text)]
    assert single
    assert all(alias.never_alone for alias in single)


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("entities.yaml", "parent: alphabet", "parent: alphabeth", "names the parent 'alphabeth'"),
        (
            "entities.yaml",
            "slug: alphabet\n",
            "slug: alphabet\n    parent: google-deepmind\n",
            "belongs to itself by way of others: google -> alphabet -> google-deepmind -> google",
        ),
        ("entities.yaml", "type: organisation", "type: firm", "Use one of: instrument, model"),
        ("entities.yaml", "country: US", "contry: US", "unknown key(s): contry"),
        ("sources.yaml", "format: html", "format: gopher", "'format' is 'gopher'"),
        ("sources.yaml", "rss: feed", "rss: telex", "is of kind 'telex'"),
        ("sources.yaml", "window_hours:", "windows:", "unknown setting 'windows'"),
        ("sources.yaml", "tier: 1", "tier: 9", "Use 1 to 4"),
        ("landmarks.yaml", "entities: [openai,", "entities: [opnai,", "names the entity 'opnai'"),
        ("landmarks.yaml", "stance: denies", "stance: refuses", "'stance' is 'refuses'"),
        ("landmarks.yaml", "date: '2023-12-15'", "date: '2023-13-15'", "Write 2025, 2025-01 or 2025-01-20"),
        ("taxonomy.yaml", "techniques:", "techniques: {", "is not YAML"),
    ],
)
def test_a_mistake_says_where_it_is_and_what_to_do(
    tmp_path: Path, file: str, old: str, new: str, told: str
) -> None:
    folder = tmp_path / "data"
    shutil.copytree(DATA, folder)
    path = folder / file
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(StarterDataError, match=re.escape(told)) as caught:
        read_pack(folder)
    assert str(caught.value).startswith(f"{file}, ")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(StarterDataError, match=r"sources\.yaml, the file: is not there"):
        read_pack(tmp_path)
