"""Pages of takedowns: asking, the moderators' desk, and what everybody may know."""
