"""The words that stand below the attributes of a class, which Python itself forgets."""

from __future__ import annotations

import ast
import functools
import inspect
import textwrap
from collections.abc import Mapping
from itertools import pairwise


@functools.cache
def attribute_docstrings(cls: type) -> Mapping[str, str]:
    """What stands below each annotated attribute of a class, by the attribute's name.

    Args:
        cls: A class whose source can be read.
    """
    (tree,) = ast.parse(textwrap.dedent(inspect.getsource(cls))).body
    assert isinstance(tree, ast.ClassDef)  # noqa: S101
    return {
        above.target.id: inspect.cleandoc(below.value.value)
        for above, below in pairwise(tree.body)
        if isinstance(above, ast.AnnAssign)
        and isinstance(above.target, ast.Name)
        and isinstance(below, ast.Expr)
        and isinstance(below.value, ast.Constant)
        and isinstance(below.value.value, str)
    }
