"""Objections to tags: how they come, how they are answered, and what pages show of them."""
