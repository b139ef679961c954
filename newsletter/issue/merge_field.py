"""Merge fields as editors write them; what becomes of them is decided when an issue is rendered."""

from __future__ import annotations

import re

FIELD = re.compile(r"\{\{\s*([a-z][a-z0-9_]*)\s*(?:\|([^{}|]*))?\}\}")
"""Name, and optionally a default behind a bar: ``{{ name | friend }}``."""
