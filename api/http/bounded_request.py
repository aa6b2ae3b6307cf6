"""A request whose body is never cut off: one sent in chunks, without its length, is refused when too long."""

from __future__ import annotations

from typing import IO, cast

from flask import Request
from werkzeug.utils import cached_property
from werkzeug.wsgi import LimitedStream


class BoundedStream(LimitedStream):
    """A stream that raises RequestEntityTooLarge for more bytes than its limit, and leaves none out."""

    def readall(self) -> bytes:
        """Return the whole stream, of which at most one byte beyond the limit is read."""
        data = super().readall()
        if self.is_exhausted and self._stream.read(1):
            self.on_exhausted()
        return data


class BoundedRequest(Request):
    """A request that refuses a body of unknown length once it is longer than a body may be."""

    @cached_property
    def stream(self) -> IO[bytes]:
        """The body, as Werkzeug bounds it; a chunked one is not cut off at the limit."""
        found = super().stream
        if self.content_length is None and isinstance(found, LimitedStream):
            limit = self.max_content_length or 0
            return cast("IO[bytes]", BoundedStream(self.environ["wsgi.input"], limit, is_max=True))
        return found
