"""Gives work to a long-lived child process with limits, safe between threads and across forks.

Promises an answer or a ChildError within the deadline, whatever the bytes are: a child that hangs, grows or dies is
killed, and the next request gets a new one. While one thread waits for its answer the others run.
"""

from __future__ import annotations

import atexit
import json
import os
import select
import signal
import struct
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any

from tracker.errors import RetortError

_LOOP = Path(__file__).with_name("loop.py")
_READ = 1 << 16
_MAX_ANSWER = 256_000_000


class Limit(StrEnum):
    """Why there is no answer."""

    TIME = "time"  # the deadline
    PROCESSOR = "processor"
    MEMORY = "memory"
    DEATH = "death"  # the process ended by itself, perhaps for want of memory in a C library
    ERROR = "error"  # the work raised something


class ChildError(RetortError):
    """The child gave no answer.

    Args:
        limit: why not.
        detail: what a developer should know.
    """

    def __init__(self, limit: Limit, detail: str = "") -> None:
        super().__init__(detail or limit.value)
        self.limit = limit
        self.detail = detail


class Child:
    """One process that works on one kind of request, and the pipes to it.

    Args:
        work: file whose `parse(request, body)` does the work; see `loop`.
        memory_bytes: data the process may hold.
        deadline_s: seconds one request may take, start of a new process included.
        cpu_s: seconds of processor time one request may take; as long as the deadline by default.
        recycle_after: requests after which the process is replaced.
        recycle_kb: peak resident kilobytes above which it is replaced.
    """

    def __init__(
        self,
        work: Path,
        *,
        memory_bytes: int,
        deadline_s: float,
        cpu_s: float | None = None,
        recycle_after: int = 500,
        recycle_kb: int = 400_000,
    ) -> None:
        self.work = work
        self.memory_bytes = memory_bytes
        self.deadline_s = deadline_s
        self.cpu_s = cpu_s
        self.recycle_after = recycle_after
        self.recycle_kb = recycle_kb
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0
        self._n_served = 0
        _children.add(self)

    @property
    def pid(self) -> int | None:
        """Process id of the running child, None when there is none."""
        return self._process.pid if self._process is not None else None

    def ask(self, request: Mapping[str, Any], body: bytes) -> dict[str, Any]:
        """Return what the work answers, plain values.

        Raises:
            ChildError: it took too long or too much memory, it raised, or it broke the process.
        """
        asked = json.dumps({**request, "cpu_s": self.cpu_s or self.deadline_s}).encode()
        frames = [struct.pack(">I", len(asked)) + asked + struct.pack(">I", len(body)), body]
        with self._lock:
            answer = self._ask(frames)
        if "error" in answer:
            is_memory = answer["error"] == "memory"
            raise ChildError(Limit.MEMORY if is_memory else Limit.ERROR, answer["error"])
        return answer

    def close(self) -> None:
        """Stop the process; the next request starts a new one."""
        with self._lock:
            self._stop()

    def forget(self) -> None:
        """Leave the process to the one that forked us: its lock may be held there for ever."""
        self._lock = threading.Lock()
        self._process = None

    def _ask(self, frames: Sequence[bytes]) -> dict[str, Any]:
        until = time.monotonic() + self.deadline_s
        process = self._running()
        try:
            answer: dict[str, Any] = json.loads(self._exchange(process, frames, until))
        except TimeoutError:
            self._stop()
            raise ChildError(Limit.TIME) from None
        except (OSError, EOFError, ValueError):
            self._stop()
            is_spent = process.returncode == -signal.SIGXCPU
            limit = Limit.PROCESSOR if is_spent else Limit.DEATH
            raise ChildError(limit, f"ended with {process.returncode}") from None
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
            self._process = subprocess.Popen(  # noqa: S603 - our own files, no outside input
                [sys.executable, "-I", str(_LOOP), str(self.work), str(self.memory_bytes)],
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


_children: weakref.WeakSet[Child] = weakref.WeakSet()


def _close_at_exit() -> None:
    for child in list(_children):
        child.close()


def _forget_after_fork() -> None:
    for child in list(_children):
        child.forget()


os.register_at_fork(after_in_child=_forget_after_fork)
atexit.register(_close_at_exit)
