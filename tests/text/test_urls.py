"""Addresses: one form per document, nothing raises, twice is the same as once."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.text.urls import canonical_url, clean_url, host_of, origin_of, registrable_domain

pieces = st.sampled_from(
    [
        "http://",
        "https://",
        "HTTP://",
        "a.example",
        "Ü.example",
        "/",
        "//",
        "..",
        ".",
        "%2F",
        "%2e",
        "%",
        "%zz",
        "?",
        "&",
        "=",
        "amp;",
        "utm_source",
        "ref=rss",
        "x",
        "#",
        "@",
        ":",
        ":80",
        ":443",
        "[",
        "]",
        "::1",
        "\\",
        " ",
        "\t",
        "é",
        "\ud800",
        "\x00",
        "%C3%A9",
        "+",
        ";",
        "①",
        "xn--",
        "。",
        "-",
        "_",
        "javascript:",
        "data:",
    ]
)
addresses = st.one_of(st.text(), st.lists(pieces, max_size=14).map("".join))


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ("HTTP://News.Example:80/a", "http://news.example/a"),
        ("https://news.example:443", "https://news.example/"),
        ("https://news.example:8443/a", "https://news.example:8443/a"),
        ("https://news.example./a", "https://news.example/a"),
        ("https://user:secret@news.example/a", "https://news.example/a"),
        ("https://news.example/a#part", "https://news.example/a"),
        ("  https://news.example/a\n", "https://news.example/a"),
        ("https://news.example/a/../b/./c", "https://news.example/b/c"),
        ("https://news.example/a/%2e%2e/b", "https://news.example/b"),
        ("https://news.example/%7ename/%c3%a9", "https://news.example/~name/%C3%A9"),
        ("https://news.example/é?q=é", "https://news.example/%C3%A9?q=%C3%A9"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://新闻.example/文", "https://xn--efvy88h.example/%E6%96%87"),
        ("https://news.example/?", "https://news.example/"),
        ("https://news.example/a b", "https://news.example/a%20b"),
        ("https://news.example/100%", "https://news.example/100%25"),
        ("https://[2606:4700:0:0::1111]/", "https://[2606:4700::1111]/"),
    ],
)
def test_one_document_has_one_form(found: str, expected: str) -> None:
    assert canonical_url(found) == expected


@pytest.mark.parametrize(
    "address",
    [
        "https://archive.example/web/2026/https://news.example/a",
        "https://news.example/a%2Fb",
        "https://news.example/?q=%26%3D%23",
        "https://news.example/?q=a+b%2Bc",
        "https://news.example/%D6%D0",  # not UTF-8
        "https://news.example/?b=2&a=1",
        "https://news.example/?empty=",
        "https://news.example/?id=5&ref=7",
        "https://news.example/a;v=1",
        "https://news.example/index.php?/topic/5",
    ],
)
def test_what_servers_tell_apart_stays_apart(address: str) -> None:
    assert canonical_url(address) == address


@pytest.mark.parametrize(
    "query",
    [
        "utm_source=x&utm_medium=y",
        "UTM_Source=x",
        "fbclid=1",
        "gclid=1",
        "at_medium=RSS&at_campaign=KARANGA",
        "mc_cid=1&mc_eid=2",
        "ref=rss",
        "source=twitter",
        "amp;utm_source=x",
        "_hsenc=a&_hsmi=b",
        "utm%5Fsource=x",
        "&&",
    ],
)
def test_tracking_parameters_go(query: str) -> None:
    assert canonical_url(f"https://news.example/a?{query}") == "https://news.example/a"
    assert canonical_url(f"https://news.example/a?id=1&{query}") == "https://news.example/a?id=1"


def test_site_parameters_go_only_on_their_site() -> None:
    assert canonical_url("https://www.wsj.com/a?mod=rss_x") == "https://www.wsj.com/a"
    assert canonical_url("https://news.example/a?mod=rss_x") == "https://news.example/a?mod=rss_x"


def test_fetching_keeps_every_parameter() -> None:
    assert clean_url("https://news.example/a?utm_source=x#y") == "https://news.example/a?utm_source=x"


@pytest.mark.parametrize(
    "unusable",
    [
        "",
        "   ",
        "\n",
        "javascript:alert(1)",
        "JaVaScript:alert(1)",
        "data:text/html,x",
        "mailto:desk@news.example",
        "ftp://news.example/",
        "file:///etc/passwd",
        "//news.example/a",
        "/a",
        "news.example/a",
        "http://",
        "http:///a",
        "http://news.example:99999/",
        "http://news.example:0/",
        "http://news.example:x/",
        "http://[::1",
        "http://[zz]/",
        "http://a b.example/",
        "http://news.example\\@other.example/",
        "http://news.example/\x00",
        "http://x/a\nb",
        "java\nscript:alert(1)",
        "http://news.example/\ud800",
        "http://[fe80::1%25eth0]/",
        "http://.../",
        "#top",
        "https://news.example/" + "a" * 2000,
        "https://" + "a" * 64 + ".example/",
        "x" * 100000,
    ],
)
def test_unusable_addresses_become_nothing(unusable: str) -> None:
    assert canonical_url(unusable) == ""
    assert clean_url(unusable) == ""
    assert registrable_domain(unusable) == ""


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ("b", "https://news.example/x/b"),
        ("/b", "https://news.example/b"),
        ("../b", "https://news.example/b"),
        ("//cdn.example/b", "https://cdn.example/b"),
        ("?p=2", "https://news.example/x/y?p=2"),
        ("http://other.example/", "http://other.example/"),
        ("javascript:void(0)", ""),
        ("#top", "https://news.example/x/y"),
    ],
)
def test_relative_addresses_are_resolved(found: str, expected: str) -> None:
    assert canonical_url(found, "https://news.example/x/y") == expected


@given(addresses, addresses)
def test_never_raises_and_twice_is_once(url: str, base: str) -> None:
    for form in (canonical_url, clean_url):
        once = form(url, base)
        assert form(once) == once
        assert not once or urlsplit(once).scheme in {"http", "https"}
        assert len(once) <= 2000
        assert once.isascii()


@given(addresses)
def test_hosts_never_raise(url: str) -> None:
    host = host_of(url)
    assert bool(host) == bool(registrable_domain(url)) == bool(origin_of(url)) == bool(clean_url(url))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.news.co.uk/a", "news.co.uk"),
        ("https://a.b.news.example.com/", "example.com"),
        ("https://desk.github.io/", "desk.github.io"),
        ("http://127.0.0.1:8000/", "127.0.0.1"),
        ("http://localhost:8000/", "localhost"),
        ("https://www.bis.gov/a", "bis.gov"),
    ],
)
def test_registrable_domain(url: str, expected: str) -> None:
    assert registrable_domain(url) == expected
