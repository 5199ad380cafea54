"""What could not be read: looked at, repaired and read again, or dismissed for a reason."""
