"""The note of a diary as plain text within the length of a check-in's."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Final

from schemas.check_ins import NOTE_LENGTH

BREAKING: Final = frozenset({"br", "p", "div", "li", "ul", "ol", "blockquote", "h1", "h2", "h3", "h4"})
STYLING: Final = frozenset({"b", "i", "u", "s", "em", "strong", "span", "font", "a", "strike", "del"})
TAG: Final = re.compile(rf"</?({'|'.join(sorted(BREAKING | STYLING))})(\s[^<>]*)?/?>", re.IGNORECASE)
ENTITY: Final = re.compile(r"&(amp|lt|gt|quot|apos|nbsp|#[0-9]{1,6}|#x[0-9a-f]{1,6});", re.IGNORECASE)
ELLIPSIS: Final = "…"


class _Text(HTMLParser):
    """Collects the text of HTML; tags that no diary writes are kept as they are."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        """Keep text."""
        self.parts.append(data)

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002  its parent's signature
        """Break the line, or keep what is no tag of a diary."""
        self._tag(tag, self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        """End a paragraph with a line break."""
        self._tag(tag if tag != "br" else "b", f"</{tag}>")

    def _tag(self, tag: str, written: str) -> None:
        if tag in BREAKING:
            self.parts.append("\n")
        elif tag not in STYLING:
            self.parts.append(written)


def plain_text(note: str) -> str:
    """Return a note without the tags and entities of HTML; a note without any is left as it is."""
    if TAG.search(note) is None and ENTITY.search(note) is None:
        return note
    parser = _Text()
    parser.feed(note)
    parser.close()
    lines = (line.strip() for line in "".join(parser.parts).replace("\N{NO-BREAK SPACE}", " ").split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def cut(note: str) -> tuple[str, bool]:
    """Return a note of at most the length that is stored, and whether anything was cut off."""
    if len(note) <= NOTE_LENGTH:
        return note, False
    return note[: NOTE_LENGTH - 1].rstrip() + ELLIPSIS, True
