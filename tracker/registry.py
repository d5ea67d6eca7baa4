"""Plug-in tables filled by discovery: one file registers one thing under one name."""

from __future__ import annotations

import importlib
import pkgutil
import threading
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Registry(Generic[T]):
    """Names to plug-ins of one kind, found by importing every module of a package.

    Args:
        package: dotted name of the package whose modules register themselves.
    """

    def __init__(self, package: str) -> None:
        self.package = package
        self._table: dict[str, T] = {}
        self._loading = threading.RLock()
        self._is_looking = False
        self._is_loaded = False

    def register(self, name: str) -> Callable[[T], T]:
        """Return a decorator that files its argument under `name`; a second use of a name is an error."""

        def add(plugin: T) -> T:
            if name in self._table and self._table[name] is not plugin:
                msg = f"{self.package}: '{name}' is registered twice"
                raise ValueError(msg)
            self._table[name] = plugin
            return plugin

        return add

    def get(self, name: str) -> T:
        """Return the plug-in called `name`; KeyError names the ones that exist."""
        self._load()
        try:
            return self._table[name]
        except KeyError:
            known = ", ".join(sorted(self._table)) or "none"
            msg = f"{self.package}: no plug-in '{name}' (there are: {known})"
            raise KeyError(msg) from None

    def names(self) -> list[str]:
        """Return every registered name, sorted."""
        self._load()
        return sorted(self._table)

    def __iter__(self) -> Iterator[tuple[str, T]]:
        """Iterate over (name, plug-in), sorted by name."""
        self._load()
        return iter(sorted(self._table.items(), key=lambda pair: pair[0]))

    def _load(self) -> None:
        if not self._is_loaded:
            # threads that ask first, all at once, wait until the table is whole
            with self._loading:
                self._discover()

    def _discover(self) -> None:
        if self._is_loaded or self._is_looking:  # a plug-in may ask while it is loaded
            return
        self._is_looking = True
        try:
            package = importlib.import_module(self.package)
            for info in pkgutil.walk_packages(package.__path__, prefix=f"{self.package}."):
                importlib.import_module(info.name)
            self._is_loaded = True
        finally:
            self._is_looking = False
