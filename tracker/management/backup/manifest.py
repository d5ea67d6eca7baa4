"""What a backup says of itself: the form of its manifest, and the names of its members."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from tracker.errors import RetortError

FORM = 1
"""Version of the form of a backup; a later one is refused."""
MANIFEST = "manifest.json"
MANIFEST_SHA256 = "manifest.sha256"
MAX_MANIFEST_BYTES = 16 << 20
TABLE_MEMBER = re.compile(r"tables/(?P<name>[a-z0-9_]{1,100})\.jsonl\.gz")
ARCHIVE_MEMBER = re.compile(
    r"archive/(?P<first>[0-9a-f]{2})/(?P<second>[0-9a-f]{2})/(?P<sha>[0-9a-f]{64})(?P<suffix>\.gz|\.redacted)"
)


class BackupError(RetortError):
    """A backup cannot be made or used; the sentence says why and what to do."""


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its member, rows, and the hashes of the member and of the rows as JSON lines."""

    name: str
    n_rows: int
    columns: tuple[str, ...]
    rows_sha256: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Archived:
    """The archive's part: `sha256` is of the lines 'member, its SHA-256' in their order."""

    n_files: int
    n_bytes: int
    n_redacted: int
    sha256: str
    n_missing: int  # the rows name them, and the archive had them no more, or not in order


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds."""

    form: int
    product: str
    made_at: str
    database: str
    migrations: tuple[str, ...]
    tables: tuple[Table, ...]
    archive: Archived

    def as_bytes(self) -> bytes:
        """Return the manifest as it stands in the backup."""
        return json.dumps(asdict(self), indent=1, sort_keys=True).encode() + b"\n"


def seal(manifest: bytes) -> bytes:
    """Return the last member, which tells whether the manifest is the one that was written."""
    return f"{hashlib.sha256(manifest).hexdigest()}  {MANIFEST}\n".encode()


def read_manifest(data: bytes) -> Manifest:
    """Return the manifest that `as_bytes` wrote.

    Raises:
        BackupError: it is of a later form, or none.
    """
    try:
        values: Mapping[str, Any] = json.loads(data)
        form = int(values["form"])
        if form > FORM:
            msg = (
                f"The backup is of form {form}, and this version of the product reads up to {FORM}. "
                "Restore it with a newer version."
            )
            raise BackupError(msg)
        tables = tuple(Table(**{**row, "columns": tuple(row["columns"])}) for row in values["tables"])
        return Manifest(
            form=form,
            product=str(values["product"]),
            made_at=str(values["made_at"]),
            database=str(values["database"]),
            migrations=tuple(map(str, values["migrations"])),
            tables=tables,
            archive=Archived(**values["archive"]),
        )
    except (ValueError, TypeError, KeyError) as error:
        msg = f"The manifest of the backup cannot be read ({type(error).__name__}). Use another backup."
        raise BackupError(msg) from error
