"""What programs are told that walk the archive: where everything public is, and what to leave."""
