"""The moderators' bench: what is served, what is voted, what the votes come to, and how all of it is taken back."""
