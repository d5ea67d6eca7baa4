"""The one door for search: what is not public cannot be found, and any text is a valid query."""

from tracker.search.door import Hit, SearchPage, ids_with, search
from tracker.search.index import put, rebuild, remove
from tracker.search.query import QueryProblem

__all__ = ["Hit", "QueryProblem", "SearchPage", "ids_with", "put", "rebuild", "remove", "search"]
