"""The interface for other programs: the same commands and queries as the pages, by token. It holds no rule."""
