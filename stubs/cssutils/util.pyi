from collections.abc import Callable

_defaultFetcher: Callable[[str], tuple[str | None, bytes] | None]
