"""Looking citations up: verdicts on them, striking what does not exist, and what pages show of both."""
