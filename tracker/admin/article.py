"""Articles and revisions. What was read is never edited; a person rules on subject, kind and visibility."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db import transaction

from tracker import search
from tracker.admin.base import HistoryAdmin, Indexed, Inline, PlainAdmin, ReadOnly, changed_fields
from tracker.admin.owed import place_again, recount
from tracker.admin.redact import Redacting
from tracker.curation.subject import rule, take_back
from tracker.models import Article, EntryArticle, Revision, SubjectRuling

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import Model, QuerySet
    from django.forms import ModelForm
    from django.http import HttpRequest

_PLACING = {"is_on_subject", "status"}


class RevisionInline(ReadOnly, Inline[Revision, Article]):
    """What the article said at each fetch."""

    model = Revision
    fk_name = "article"
    extra = 0
    show_change_link = True
    fields = ("fetched_at", "title", "text_from", "extractor", "analysed_by", "redacted_at")
    readonly_fields = fields
    ordering = ("-fetched_at",)


class MembershipInline(ReadOnly, Inline[EntryArticle, Article]):
    """The entries the article is in, and why."""

    model = EntryArticle
    extra = 0
    fields = ("entry", "role", "is_first_report", "reason", "decided_by")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[EntryArticle]:
        """Return memberships with their entries."""
        return super().get_queryset(request).select_related("entry")


@admin.register(Article)
class ArticleAdmin(Redacting, Indexed, HistoryAdmin[Article]):
    """Documents. They are withheld rather than deleted, so that nothing that points at them breaks."""

    search_kind = "article"
    list_display = (
        "title_or_url",
        "outlet_name",
        "kind",
        "published_at",
        "is_on_subject",
        "is_adjacent",
        "is_relevance_decided",
        "status",
        "text_from",
    )
    list_filter = (
        "is_on_subject",
        "is_adjacent",
        "is_relevance_decided",
        "status",
        "kind",
        "text_from",
        "read_outcome",
        "published_at",
        "source__category",
    )
    list_select_related = ("source",)
    search_fields = ("title", "url", "public_id", "source__name", "outlet")
    ordering = ("-id",)
    show_full_result_count = False
    autocomplete_fields = ("source",)
    fields = (
        "title",
        "url",
        "source",
        "outlet",
        "kind",
        "status",
        "is_on_subject",
        "is_adjacent",
        "is_relevance_decided",
        "relevance_score",
        "relevance_why",
        "relevance_rule",
        "published_at",
        "published_precision",
        "published_rule",
        "first_seen_at",
        "byline",
        "language",
        "text_from",
        "read_outcome",
        "read_reason",
        "feed_text",
        "latest",
        "endpoint",
        "source_item_id",
        "public_id",
        "key",
    )
    inlines = (RevisionInline, MembershipInline)
    actions = (
        "mark_on_subject",
        "mark_near_subject",
        "mark_off_subject",
        "let_the_machine_rule",
        "withhold",
        "show_again",
        "redact",
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """Return all but what a person rules on."""
        del request, obj
        editable = {"source", "outlet", "kind", "status", "is_on_subject", "is_relevance_decided"}
        return tuple(name for name in self.fields if name not in editable)

    @admin.display(description="article", ordering="title")
    def title_or_url(self, article: Article) -> str:
        """Return what names the article."""
        return str(article)

    @admin.display(description="outlet", ordering="source__name")
    def outlet_name(self, article: Article) -> str:
        """Return the publisher to print."""
        return article.outlet_name

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: articles come through an endpoint."""
        del request
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Refuse: withhold it instead."""
        del request, obj
        return False

    def save_model(self, request: HttpRequest, obj: Model, form: ModelForm[Any], change: bool) -> None:  # noqa: FBT001 - Django's signature
        """Save; a ruling on the subject is marked as a person's, and the entries follow."""
        changed = changed_fields(obj, _PLACING)
        if isinstance(obj, Article) and "is_on_subject" in changed:
            obj.is_relevance_decided = True
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            if isinstance(obj, Article) and "is_on_subject" in changed:
                rule(
                    [obj],
                    SubjectRuling.Label.ON if obj.is_on_subject else SubjectRuling.Label.OFF,
                    request.user,
                )
            if changed & _PLACING:
                self._follow([obj.pk])

    @admin.action(description="On the subject: show on the timeline")
    def mark_on_subject(self, request: HttpRequest, articles: QuerySet[Article]) -> None:
        """Rule that articles are about the subject."""
        self._rule_on_subject(request, articles, SubjectRuling.Label.ON)

    @admin.action(description="Near the subject: keep off the timeline, show among adjacent ones")
    def mark_near_subject(self, request: HttpRequest, articles: QuerySet[Article]) -> None:
        """Rule that articles are near the subject."""
        self._rule_on_subject(request, articles, SubjectRuling.Label.ADJACENT)

    @admin.action(description="Off the subject: take off the timeline")
    def mark_off_subject(self, request: HttpRequest, articles: QuerySet[Article]) -> None:
        """Rule that articles are about something else."""
        self._rule_on_subject(request, articles, SubjectRuling.Label.OFF)

    @admin.action(description="Let the machine rule again on the subject")
    def let_the_machine_rule(self, request: HttpRequest, articles: QuerySet[Article]) -> None:
        """Take rulings on the subject back."""
        self.message_user(request, f"{take_back(articles)} are judged anew.")

    def _rule_on_subject(self, request: HttpRequest, articles: QuerySet[Article], label: str) -> None:
        with transaction.atomic():
            n = rule(articles, label, request.user)
            recount(EntryArticle.objects.filter(article__in=articles).values_list("entry_id", flat=True))
        self.message_user(request, f"{n} changed.")

    @admin.action(description="Withhold: hide from readers")
    def withhold(self, request: HttpRequest, articles: QuerySet[Article]) -> None:
        """Hide articles from every page and from search."""
        self._rule(request, articles, status=Article.Status.WITHHELD)

    @admin.action(description="Show again what was withheld")
    def show_again(self, request: HttpRequest, articles: QuerySet[Article]) -> None:
        """Show withheld articles again."""
        self._rule(request, articles.filter(status=Article.Status.WITHHELD), status=Article.Status.USABLE)

    def _rule(self, request: HttpRequest, articles: QuerySet[Article], **ruling: object) -> None:
        """Write the ruling on each article, with history, in one transaction."""
        with transaction.atomic():
            chosen = list(articles)
            for article in chosen:
                for name, value in ruling.items():
                    setattr(article, name, value)
                article.save(update_fields=list(ruling))
            ids = [article.pk for article in chosen]
            search.put("article", ids)
            self._follow(ids)
        self.message_user(request, f"{len(chosen)} changed.")

    @staticmethod
    def _follow(article_ids: Iterable[int]) -> None:
        ids = list(article_ids)
        recount(EntryArticle.objects.filter(article__in=ids).values_list("entry_id", flat=True))
        place_again(ids)


@admin.register(Revision)
class RevisionAdmin(Redacting, ReadOnly, PlainAdmin[Revision]):
    """What articles said, fetch by fetch."""

    list_display = (
        "article",
        "fetched_at",
        "language",
        "text_from",
        "extractor",
        "analysed_by",
        "redacted_at",
        "redacted_by",
    )
    list_filter = ("text_from", "extractor", "language", "redacted_at")
    list_select_related = ("article", "redacted_by")
    actions = ("redact",)
    search_fields = ("title", "article__url", "text_sha256")
    ordering = ("-id",)
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Revision]:
        """Return revisions; the list leaves their texts in the database."""
        rows = super().get_queryset(request)
        match = request.resolver_match
        is_list = match is not None and (match.url_name or "").endswith("_changelist")
        return rows.defer("text", "article__feed_text") if is_list else rows
