"""Bounded unpacking."""

from __future__ import annotations

import contextlib
import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fetch.misbehaving_server import gzip_bomb
from tracker.fetch.inflate import BoundedInflater, UnpackedTooLargeError, UnpackError, inflate


@given(st.lists(st.binary(max_size=300), max_size=5), st.integers(1, 50))
def test_members_fed_in_any_pieces_unpack_to_the_whole(parts: list[bytes], size: int) -> None:
    packed = b"".join(map(gzip.compress, parts))
    inflater = BoundedInflater(10_000)
    out = (
        b"".join(inflater.feed(packed[at : at + size]) for at in range(0, len(packed), size))
        + inflater.finish()
    )
    assert out == b"".join(parts)
    assert inflater.is_complete


@given(st.binary(max_size=3000))
def test_any_bytes_end_in_bytes_or_a_named_error(data: bytes) -> None:
    for body in (data, b"\x1f\x8b\x08\x00" + data, gzip.compress(data)[:-4]):
        with contextlib.suppress(UnpackError, UnpackedTooLargeError):
            assert len(inflate(body, 5000)) <= 5000


@given(st.integers(0, 3000))
def test_the_limit_is_exact(limit: int) -> None:
    data = b"x" * 1500
    if limit >= len(data):
        assert inflate(gzip.compress(data), limit) == data
    else:
        with pytest.raises(UnpackedTooLargeError):
            inflate(gzip.compress(data), limit)


def test_a_bomb_stops_at_the_limit() -> None:
    inflater = BoundedInflater(1000)
    with pytest.raises(UnpackedTooLargeError):
        inflater.feed(gzip_bomb())
    assert inflater.n_out == 1001


def test_padding_after_the_end_is_ignored() -> None:
    assert inflate(gzip.compress(b"sample") + b"\0" * 512, 100) == b"sample"
