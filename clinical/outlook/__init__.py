"""When benefit wears off, with its uncertainty and its reasons."""
