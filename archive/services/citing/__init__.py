"""Citing: what is said of a post or thread, texts as they were cited, cited works, and old addresses."""
