"""Runs feed parsing in a long-lived child process, one per worker process, safe between threads.

Promises an answer or a FeedError within the deadline, whatever the bytes are: a child that hangs, grows
or dies is killed and the next feed gets a new one.
"""

from __future__ import annotations

import atexit
import json
import os
import select
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tracker.errors import FeedError

_SCRIPT = Path(__file__).with_name("feed_child.py")
_READ = 1 << 16
_MAX_ANSWER = 256_000_000


class FeedChild:
    """One parsing process and the pipes to it.

    Args:
        deadline_s: seconds one feed may take, start of a new process included.
        recycle_after: feeds after which the process is replaced.
        recycle_kb: peak resident kilobytes above which it is replaced.
    """

    def __init__(
        self, *, deadline_s: float = 20.0, recycle_after: int = 500, recycle_kb: int = 400_000
    ) -> None:
        self.deadline_s = deadline_s
        self.recycle_after = recycle_after
        self.recycle_kb = recycle_kb
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0
        self._n_served = 0

    @property
    def pid(self) -> int | None:
        """Process id of the running child, None when there is none."""
        return self._process.pid if self._process is not None else None

    def parse(self, body: bytes, *, final_url: str, content_type: str, max_items: int) -> dict[str, Any]:
        """Return what feedparser read, as the values that `feed_child.parse` describes.

        Raises:
            FeedError: the feed took too long, too much memory, or broke the parser.
        """
        head = {
            "final_url": final_url,
            "content_type": content_type,
            "max_items": max_items,
            "cpu_s": self.deadline_s,
        }
        asked = json.dumps(head).encode()
        frames = [struct.pack(">I", len(asked)) + asked + struct.pack(">I", len(body)), body]
        with self._lock:
            answer = self._ask(frames)
        if answer.get("error") == "memory":
            msg = "the feed needs more memory to parse than is allowed; the publisher should list fewer items"
            raise FeedError(msg)
        if "error" in answer:
            kind = answer["error"].partition(":")[0]
            msg = f"the feed is broken in a way that the parser cannot get past ({kind})"
            raise FeedError(msg)
        return answer

    def close(self) -> None:
        """Stop the process; the next feed starts a new one."""
        with self._lock:
            self._stop()

    def _ask(self, frames: Sequence[bytes]) -> dict[str, Any]:
        until = time.monotonic() + self.deadline_s
        process = self._running()
        try:
            answer: dict[str, Any] = json.loads(self._exchange(process, frames, until))
        except TimeoutError:
            self._stop()
            msg = f"the feed took longer than {self.deadline_s:g} seconds to parse"
            raise FeedError(msg) from None
        except (OSError, EOFError, ValueError):
            self._stop()
            msg = "the feed stopped the parser (too much memory or time); the parser was started anew"
            raise FeedError(msg) from None
        except BaseException:
            self._stop()  # half an answer may be in the pipe
            raise
        self._n_served += 1
        if self._n_served >= self.recycle_after or answer["peak_kb"] > self.recycle_kb:
            self._stop()
        return answer

    def _running(self) -> subprocess.Popen[bytes]:
        if self._owner != os.getpid():  # a forked worker must not share its parent's pipes
            self._process = None
        if self._process is not None and self._process.poll() is not None:
            self._stop()
        if self._process is None:
            self._process = subprocess.Popen(  # noqa: S603 - our own file, no outside input
                [sys.executable, "-I", str(_SCRIPT)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                close_fds=True,
            )
            self._owner, self._n_served = os.getpid(), 0
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe is not None:
                    os.set_blocking(pipe.fileno(), False)
        return self._process

    @staticmethod
    def _exchange(process: subprocess.Popen[bytes], frames: Sequence[bytes], until: float) -> bytearray:
        """Write `frames` in turn and read one frame, before `until`; TimeoutError, EOFError or OSError."""
        if process.stdin is None or process.stdout is None:
            raise EOFError
        writer, reader = process.stdin.fileno(), process.stdout.fileno()
        poller = select.poll()
        poller.register(reader, select.POLLIN)
        poller.register(writer, select.POLLOUT)
        waiting = [memoryview(frame) for frame in frames if frame]
        answer, size = bytearray(), -1
        while size < 0 or len(answer) < size + 4:
            wait = until - time.monotonic()
            if wait <= 0:
                raise TimeoutError
            for fd, _ in poller.poll(wait * 1000):
                if fd == writer:
                    if not _write_some(writer, waiting):
                        poller.unregister(writer)
                    continue
                chunk = os.read(reader, _READ)
                if not chunk:
                    raise EOFError
                answer += chunk
            if size < 0 and len(answer) >= 4:  # noqa: PLR2004 - the length of a length
                size = struct.unpack(">I", answer[:4])[0]
                if size > _MAX_ANSWER:
                    raise EOFError
        del answer[:4]
        return answer

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None or self._owner != os.getpid():
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    continue


def _write_some(writer: int, waiting: list[memoryview]) -> bool:
    """Write of the first of `waiting` what the pipe takes; return whether anything is left."""
    waiting[0] = waiting[0][os.write(writer, waiting[0][:_READ]) :]
    if not waiting[0]:
        del waiting[0]
    return bool(waiting)


_shared = FeedChild()


def shared_child() -> FeedChild:
    """Return the one child of this process."""
    return _shared


def _close_at_exit() -> None:
    _shared.close()


def _forget_after_fork() -> None:
    global _shared  # noqa: PLW0603 - the lock of the parent may be held in the fork for ever
    _shared = FeedChild(
        deadline_s=_shared.deadline_s, recycle_after=_shared.recycle_after, recycle_kb=_shared.recycle_kb
    )


os.register_at_fork(after_in_child=_forget_after_fork)
atexit.register(_close_at_exit)
