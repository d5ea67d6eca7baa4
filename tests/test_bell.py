"""The folder broker delivers whole messages once, and a torn file is no message."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from kombu import Connection
from kombu.exceptions import OperationalError

from tracker.celery import app


def connection(folder: Path) -> Connection:
    """Return a connection to a folder of this test."""
    assert app.conf.task_queues  # the transport is registered with the application
    options = {"data_folder_in": str(folder), "data_folder_out": str(folder), "polling_interval": 0.01}
    return Connection("folder://", transport_options=options)


def test_a_message_arrives_once(tmp_path: Path) -> None:
    with connection(tmp_path) as bell:
        queue = bell.SimpleQueue("read")
        queue.put({"kind": "read"})
        message = queue.get(timeout=1)
        assert message.payload == {"kind": "read"}
        message.ack()
        with pytest.raises(queue.Empty):
            queue.get(block=False)
        queue.close()


def test_a_torn_file_is_no_message_and_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / "1_torn.read.msg").write_text("")
    (tmp_path / "2_torn.read.msg").write_text('{"body": "')
    with connection(tmp_path) as bell:
        queue = bell.SimpleQueue("read")
        queue.put({"n": 1})
        assert queue.get(timeout=1).payload == {"n": 1}
        queue.close()


def test_two_takers_share_the_messages(tmp_path: Path) -> None:
    taken: list[int] = []

    def take() -> None:
        with connection(tmp_path) as bell:
            queue = bell.SimpleQueue("read", no_ack=True)
            try:
                while True:
                    taken.append(queue.get(timeout=0.3).payload["n"])
            except (queue.Empty, OperationalError):
                queue.close()

    with connection(tmp_path) as bell:
        queue = bell.SimpleQueue("read")
        for number in range(60):
            queue.put({"n": number})
        queue.close()
    takers = [threading.Thread(target=take) for _ in range(2)]
    for taker in takers:
        taker.start()
    for taker in takers:
        taker.join()
    assert sorted(taken) == list(range(60))
