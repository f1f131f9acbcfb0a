"""What an answer of the site says."""

import html


def words(answer):
    """Give the page as it was written, its entities read."""
    return html.unescape(answer.content.decode())
