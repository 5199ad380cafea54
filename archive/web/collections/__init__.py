"""Collections: the front page, each collection's threads, and their feed."""
