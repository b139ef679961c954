"""How the names of issue files end."""

from __future__ import annotations

ENDINGS = (".yaml", ".yml")
