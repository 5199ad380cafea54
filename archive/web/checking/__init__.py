"""Pages on which moderators say what they found of the sources of an answer."""
