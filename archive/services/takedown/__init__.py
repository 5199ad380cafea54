"""Taking posts or words of them down: asking, deciding by two, sealing, lifting and purging."""
