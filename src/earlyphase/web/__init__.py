"""Where a study team works, in a browser. It holds no rule: each view calls a command or a query."""
