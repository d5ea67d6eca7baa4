"""Error pages: plain words, a number to quote, and nothing about the insides."""

from __future__ import annotations

import secrets

import structlog
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from tracker.web.context import site

log = structlog.get_logger(__name__)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400."""
    log.info("bad_request", path=request.path[:200], kind=type(exception).__name__)
    return HttpResponse(render_to_string("400.html", site()), status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403."""
    log.info("forbidden", path=request.path[:200], kind=type(exception).__name__)
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Answer 404."""
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500 without touching the database; the number stands in the log beside the path."""
    number = secrets.token_hex(4)
    log.error("server_error", number=number, path=request.path[:200])
    return HttpResponse(render_to_string("500.html", {**site(), "number": number}), status=500)
