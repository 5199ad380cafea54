"""The shapes of what goes out and comes in. Their types and docstrings are the description of the API."""
