"""Pages on which readers question a tag, and moderators reply."""
