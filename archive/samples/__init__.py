"""Sample threads for `make demo`, and the tags that two demo moderators gave to some of their answers."""
