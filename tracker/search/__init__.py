"""The one door for search: what is not public cannot be found, and any text is a valid query."""

from tracker.search.door import Hit, SearchPage, search
from tracker.search.index import put, rebuild, remove
from tracker.search.query import QueryProblem

__all__ = ["Hit", "QueryProblem", "SearchPage", "put", "rebuild", "remove", "search"]
