"""The page on which a collection's rules for its bench are set."""
