"""The codebook: what the levels mean and how one is chosen."""
