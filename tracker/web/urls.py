"""Addresses of the pages."""

from django.urls import path

from tracker.web import (
    about,
    article,
    coverage,
    directory,
    endpoint,
    entity,
    entry,
    first_admin,
    health,
    holds,
    jobs,
    notices,
    search,
    sources,
    timeline,
)

app_name = "web"
urlpatterns = [
    path("", timeline.timeline, name="timeline"),
    path("entries/<slug:public_id>/", entry.entry, name="entry"),
    path("articles/<slug:public_id>/", article.article, name="article"),
    path("entities/", directory.entities, name="entities"),
    path("entities/<slug:slug>/", entity.entity, name="entity"),
    path("entities/<slug:slug>/articles/", entity.entity_articles, name="entity_articles"),
    path("search/", search.search, name="search"),
    path("sources/", sources.sources, name="sources"),
    path("sources/notices/", notices.notices, name="notices"),
    path("sources/<slug:slug>/", sources.source, name="source"),
    path("sources/<slug:slug>/endpoints/<int:pk>/", endpoint.endpoint, name="endpoint"),
    path("sources/<slug:slug>/endpoints/<int:pk>/items/", endpoint.endpoint_items, name="endpoint_items"),
    path("sources/<slug:slug>/endpoints/<int:pk>/poll/", endpoint.poll, name="endpoint_poll"),
    path("sources/<slug:slug>/endpoints/<int:pk>/switch/", endpoint.turn, name="endpoint_switch"),
    path("holds/", holds.holds, name="holds"),
    path("holds/<int:pk>/", holds.hold, name="hold"),
    path("holds/<int:pk>/accept/", holds.hold_accept, name="hold_accept"),
    path("holds/<int:pk>/reject/", holds.hold_reject, name="hold_reject"),
    path("coverage/", coverage.coverage, name="coverage"),
    path("about/", about.about, name="about"),
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/<int:pk>/retry/", jobs.retry, name="job_retry"),
    path("first-admin/<str:token>/", first_admin.first_admin, name="first_admin"),
    path("healthz", health.healthz, name="healthz"),
    path("robots.txt", health.robots, name="robots"),
]
