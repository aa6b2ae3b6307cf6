"""The file of a backup: a compressed tar of a manifest and of the database's copy, encrypted or not.

Standard tools read it: `age --decrypt -i KEY FILE | tar -xz`.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import re
import secrets
import shutil
import tarfile
import zlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final

from models.sqlite_file import sync_folder
from services.backups import encryption
from services.backups.errors import DAMAGED, BackupError, described

FORMAT: Final = 1
"""Version of the archive's layout. Operational."""
MANIFEST: Final = "manifest.json"
MAX_MANIFEST_BYTES: Final = 1 << 20
"""Longest manifest that is read, bytes. Operational."""
PIECE: Final = 1 << 20
"""Bytes copied at a time. Operational."""
NAME: Final = re.compile(r"afterglow-(\d{4}-\d\d-\d\dT\d{6}Z)\.tar\.gz(\.age)?")
"""Name of a backup in a folder, with the instant it was made."""

NO_BACKUP = "This file is no backup made by flask db backup."
NEWER_FORMAT = "This backup was made by a newer version of Afterglow: restore it with that version."


@dataclass(frozen=True, slots=True)
class Contents:
    """What a database holds: its schema's revision, and the number of rows of each table."""

    revision: str
    rows: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds, as it was counted in the copy when it was made."""

    database: str
    """sqlite or postgresql."""
    schema_revision: str
    server_version: str
    created_at: str
    rows: Mapping[str, int]
    roles: Sequence[str]
    """PostgreSQL's roles that were granted something in the database."""
    bytes: int
    sha256: str

    @property
    def member(self) -> str:
        """Return the name of the database's copy in the archive."""
        return {"sqlite": "afterglow.db", "postgresql": "afterglow.pgdump"}.get(self.database, "")

    @property
    def contents(self) -> Contents:
        """Return what the restored database must hold."""
        return Contents(self.schema_revision, self.rows)


def digest(file: Path) -> str:
    """Return a file's SHA-256, as hexadecimal digits."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def write(file: Path, manifest: Manifest, copy: Path, public_keys: Sequence[str], *, overwrite: bool) -> None:
    """Write a backup under a temporary name, read it again, and give it its name; all durable.

    `copy` lies in a private folder, where the archive is put together: of an encrypted backup, nothing
    readable is written next to `file`.
    """
    to = encryption.recipients(public_keys)
    plain = copy.with_name("archive")
    with described(plain), plain.open("xb") as opened:
        _pack(opened, manifest, copy)
    partial = file.with_name(f".{file.name}.partial-{secrets.token_hex(4)}")
    try:
        with described(file.parent):
            written = _place(plain, partial, to)
            if digest(partial) != written:
                raise BackupError(f"{file.parent}: what was written could not be read again.")
            if file.exists() and not overwrite:
                raise BackupError(already_there(file))
            partial.rename(file)
            sync_folder(file.parent)
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


def already_there(file: Path) -> str:
    """Return the sentence that a backup would replace another file."""
    return f"{file} exists already: give another name, or --overwrite."


def read(file: Path, folder: Path, identity: Path | None) -> tuple[Manifest, Path]:
    """Decrypt and unpack a backup into a private folder; return its manifest and the database's copy.

    Raises BackupError for a wrong key, and for what is not whole or not a backup.
    """
    with described(file):
        encrypted = encryption.is_encrypted(file)
        if encrypted:
            plain = folder / "archive"
            with file.open("rb") as source, plain.open("xb") as target:
                encryption.decrypt(source, target, identity)
        else:
            plain = file
        try:
            return _unpack(plain, folder)
        except (tarfile.TarError, EOFError, zlib.error, ValueError, TypeError, KeyError):
            raise BackupError(DAMAGED if encrypted or _begins_as_archive(file) else NO_BACKUP) from None
        except OSError as error:
            if error.errno is not None:
                raise
            raise BackupError(DAMAGED) from None  # gzip's own error for a wrong checksum
        finally:
            if encrypted:
                plain.unlink()


def of_folder(folder: Path) -> list[Path]:
    """Return the backups in a folder, newest first."""
    with described(folder):
        return sorted((path for path in folder.iterdir() if NAME.fullmatch(path.name)), reverse=True)


def name(now: datetime, *, encrypted: bool) -> str:
    """Return the name of a backup that is made now."""
    return f"afterglow-{now:%Y-%m-%dT%H%M%SZ}.tar.gz" + (".age" if encrypted else "")


def made_at(file: Path) -> datetime | None:
    """Return when a backup in a folder was made, by its name."""
    found = NAME.fullmatch(file.name)
    return None if found is None else datetime.strptime(found[1], "%Y-%m-%dT%H%M%S%z")


class _Hashing:
    """A file that is written, and the digest of what was."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.sha256 = hashlib.sha256()

    def write(self, data: bytes) -> int:
        self.sha256.update(data)
        return self._file.write(data)

    def flush(self) -> None:
        self._file.flush()


def _place(plain: Path, partial: Path, to: Sequence[Any]) -> str:
    """Write the archive to its folder, encrypted or not; return its digest once it is on the disk."""
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as opened, plain.open("rb") as source:
        target: Any = _Hashing(opened)
        if to:
            encryption.encrypt(source, target, to)
        else:
            shutil.copyfileobj(source, target, PIECE)
        opened.flush()
        os.fsync(opened.fileno())
        return str(target.sha256.hexdigest())


def _pack(target: IO[bytes], manifest: Manifest, copy: Path) -> None:
    document = {"format": FORMAT, **asdict(manifest)}
    text = json.dumps(document, indent=1, sort_keys=True).encode()
    with tarfile.open(fileobj=target, mode="w:gz", compresslevel=6) as tar:
        header = tarfile.TarInfo(MANIFEST)
        header.size, header.mode = len(text), 0o600
        tar.addfile(header, io.BytesIO(text))
        header = tarfile.TarInfo(manifest.member)
        header.size, header.mode = copy.stat().st_size, 0o600
        with copy.open("rb") as opened:
            tar.addfile(header, opened)


def _unpack(plain: Path, folder: Path) -> tuple[Manifest, Path]:
    with gzip.open(plain) as zipped, tarfile.open(fileobj=zipped, mode="r:") as tar:
        manifest = _manifest(tar)
        copy = folder / "copy"
        found = tar.extractfile(manifest.member)
        if found is None:
            raise KeyError
        descriptor = os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as opened:
            shutil.copyfileobj(found, opened, PIECE)
            opened.flush()
            os.fsync(opened.fileno())
        # To the end, where gzip's checksum is.
        while zipped.read(PIECE):
            pass
    if copy.stat().st_size != manifest.bytes or digest(copy) != manifest.sha256:
        raise BackupError(DAMAGED)
    return manifest, copy


def _manifest(tar: tarfile.TarFile) -> Manifest:
    found = tar.extractfile(MANIFEST)
    if found is None:
        raise KeyError
    document = json.loads(found.read(MAX_MANIFEST_BYTES))
    if document.pop("format") != FORMAT:
        raise BackupError(NEWER_FORMAT)
    return Manifest(**document)


def _begins_as_archive(file: Path) -> bool:
    with file.open("rb") as opened:
        return opened.read(2) == b"\x1f\x8b"
