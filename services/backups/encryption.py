"""Encryption of a backup to public keys, in the age format: the server cannot read what it has written."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Final

import pyrage
from pyrage import x25519

from services.backups.errors import DAMAGED, BackupError

MAGIC: Final = b"age-encryption.org/v1"
"""How an encrypted file begins."""
PRIVATE_KEY: Final = "AGE-SECRET-KEY-"
"""How a private key begins."""

NO_KEY = "This backup is encrypted: name the file of its private key with --identity."
WRONG_KEY = "This private key does not open this backup: it was encrypted to another key, or it is damaged."


def new_key_pair(file: Path) -> str:
    """Write a new private key to a file that only its owner can read; return the public key.

    The file is what `age-keygen` writes, and never replaces another.
    """
    pair = x25519.Identity.generate()
    public = str(pair.to_public())
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise BackupError(f"{file} exists already: a private key is never overwritten.") from None
    with os.fdopen(descriptor, "w", encoding="ascii") as opened:
        opened.write(f"# public key: {public}\n{pair}\n")
        opened.flush()
        os.fsync(opened.fileno())
    return public


def recipients(public_keys: Sequence[str]) -> list[x25519.Recipient]:
    """Return whom to encrypt to; raises BackupError for what is no public key."""
    try:
        return [x25519.Recipient.from_str(key) for key in public_keys]
    except pyrage.RecipientError:
        raise BackupError(
            "BACKUP_PUBLIC_KEYS must be public keys as flask db backup-key prints them: age1…"
        ) from None


def identities(file: Path) -> list[x25519.Identity]:
    """Read private keys from a file, one a line; raises BackupError if it has none."""
    try:
        lines = file.read_text(encoding="ascii").split()
        found = [x25519.Identity.from_str(word) for word in lines if word.startswith(PRIVATE_KEY)]
    except (UnicodeDecodeError, pyrage.IdentityError):
        found = []
    if not found:
        raise BackupError(f"{file} holds no private key as flask db backup-key writes it.")
    return found


def is_encrypted(file: Path) -> bool:
    """Return whether a file begins as an encrypted one."""
    with file.open("rb") as opened:
        return opened.read(len(MAGIC)) == MAGIC


def encrypt(source: IO[bytes], target: IO[bytes], to: Sequence[x25519.Recipient]) -> None:
    """Encrypt a file to everybody named, in pieces of 64 KiB."""
    try:
        pyrage.encrypt_io(source, target, to)
    except pyrage.EncryptError:
        raise BackupError("The backup could not be encrypted: is there space left?") from None


def decrypt(source: IO[bytes], target: IO[bytes], identity: Path | None) -> None:
    """Decrypt a file; raises BackupError for a missing or wrong key and for a damaged file."""
    if identity is None:
        raise BackupError(NO_KEY)
    try:
        pyrage.decrypt_io(source, target, identities(identity))
    except pyrage.DecryptError:
        raise BackupError(WRONG_KEY) from None
    except OSError as error:
        if error.errno is not None:
            raise
        # The library's own error for a piece that was changed, moved or is missing.
        raise BackupError(DAMAGED) from None
