"""The codebook: its versions, what they changed, and the tags that were given under other words."""
