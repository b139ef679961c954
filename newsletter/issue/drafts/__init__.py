"""Drafts as reporters hand them in (text, Markdown, Word, HTML) → a new issue file."""
