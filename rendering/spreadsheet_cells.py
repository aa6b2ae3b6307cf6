"""Text in the cells of a CSV file that a spreadsheet must not run as a formula.

Which separator a spreadsheet expects depends on its language, and one that expects another splits a cell in
two: whatever follows a separator or a line break may become the beginning of a cell.
"""

from __future__ import annotations

import re
from typing import Final

STARTS: Final = "=+\\-@\uff0b\uff0d\uff1d\uff20"
"""The signs that begin a formula, of ordinary and of full width, which some spreadsheets read alike."""
SEPARATORS: Final = ",;|\t\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029"

# Quotes too: of a cell that was split, `""=1` is an empty quoted text and what follows it.
_FORMULA: Final = re.compile(rf"(\A(?='*[\t\r])|(?:\A|[{SEPARATORS}])(?=['\"]*[{STARTS}]))")
_GUARDED: Final = re.compile(rf"(\A(?='+[\t\r])|(?:\A|[{SEPARATORS}])(?='['\"]*[{STARTS}]))'")


def guarded(text: str) -> str:
    """Return a text with an apostrophe before whatever a spreadsheet may run as a formula."""
    return _FORMULA.sub(r"\1'", text)


def unguarded(text: str) -> str:
    """Return the text of which `guarded` made this one."""
    return _GUARDED.sub(r"\1", text)
