"""What several admins share: typed bases, read-only tables, and a search index that follows each save."""

# ruff: noqa: SLF001 - `_meta` and `_default_manager` are the documented way to ask a model about itself

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin
from django.db import transaction
from django.db.models import URLField
from simple_history.admin import SimpleHistoryAdmin

from tracker import search

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from typing import TypeAlias

    from django.db.models import Model, QuerySet
    from django.forms import ModelForm
    from django.http import HttpRequest

    PlainAdmin: TypeAlias = admin.ModelAdmin
    HistoryAdmin: TypeAlias = admin.ModelAdmin
    Inline: TypeAlias = admin.TabularInline
    StackedInline: TypeAlias = admin.StackedInline
    _Mixin: TypeAlias = admin.ModelAdmin[Any]
else:

    class _Base:
        """Lets a base be written with its model, as the type checker wants it; addresses default to https."""

        formfield_overrides: ClassVar = {URLField: {"assume_scheme": "https"}}

        def __class_getitem__(cls, _model: object) -> type:
            return cls

    class PlainAdmin(_Base, admin.ModelAdmin):
        """Django's admin of one model."""

    class HistoryAdmin(_Base, SimpleHistoryAdmin):
        """Admin of a model whose changes are kept, with user and time."""

        def save_form(self, request: HttpRequest, form: ModelForm[Any], change: bool) -> Model:  # noqa: FBT001 - Django's signature
            """Let a reverted version bring back what the form shows, and nothing that the machine keeps."""
            obj = super().save_form(request, form, change)
            if request.resolver_match.url_name.endswith("_simple_history"):
                keep_unedited(obj, set(form.fields))
            return obj

    class Inline(_Base, admin.TabularInline):
        """Rows of a related model as a table."""

    class StackedInline(_Base, admin.StackedInline):
        """Rows of a related model as forms."""

    _Mixin = object


def keep_unedited(obj: Model, edited: Collection[str]) -> None:
    """Give every field but `edited` the value that is stored now."""
    stored = type(obj)._default_manager.filter(pk=obj.pk).first()
    if stored is None:
        return
    for field in obj._meta.concrete_fields:
        if field.name not in edited:
            setattr(obj, field.attname, getattr(stored, field.attname))


def changed_fields(obj: Model, names: Collection[str]) -> set[str]:
    """Return which of `names` differ from what is stored; seconds count, fractions do not. New rows: none."""
    stored = type(obj)._default_manager.filter(pk=obj.pk).values(*names).first() or {}
    return {name for name, value in stored.items() if _whole(value) != _whole(getattr(obj, name))}


def _whole(value: object) -> object:
    return value.replace(microsecond=0) if isinstance(value, dt.datetime) else value


class ReadOnly(_Mixin):
    """What the machine recorded: shown, never changed by hand."""

    def has_add_permission(self, request: HttpRequest, *_parent: object) -> bool:
        """Refuse."""
        del request
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Refuse; the rows are shown without a form."""
        del request, obj
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Refuse."""
        del request, obj
        return False


class Indexed(_Mixin):
    """What is searched: the index follows each save and delete in the same transaction."""

    search_kind: ClassVar[str]

    def save_model(self, request: HttpRequest, obj: Model, form: ModelForm[Any], change: bool) -> None:  # noqa: FBT001 - Django's signature
        """Save and index; a reverted version comes this way only."""
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            search.put(self.search_kind, [obj.pk])

    def save_related(
        self,
        request: HttpRequest,
        form: ModelForm[Any],
        formsets: Sequence[Any],
        change: bool,  # noqa: FBT001 - Django's signature
    ) -> None:
        """Save the inlines and index with them."""
        with transaction.atomic():
            super().save_related(request, form, formsets, change)
            search.put(self.search_kind, [form.instance.pk])

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        """Delete and take out of the index."""
        pk = obj.pk
        with transaction.atomic():
            super().delete_model(request, obj)
            search.remove(self.search_kind, [pk])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Delete several and take them out of the index."""
        ids = list(queryset.values_list("pk", flat=True))
        with transaction.atomic():
            super().delete_queryset(request, queryset)
            search.remove(self.search_kind, ids)
