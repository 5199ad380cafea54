"""The topics of a collection, and the threads on each."""
