"""The broker of the embedded mode: messages are files in one folder, whole or not there at all.

Kombu's own folder transport writes a message, and its table of queues, in place: a reader may find half of it, and
a worker killed at that moment leaves it so for ever. Here a message appears by renaming, the table of queues stays
in each process, and what cannot be read is no message. Losing one costs a few seconds: the job table is the queue.
"""

from __future__ import annotations

import json
import time
import uuid
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import filesystem, virtual


class Channel(filesystem.Channel):
    """Puts and gets whole messages."""

    def get_table(self, exchange: str) -> Any:  # noqa: ANN401 - kombu's own shape
        """Return the bindings of an exchange as this process declared them."""
        return virtual.Channel.get_table(self, exchange)

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str | None, queue: str) -> None:
        """Nothing is written: each process declares the same queues."""

    def _delete(self, queue: str, *_args: object, **_options: object) -> None:
        self._purge(queue)

    # kombu's two parents name the second argument differently
    def _put(self, queue: str, payload: Any, **_options: Any) -> None:  # type: ignore[override]  # noqa: ANN401
        folder = Path(self.data_folder_out)
        name = f"{time.time_ns()}_{uuid.uuid4().hex}.{queue}.msg"
        partial = folder / f".{name}"
        partial.write_text(json.dumps(payload), encoding="utf-8")
        partial.replace(folder / name)

    def _get(self, queue: str, timeout: float | None = None) -> Any:  # noqa: ANN401, ARG002 - as kombu has it
        ending = f".{queue}.msg"
        folder = Path(self.data_folder_in)
        waiting = [file for file in folder.iterdir() if file.name.endswith(ending) and file.name[0] != "."]
        for found in sorted(waiting):
            taken = folder / f".taken-{uuid.uuid4().hex}"
            try:
                found.rename(taken)  # whoever renames it has it
                payload = json.loads(taken.read_text(encoding="utf-8"))
            except (OSError, ValueError):
                continue
            finally:
                taken.unlink(missing_ok=True)
            return payload
        raise Empty


class Transport(filesystem.Transport):
    """The folder transport with whole messages."""

    Channel = Channel
