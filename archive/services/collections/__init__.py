"""What readers see of a collection: its threads, authors, topics and days; and what archivists say of it."""
