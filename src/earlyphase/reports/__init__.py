"""Tables and figures as values, then pages and documents."""
