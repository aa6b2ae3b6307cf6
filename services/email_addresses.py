"""E-mail addresses in the one form in which they are stored and compared."""

from __future__ import annotations

import unicodedata


def folded(address: str) -> str:
    """Return an e-mail address without blanks around it, in NFC and with its case folded."""
    return unicodedata.normalize("NFC", address.strip()).casefold()
