from collections.abc import Callable

path2url: Callable[[str], str]
