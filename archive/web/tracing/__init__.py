"""Pages on which readers supply references, and moderators decide on them."""
