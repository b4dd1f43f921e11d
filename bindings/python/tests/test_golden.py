"""Code generated from a small hostile spec is valid Python."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

GOLDEN = Path(__file__).resolve().parents[3] / "tests" / "golden" / "python"


@pytest.mark.parametrize("path", sorted(GOLDEN.rglob("*.py")), ids=lambda path: str(path.relative_to(GOLDEN)))
def test_it_compiles_and_every_class_says_what_it_is(path: Path) -> None:
    module = ast.parse(path.read_text(), str(path))
    assert ast.get_docstring(module)
    for node in ast.walk(module):
        # `Required` is for type checkers alone.
        if isinstance(node, ast.ClassDef) and node.name != "Required":
            assert ast.get_docstring(node), node.name
