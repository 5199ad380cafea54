"""Agreement: between coders, and between coders and the program."""
