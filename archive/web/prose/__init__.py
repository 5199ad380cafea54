"""From the text of a post to the HTML that stands for it, before the walls of `safe_html`."""
