"""Originals: the bytes as received."""
