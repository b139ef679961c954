"""The public archive: values in, pages, feeds and files out; no web framework."""
