"""What a body is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.sources.sniff import sniff


@pytest.mark.parametrize(
    ("body", "content_type", "expected"),
    [
        (b"<rss version='2.0'>", "", "feed"),
        (b"<?xml version='1.0'?><!-- x --><feed xmlns='a'>", "text/html", "feed"),
        (b"<rdf:RDF xmlns='x'>", "", "feed"),
        (b"<!DOCTYPE html PUBLIC 'x'><rss>", "", "feed"),
        (b"<!DOCTYPE rss [<!ENTITY a 'b'>]><rss>", "", "feed"),
        (b"<br><b>Warning</b> <rss>", "", "feed"),
        ("<rss>".encode("utf-16"), "", "feed"),
        (b"<!doctype html><title>x", "application/rss+xml", "html"),
        (b"<html><body><rss></rss>", "", "html"),
        (b"<div>piece</div>", "", "html"),
        (b"plain words", "text/html; charset=utf-8", "html"),
        (b' {"a": 1}', "", "json"),
        (b"[1]", "text/plain", "json"),
        (b"", "text/xml", "unknown"),
        (b"%PDF-1.4", "application/pdf", "unknown"),
        (b"<note/>", "application/xml", "unknown"),
    ],
)
def test_the_bytes_tell_more_than_the_header(body: bytes, content_type: str, expected: str) -> None:
    assert sniff(body, content_type) == expected


@given(st.binary(max_size=200), st.text(max_size=20))
def test_never_raises(body: bytes, content_type: str) -> None:
    assert sniff(body, content_type) in {"feed", "html", "json", "unknown"}
