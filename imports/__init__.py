"""Readers of foreign formats: bytes in, records out. A reader never guesses in silence."""
