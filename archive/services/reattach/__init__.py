"""Where a post hangs, decided by people: moving, leaving, putting back; what is proposed, and what is in doubt."""
