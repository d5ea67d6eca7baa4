"""Sources that go out and come in again are the same to the byte; files of others come in, and bad ones say where."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import factories as make
from tracker.models import Endpoint, Notice, Source
from tracker.starter.transfer.as_opml import NAMESPACE, read_opml, write_opml
from tracker.starter.transfer.as_yaml import FORMAT, read_yaml, write_yaml
from tracker.starter.transfer.facts import EndpointFacts, SourceFacts, TransferError, stored_sources
from tracker.starter.transfer.take_over import compare, read_file, take_over

ODD = (
    '  Spaces before and after \n\nA "quoted" line, it\'s <odd> & \\back\ttab\n# no comment: [x] {y}\n--- \n'
    "终端 \U0001f9ea é\u0301 \u2028 \u00a0\u200b yes: no\n"
)


def odd_sources() -> None:
    """Fill the tables with what files have trouble with."""
    first = make.SourceFactory(
        slug="harbour",
        name='Harbour "Dispatch" & Sons\' <news>',
        note=ODD,
        terms_note="line one\nline two\n",
        owner="no",
        country="NO",
        language="no",
        declared_interest="- a list?",
        homepage="https://harbour.example/",
        domain="harbour.example",
        tier=4,
        is_state_media=True,
        is_enabled=False,
    )
    make.SourceFactory(slug="empty-one", name="007", category="court")
    make.EndpointFactory(
        source=first, url="https://harbour.example/feed?a=1&b=2", name="2026-01-01", note=ODD
    )
    make.EndpointFactory(
        source=first,
        url="https://harbour.example/news/",
        kind="html_list",
        options={"item": "ul > li:nth-child(2n+1)", "date_format": "%d.%m.%Y", "odd": ODD, "": "x"},
        is_enabled=False,
        off_reason="gone: 410",
        every_s=86_400,
        fallback_query='"harbour" OR (dispatch)',
        terms_note="true",
    )


WRITERS = [(write_yaml, read_yaml), (write_opml, lambda text: read_opml(text.encode()))]


@pytest.mark.django_db
@pytest.mark.parametrize("ending", ["yaml", "opml"])
def test_out_in_and_out_again_is_the_same_to_the_byte(tmp_path: Path, ending: str) -> None:
    odd_sources()
    first, second = tmp_path / f"first.{ending}", tmp_path / f"second.{ending}"
    before = stored_sources()
    call_command("sources", "--export", str(first), verbosity=0)
    Source.objects.all().delete()
    call_command("sources", "--import", str(first), verbosity=0)
    call_command("sources", "--export", str(second), verbosity=0)
    assert first.read_bytes() == second.read_bytes()
    assert stored_sources() == before
    assert Source.history.filter(history_change_reason__contains="taken over").count() == 2
    assert Endpoint.history.filter(history_change_reason__contains="taken over").count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(("write", "read"), WRITERS)
def test_taking_the_same_file_over_twice_changes_nothing(write, read) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    odd_sources()
    report = take_over(read(write(stored_sources())), update=True)
    assert {line.state for line in report.lines} == {"same"}


words = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=40)
endpoints = st.builds(
    EndpointFacts,
    url=st.integers(0, 10**9).map(lambda n: f"https://a.example/{n}"),
    name=words,
    options=st.dictionaries(words, words, max_size=3),
    is_enabled=st.booleans(),
    note=words,
    every_s=st.integers(60, 10**6),
)
sources = st.builds(
    SourceFacts,
    slug=st.integers(0, 10**9).map(lambda n: f"s-{n}"),
    name=words.filter(lambda text: bool(text.strip())),
    note=words,
    owner=words,
    is_state_media=st.booleans(),
    endpoints=st.lists(endpoints, max_size=2, unique_by=lambda each: each.url).map(tuple),
)


@settings(max_examples=40)
@given(sources)
def test_any_text_survives_yaml(source: SourceFacts) -> None:
    assert read_yaml(write_yaml([source])) == [source]


@settings(max_examples=40)
@given(sources)
def test_any_text_that_xml_can_hold_survives_opml(source: SourceFacts) -> None:
    text = write_opml([source])
    assert write_opml(read_opml(text.encode())) == text


@pytest.mark.django_db
def test_what_is_here_is_kept_unless_the_file_shall_have_its_way() -> None:
    make.EndpointFactory(
        source=make.SourceFactory(slug="gazette", name="The Gazette"), url="https://g.example/feed"
    )
    facts = stored_sources()[0]
    changed = [replace(facts, name="Gazette", endpoints=(replace(facts.endpoints[0], kind="json_feed"),))]
    report = compare(changed)
    assert (report.count("source", "differs"), report.count("endpoint", "differs")) == (1, 1)
    assert "here 'The Gazette', in the file 'Gazette'" in "\n".join(report.words())
    take_over(changed)
    assert Source.objects.get().name == "The Gazette"
    take_over(changed, update=True)
    assert Source.objects.get().name == "Gazette"
    assert Endpoint.objects.get().kind == "json_feed"
    assert Source.history.filter(slug="gazette").count() == 2


@pytest.mark.django_db
def test_a_preview_changes_nothing() -> None:
    report = compare([SourceFacts("new", "New", endpoints=(EndpointFacts("https://n.example/feed"),))])
    assert len(report.of("new")) == 2
    assert not Source.objects.exists()


@pytest.mark.django_db
def test_an_endpoint_under_another_source_is_told() -> None:
    make.EndpointFactory(source=make.SourceFactory(slug="a", name="A"), url="https://a.example/feed")
    report = compare([SourceFacts("b", "B", endpoints=(EndpointFacts("https://a.example/feed"),))])
    assert [each.field for line in report.of("differs") for each in line.differences] == ["source"]


FOREIGN = b"""<?xml version="1.0" encoding="utf-8"?>
<opml version="1.0"><head><title>My feeds</title></head><body>
  <outline text="Courts"><outline text="Docket Notes" type="rss" xmlUrl="https://docket.example/feed" htmlUrl="https://docket.example/"/></outline>
  <outline title="Tech" text="Tech"><outline text="In a folder">
    <outline text="Ledger: front" xmlUrl="https://feeds.ledger.example/front"/>
    <outline text="Ledger: wires" xmlUrl="https://feeds.ledger.example/wires"/>
    <outline text="Twice" xmlUrl="https://feeds.ledger.example/wires"/></outline></outline>
  <outline text="Known" xmlUrl="https://www.harbour.example/other.xml"/>
  <outline text="A folder with nothing"/>
