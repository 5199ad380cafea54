"""Tagging many answers at once: what a search finds, and what was marked on the bench."""
