"""One rule a file; the docstring of a rule is its documentation."""
