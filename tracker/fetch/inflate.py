"""Bounded decompression: gzip is unpacked piece by piece and never beyond a stated number of bytes."""

from __future__ import annotations

import zlib

from tracker.errors import RetortError

_GZIP_MAGIC = b"\x1f\x8b"
_MAX_MEMBERS = 100
_TRAILER = 8
_GZIP_WINDOW = 16 + zlib.MAX_WBITS


class UnpackedTooLargeError(RetortError):
    """The unpacked bytes exceed the limit; nothing beyond it was unpacked."""


class UnpackError(RetortError):
    """The bytes are not what their header says."""


class BoundedInflater:
    """Unpacks one gzip stream fed in pieces; bytes that are no gzip at all pass through unchanged.

    Args:
        max_bytes: most bytes that are ever unpacked.
    """

    def __init__(self, max_bytes: int) -> None:
        self.n_out = 0
        self._max_bytes = max_bytes
        self._head = b""
        self._is_plain: bool | None = None
        self._is_padding = False
        self._n_members = 0
        self._decoder = zlib.decompressobj(_GZIP_WINDOW)

    @property
    def is_complete(self) -> bool:
        """Whether the stream has come to its end; the checksum after it may be missing."""
        if self._is_plain is not False or self._decoder.eof:
            return True
        try:
            self._decoder.copy().decompress(bytes(_TRAILER))
        except zlib.error as error:
            # only behind the last block are the next bytes taken for a checksum
            return "data check" in str(error) or "length check" in str(error)
        return False

    def feed(self, data: bytes) -> bytes:
        """Return what `data` unpacks to.

        Raises:
            UnpackedTooLargeError: the limit is passed.
            UnpackError: the stream is damaged.
        """
        if self._is_plain is None:
            self._head += data
            if len(self._head) < len(_GZIP_MAGIC):
                return b""
            self._is_plain = not self._head.startswith(_GZIP_MAGIC)
            data, self._head = self._head, b""
        return self._count(data) if self._is_plain else self._unpack(data)

    def finish(self) -> bytes:
        """Return bytes held back at the end of the input (a body shorter than a gzip header)."""
        head, self._head = self._head, b""
        return b"" if self._is_plain is False else self._count(head)

    def _unpack(self, data: bytes) -> bytes:
        pieces: list[bytes] = []
        data, self._head = self._head + data, b""
        while data:
            if self._decoder.eof and not self._start_member(data):
                break
            try:
                piece = self._decoder.decompress(data, self._max_bytes - self.n_out + 1)
            except zlib.error:
                msg = "The answer says it is gzip but cannot be unpacked."
                raise UnpackError(msg) from None
            pieces.append(self._count(piece))
            data = self._decoder.unconsumed_tail or self._decoder.unused_data
        return b"".join(pieces)

    def _start_member(self, data: bytes) -> bool:
        """Begin the next member of the stream; other bytes after the end are padding and ignored."""
        if self._is_padding or not data.startswith(_GZIP_MAGIC):
            is_undecided = data == _GZIP_MAGIC[:1] and not self._is_padding
            self._head = data if is_undecided else b""
            self._is_padding = not is_undecided
            return False
        self._n_members += 1
        if self._n_members > _MAX_MEMBERS:
            msg = "The answer consists of too many packed parts."
            raise UnpackError(msg)
        self._decoder = zlib.decompressobj(_GZIP_WINDOW)
        return True

    def _count(self, piece: bytes) -> bytes:
        self.n_out += len(piece)
        if self.n_out > self._max_bytes:
            raise UnpackedTooLargeError(str(self._max_bytes))
        return piece


def inflate(data: bytes, max_bytes: int) -> bytes:
    """Unpack a whole gzip file (a packed sitemap, say); other bytes come back unchanged.

    Raises:
        UnpackedTooLargeError: more than `max_bytes`.
        UnpackError: damaged.
    """
    inflater = BoundedInflater(max_bytes)
    return inflater.feed(data) + inflater.finish()
