"""The public log of decisions, as a page and as a feed."""