</body></opml>"""


@pytest.mark.django_db
def test_the_list_of_another_reader_comes_in() -> None:
    known = make.SourceFactory(slug="harbour", name="Harbour", domain="harbour.example")
    take_over(read_file(FOREIGN))
    docket = Source.objects.get(domain="docket.example")
    assert (docket.name, docket.category, docket.slug) == ("Docket Notes", "court", "docket-notes")
    ledger = Source.objects.get(domain="ledger.example")
    assert ledger.name == "ledger.example"
    assert sorted(ledger.endpoints.values_list("name", flat=True)) == ["Ledger: front", "Ledger: wires"]
    assert known.endpoints.get().url == "https://www.harbour.example/other.xml"
    assert set(Endpoint.objects.values_list("kind", flat=True)) == {"feed"}
    again = take_over(read_file(FOREIGN), update=True)
    assert {line.state for line in again.lines} == {"same"}


def test_other_readers_find_the_feeds_and_skip_what_is_none() -> None:
    facts = SourceFacts(
        "a",
        "A",
        endpoints=(
            EndpointFacts("https://a.example/feed"),
            EndpointFacts("https://a.example/n", kind="html_list"),
        ),
    )
    text = write_opml([facts])
    assert text.count("xmlUrl=") == 1
    assert 'type="rss"' in text
    assert '<outline text="A" title="A" type="link" url="https://a.example/n"' in text


def yaml_file(body: str) -> bytes:
    return f"format: {FORMAT}\nsources:\n{body}".encode()


SOURCE = "  - slug: a\n    name: A\n"
BAD = {
    "nothing": (b" \n", "empty"),
    "prose": (b"just words", "not a mapping"),
    "no YAML": (b"format: [\n", "line 2"),
    "another format": (b"format: other\nsources: []\n", "'other'"),
    "a bad category": (yaml_file(SOURCE + "    category: paper\n"), "line 3"),
    "a number for text": (yaml_file(SOURCE + "    owner: 7\n"), "line 3"),
    "an unknown key": (yaml_file(SOURCE + "    editor: x\n"), "editor"),
    "no name": (yaml_file("  - slug: a\n"), "'name' is missing"),
    "the same slug twice": (yaml_file(SOURCE + SOURCE), "line 3 already"),
    "no address": (yaml_file(SOURCE + "    endpoints:\n      - url: javascript:1\n"), "line 6"),
    "a slug that is none": (yaml_file("  - slug: 'a b'\n    name: A\n"), "slug"),
    "a long name": (yaml_file(f"  - slug: a\n    name: {'A' * 201}\n"), "At most 200"),
    "a wild pace": (
        yaml_file(SOURCE + "    endpoints:\n      - url: https://a.example/\n        every_s: 1\n"),
        "line 6",
    ),
    "options that are no texts": (
        yaml_file(SOURCE + "    endpoints:\n      - url: https://a.example/\n        options: {a: 1}\n"),
        "between quotes",
    ),
    "deep brackets": (b"[" * 5_000, "nested too deep"),
    "Latin bytes": (b"format: \xe9\xe8\n", "UTF-8"),
    "broken XML": (b"<opml>\n<body>\n<outline></body></opml>", "Line 3"),
    "other XML": (b"<rss/>", "not OPML"),
    "no feeds": (b"<opml><body><outline text='a'/></body></opml>", "no feed"),
    "an entity bomb": (
        b'<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>\n<opml><body><outline text="&b;"/></body></opml>',
        "entities",
    ),
    "an outside entity": (
        b'<?xml version="1.0"?>\n<!doctype a SYSTEM "file:///etc/passwd"><opml/>',
        "Line 2",
    ),
    "a strange encoding": (b'<?xml version="1.0" encoding="utf-7"?><opml/>', "utf-7"),
    "deep folders": (b"<opml><body>" + b"<outline>" * 200 + b"</outline>" * 200 + b"</body></opml>", "deep"),
    "a bad address": (b"<opml><body>\n<outline xmlUrl='ftp://a'/></body></opml>", "Line 2"),
    "an odd flag": (
        f"<opml xmlns:r='{NAMESPACE}'><body>\n<outline text='A' r:slug='a' r:is_enabled='maybe'/></body>"
        "</opml>".encode(),
        "Line 2",
    ),
    "odd options": (
        f"<opml xmlns:r='{NAMESPACE}'><body><outline text='A' r:slug='a'>\n<outline xmlUrl='https://a.example/' "
        f"r:kind='feed' r:options='[1]'/></outline></body></opml>".encode(),
        "Line 2",
    ),
    "too much": (b"# " + b"x" * 2_000_001, "split"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_told_where_and_what(name: str) -> None:
    raw, expected = BAD[name]
    with pytest.raises(TransferError) as caught:
        read_file(raw)
    words = str(caught.value)
    assert expected in words or expected.capitalize() in words, words
    assert words.endswith(".")


def test_a_file_in_utf_16_is_read() -> None:
    assert read_file(FOREIGN.decode().replace("utf-8", "utf-16").encode("utf-16"))


def test_options_stand_in_opml_as_json() -> None:
    facts = SourceFacts("a", "A", endpoints=(EndpointFacts("https://a.example/", options={"a": '"<&\n'}),))
    assert json.dumps({"a": '"<&\n'}) in read_back(write_opml([facts]))
    assert read_opml(write_opml([facts]).encode()) == [facts]


def read_back(text: str) -> str:
    """Undo the escapes of XML."""
    return text.replace("&quot;", '"').replace("&lt;", "<").replace("&amp;", "&")


@pytest.mark.django_db
def test_the_command_says_what_is_wrong(tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_bytes(BAD["no YAML"][0])
    with pytest.raises(CommandError, match=r"bad\.yaml: Line 2"):
        call_command("sources", "--import", str(bad))
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("sources", "--import", str(tmp_path / "none.yaml"))
    with pytest.raises(CommandError, match="belong to --import"):
        call_command("sources", "--export", "-", "--update")


@pytest.mark.django_db
def test_the_command_previews(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "feeds.opml"
    file.write_bytes(FOREIGN)
    call_command("sources", "--import", str(file), "--preview")
    told = capsys.readouterr().out
    assert "new: source Docket Notes (line 3)" in told
    assert "Nothing was changed" in told
    assert not Source.objects.exists()


@pytest.mark.django_db
def test_the_whole_starter_pack_goes_out_and_in(tmp_path: Path) -> None:
    from tracker.starter.keep import Keeper  # noqa: PLC0415 - one use
    from tracker.starter.load_facts import load_sources  # noqa: PLC0415 - one use
    from tracker.starter.read import DATA, read_sources  # noqa: PLC0415 - one use

    load_sources(Keeper(reason="test"), read_sources(DATA / "sources.yaml")[0], base_url="")
    before = stored_sources()
    text = write_yaml(before)
    assert read_yaml(text) == before
    assert read_opml(write_opml(before).encode()) == before


def test_references_are_refused_before_they_multiply() -> None:
    rows = [f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 10)}]}}" for n in range(1, 30)]
    with pytest.raises(TransferError, match=r"Line 2: .*refers to another one"):
        read_yaml("\n".join(["a0: &a0 {k: v}", *rows]))


def test_an_update_asks_anew_and_ends_the_notices_of_what_it_turns_off(db: None) -> None:
    endpoint = make.EndpointFactory(url="https://g.example/feed", etag="v1", body_sha256="0" * 64)
    other = make.EndpointFactory(url="https://h.example/feed", etag="v1", source__is_enabled=True)
    make.NoticeFactory(endpoint=endpoint)
    make.NoticeFactory(endpoint=other)
    kept = make.NoticeFactory(endpoint=make.EndpointFactory())
    facts = {each.slug: each for each in stored_sources()}
    first, second = facts[endpoint.source.slug], facts[other.source.slug]
    changed = replace(first.endpoints[0], is_enabled=False, options={"language": "de"})
    take_over(
        [replace(first, endpoints=(changed,)), replace(second, is_enabled=False, endpoints=())], update=True
    )
    endpoint.refresh_from_db()
    other.refresh_from_db()
    assert (endpoint.etag, endpoint.body_sha256, other.etag) == ("", "", "v1")
    assert Notice.objects.open().get() == kept
