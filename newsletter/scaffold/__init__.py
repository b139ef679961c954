"""A new project and a new issue: the files that ``init`` and ``new`` write."""
