"""Sources as OPML: feeds that any reader takes over, and in attributes of our own all that OPML has no place for.

A source is an outline with its endpoints inside, so other readers show it as a folder. An endpoint that is no feed
is a link to them. Files of other readers are read too: each feed belongs to the source of its domain.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, fields, replace
from typing import Any

from lxml import etree

from tracker.models import Source
from tracker.starter.transfer.facts import (
    ENDPOINT_FIELDS,
    SOURCE_FIELDS,
    EndpointFacts,
    SourceFacts,
    checked,
    refuse,
)
from tracker.text.clean import one_line
from tracker.text.urls import clean_url, registrable_domain

NAMESPACE = "urn:x-retort:sources:1"
MAX_DEPTH = 50
_FEEDS = frozenset({"feed", "json_feed"})
_ENCODING = re.compile(rb"<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w.:-]{2,40})[\"']")
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]{0,200}\?>")
_ENCODINGS = frozenset(
    {"utf-8", "us-ascii", "ascii", "iso-8859-1", "latin-1", "windows-1252", "cp1252", "utf-16"}
)
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CATEGORIES = {
    **{value: value for value in Source.Category.values},
    **{label.casefold(): value for value, label in Source.Category.choices},
    "companies": "company",
    "courts": "court",
    "law firms": "law",
    "think tanks": "think-tank",
    "press": "news",
}


def write_opml(sources: Sequence[SourceFacts]) -> str:
    """Return the file."""
    top = etree.Element("opml", version="2.0", nsmap={"retort": NAMESPACE})
    etree.SubElement(etree.SubElement(top, "head"), "title").text = "Sources"
    body = etree.SubElement(top, "body")
    for source in sources:
        name = (_xml(source.name).strip() and _xml(source.name)) or source.slug
        outline = etree.SubElement(body, "outline", text=name, title=name)
        _put(outline, source, SOURCE_FIELDS)
        for endpoint in source.endpoints:
            title = _xml(endpoint.name) or name
            inner = etree.SubElement(outline, "outline", text=title, title=title)
            is_feed = endpoint.kind in _FEEDS
            inner.set("type", "rss" if is_feed else "link")
            inner.set("xmlUrl" if is_feed else "url", _xml(endpoint.url))
            if source.homepage:
                inner.set("htmlUrl", _xml(source.homepage))
            _put(inner, endpoint, ENDPOINT_FIELDS)
    etree.indent(top)
    text: bytes = etree.tostring(top, encoding="utf-8", xml_declaration=True)
    return text.decode("utf-8") + "\n"


def read_opml(raw: bytes) -> list[SourceFacts]:
    """Return the sources of a file, our own or another reader's.

    Raises:
        TransferError: it is no OPML, or something in it is wrong; says in which line and what to do.
    """
    top = _tree(raw)
    body = top.find("body")
    if top.tag != "opml" or body is None:
        raise refuse(
            top.sourceline or 1, "this is XML, but not OPML", "Export the list as OPML and try that file."
        )
    ours: list[SourceFacts] = []
    others: dict[str, SourceFacts] = {}
    for outline, folders in _outlines(body):
        if outline.get(_ours("slug")) is not None:
            ours.append(_own_source(outline))
        elif outline.get(_ours("kind")) is None and outline.get("xmlUrl"):
            _add_other(others, outline, folders)
    if not ours and not others:
        raise refuse(
            body.sourceline or 1, "there is no feed in this file", "Each needs an outline with an xmlUrl."
        )
    return checked([*ours, *(_named(source) for source in others.values())])


def _tree(raw: bytes) -> Any:  # noqa: ANN401 - lxml publishes no types
    """Parse without entities, without any document type and without a network."""
    text = _DECLARATION.sub("", _decoded(raw), count=1)
    for mark in ("<!DOCTYPE", "<!ENTITY"):
        if (place := text.upper().find(mark)) >= 0:
            line = text.count("\n", 0, place) + 1
            raise refuse(
                line, "the file declares a document type or entities", "OPML needs none; take it out."
            )
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        top = etree.fromstring(text.encode("utf-8"), parser)
    except etree.XMLSyntaxError as error:
        words = one_line(str(error.msg or "unreadable"), 150)
        raise refuse(
            error.lineno or 1, f"this is not well-formed XML ({words})", "Correct that line."
        ) from None
    return top


def _decoded(raw: bytes) -> str:
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        name = "utf-16"
    else:
        declared = _ENCODING.search(raw[:300])
        name = declared[1].decode("ascii").lower() if declared else "utf-8"
    if name not in _ENCODINGS:
        raise refuse(1, f"the file says it is written in '{name}'", "Save it as UTF-8.")
    try:
        return raw.decode("utf-8-sig" if name == "utf-8" else name)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise refuse(line, f"this is no text in {name}", "Save the file as UTF-8.") from None


def _outlines(body: Any) -> Iterator[tuple[Any, tuple[str, ...]]]:  # noqa: ANN401 - as above
    """Yield every outline with the names of the folders it lies in; endpoints of our own sources lie in those."""
    waiting: list[tuple[Any, tuple[str, ...]]] = [(each, ()) for each in reversed(body.findall("outline"))]
    while waiting:
        outline, folders = waiting.pop()
        yield outline, folders
        if len(folders) >= MAX_DEPTH:
            raise refuse(
                outline.sourceline or 1, f"folders lie more than {MAX_DEPTH} deep", "Flatten the list."
            )
        inner = (*folders, outline.get("title") or outline.get("text") or "")
        waiting += [(each, inner) for each in reversed(outline.findall("outline"))]


def _own_source(outline: Any) -> SourceFacts:  # noqa: ANN401 - as above
    values = _values(outline, SourceFacts, SOURCE_FIELDS, own={"name": outline.get("text")})
    inner = [each for each in outline.findall("outline") if each.get(_ours("kind")) is not None]
    endpoints = tuple(_own_endpoint(each) for each in inner)
    return SourceFacts(**values, endpoints=endpoints, line=outline.sourceline or 0)


def _own_endpoint(outline: Any) -> EndpointFacts:  # noqa: ANN401 - as above
    own = {"url": outline.get("xmlUrl") or outline.get("url")}
    values = _values(outline, EndpointFacts, ENDPOINT_FIELDS, own=own)
    return EndpointFacts(**values, line=outline.sourceline or 0)


def _values(
    outline: Any,  # noqa: ANN401 - as above
    cls: type[SourceFacts | EndpointFacts],
    names: Sequence[str],
    *,
    own: Mapping[str, str | None],
) -> dict[str, Any]:
    """Take the attributes of our own by the type of their usual values."""
    usual = _usual(cls)
    line = outline.sourceline or 0
    given = {
        key[len(_ours("")) :]: value for key, value in outline.attrib.items() if key.startswith(_ours(""))
    }
    unknown = set(given) - set(names)
    if unknown:
        raise refuse(
            line, f"unknown attribute(s) retort:{', retort:'.join(sorted(unknown))}", "Take them out."
        )
    values: dict[str, Any] = {name: value for name, value in own.items() if value is not None}
    for name, text in given.items():
        values[name] = _typed(name, text, usual.get(name, ""), line=line)
    missing = [name for name in names if name not in usual and name not in values and name != "options"]
    if missing:
        raise refuse(line, f"'{missing[0]}' is missing", "Fill it in.")
    return values


def _typed(name: str, text: str, standard: object, *, line: int) -> object:
    if name == "options":
        return _settings(text, line)
    if isinstance(standard, bool):
        if text not in {"true", "false"}:
            raise refuse(line, f"retort:{name} is '{text[:40]}'", "Write true or false.")
        return text == "true"
    if isinstance(standard, int):
        if not re.fullmatch(r"[0-9]{1,9}", text):
            raise refuse(line, f"retort:{name} is '{text[:40]}'", "Write a whole number.")
        return int(text)
    return text


def _settings(text: str, line: int) -> dict[str, str]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict) or not all(isinstance(part, str) for part in value.values()):
        raise refuse(line, "retort:options is no JSON object of texts", 'Write it as {"name": "value"}.')
    return value


def _add_other(others: dict[str, SourceFacts], outline: Any, folders: Sequence[str]) -> None:  # noqa: ANN401 - as above
    """Note a feed of another reader under its domain."""
    line = outline.sourceline or 0
    url = clean_url(outline.get("xmlUrl") or "")
    if not url:
        shown = (outline.get("xmlUrl") or "")[:80]
        raise refuse(line, f"'{shown}' is not an address", "Use one that begins with https://.")
    homepage = clean_url(outline.get("htmlUrl") or "")
    domain = registrable_domain(homepage or url)
    title = one_line(outline.get("title") or outline.get("text") or "", 200)
    category = next(
        (_CATEGORIES[name.casefold()] for name in reversed(folders) if name.casefold() in _CATEGORIES), "news"
    )
    source = others.get(domain) or SourceFacts(
        "", title or domain, category=category, homepage=homepage[:500], domain=domain, line=line
    )
    if not any(each.url == url for each in source.endpoints):
        endpoint = EndpointFacts(url, name=title, line=line)
        others[domain] = replace(source, endpoints=(*source.endpoints, endpoint))


def _named(source: SourceFacts) -> SourceFacts:
    """Name a source after its only feed, or after its domain where it has several."""
    if len(source.endpoints) == 1:
        return replace(source, endpoints=(replace(source.endpoints[0], name=""),))
    return replace(source, name=source.domain)


def _put(outline: Any, facts: SourceFacts | EndpointFacts, names: Sequence[str]) -> None:  # noqa: ANN401 - as above
    """Write what OPML has no place for and differs from the usual."""
    usual = _usual(type(facts))
    for name in names:
        value = getattr(facts, name)
        value = _xml(value) if isinstance(value, str) else value
        is_elsewhere = name not in usual and name in {"name", "url"}  # these have a place in OPML itself
        is_usual = not value if name == "options" else value == usual.get(name)
        if is_elsewhere or (is_usual and name not in {"slug", "kind"}):
            continue
        if isinstance(value, Mapping):
            text = json.dumps(dict(value), ensure_ascii=False)
            outline.set(_ours(name), _NOT_XML.sub(lambda match: f"\\u{ord(match[0]):04x}", text))
        elif isinstance(value, bool):
            outline.set(_ours(name), "true" if value else "false")
        else:
            outline.set(_ours(name), str(value))


def _usual(cls: type[SourceFacts | EndpointFacts]) -> dict[str, Any]:
    return {each.name: each.default for each in fields(cls) if each.default is not MISSING}


def _ours(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _xml(text: str) -> str:
    """Return a text without what XML cannot hold."""
    return _NOT_XML.sub("", text)
