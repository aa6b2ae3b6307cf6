"""What an import says about files of every shape is what docs/import.md says it does."""

from __future__ import annotations

from tests.imports.shapes import PAGE, SHAPES, sentences, written


def test_the_documentation_has_every_shape_with_its_explanation():
    assert PAGE.read_text(encoding="utf-8") == written(), "run `python -m tests.imports.shapes`"


def test_every_shape_has_an_explanation():
    assert all(sentences(shape) for shape in SHAPES)
    assert len({shape.about for shape in SHAPES}) == len(SHAPES)
