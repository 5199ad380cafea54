"""Atom feeds: what one is made of, how an entry tells of a thread or a post, and the feeds themselves."""
