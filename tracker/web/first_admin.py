"""The page behind the one-time link that makes the first admin."""

from __future__ import annotations

from django.contrib.auth import login
from django.contrib.auth.forms import BaseUserCreationForm
from django.contrib.auth.models import User
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tracker.models import Lock
from tracker.models.first_admin import has_admin, may_make_first_admin


@never_cache
@require_http_methods(["GET", "POST"])
def first_admin(request: HttpRequest, token: str) -> HttpResponse:
    """Show the form, or make the admin and sign them in."""
    if not may_make_first_admin(token):
        raise Http404
    form: BaseUserCreationForm[User] = BaseUserCreationForm(request.POST or None)
    for field in form.fields.values():
        field.widget.attrs["class"] = "c-input"
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            Lock.hold("first admin")
            if has_admin():
                raise Http404
            user = form.save(commit=False)
            user.is_staff = user.is_superuser = True
            user.save()
        login(request, user)
        return redirect("admin:index")
    return render(request, "web/first_admin.html", {"form": form}, status=400 if form.errors else 200)
