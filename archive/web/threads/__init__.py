"""Threads, and the posts in them."""
