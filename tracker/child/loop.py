"""The other end of `driver`: a process with limits that answers one request after the other.

Started by its file path with an isolated interpreter, so it imports nothing of this project itself; the file that does
the work is named in the first argument and may. It limits its own memory and processor time, and ends when its input
closes or its parent is gone.
A frame is a 4-byte big-endian length and that many bytes; a request is a JSON frame (with cpu_s) and a body frame; an
answer is one JSON frame: what the work's `parse(request, body)` returned, or `error`, and `peak_kb`.
Arguments: the file that does the work, bytes of memory.
"""

from __future__ import annotations

import json
import os
import resource
import runpy
import struct
import sys
import threading
import time
from collections.abc import Callable
from typing import Any, BinaryIO

Work = Callable[[dict[str, Any], bytes], dict[str, Any]]


def main() -> None:
    """Answer requests until the input ends."""
    memory = int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    # also counts code and what is only reserved, so it is no more than a second fence
    resource.setrlimit(resource.RLIMIT_AS, (2 * memory, 2 * memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    threading.Thread(target=_leave_with, args=(os.getppid(),), daemon=True).start()
    source, sink = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a stray print of a library must not break the frames
    work: Work = runpy.run_path(sys.argv[1])["parse"]
    while (head := read_frame(source)) is not None:
        body = read_frame(source)
        if body is None:
            return
        held = [body]
        del body
        text = json.dumps(_answer(work, json.loads(head), held), ensure_ascii=False)
        answer = text.encode("utf-8", "surrogatepass")
        del text
        sink.write(struct.pack(">I", len(answer)))
        sink.write(answer)
        sink.flush()
        del answer  # or it would be kept until the next request comes


def read_frame(source: BinaryIO) -> bytes | None:
    """Return the next frame, or None at the end of the input."""
    head = source.read(4)
    if len(head) < 4:  # noqa: PLR2004 - the length of a length
        return None
    size = struct.unpack(">I", head)[0]
    body = source.read(size)
    return body if len(body) == size else None


def _answer(work: Work, request: dict[str, Any], held: list[bytes]) -> dict[str, Any]:
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = used.ru_utime + used.ru_stime
    # whole seconds: never more than was asked for, and at least the one that has begun
    soft = max(int(spent + request["cpu_s"]), int(spent) + 1)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))
    try:
        answer = work(request, held.pop())
    except MemoryError:
        answer = {"error": "memory"}
    except Exception as error:  # noqa: BLE001 - parsers raise anything on some inputs; the parent names it
        answer = {"error": f"{type(error).__name__}: {error}"[:300]}
    answer["peak_kb"] = _peak_kb()
    return answer


def _peak_kb() -> int:
    """Return the most memory this process ever held, in kB.

    Linux's own figure is preferred: getrusage counts what the parent held when it forked us, so that under a large
    worker every request would look as if it had needed all of that.
    """
    try:
        with open("/proc/self/status", encoding="ascii", errors="replace") as status:  # noqa: PTH123 - few imports
            found = [line.split()[1] for line in status if line.startswith("VmHWM:")]
    except OSError:
        found = []
    return int(found[0]) if found else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _leave_with(parent: int) -> None:
    """End this process when its parent is gone, also in the middle of its work."""
    # not PR_SET_PDEATHSIG: that fires when the *thread* that started the child ends
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)


if __name__ == "__main__":
    main()
