"""Checks that need something outside the project: other people's web servers, SpamAssassin."""
