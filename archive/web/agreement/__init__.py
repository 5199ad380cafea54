"""Pages on how far moderators agree with one another, and with what the program suggests."""
