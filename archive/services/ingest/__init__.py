"""From received bytes to a published batch: receive, preview, run, publish, roll back."""
