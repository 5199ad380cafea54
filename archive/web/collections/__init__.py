"""Collections: the front page, and each collection with its threads."""
