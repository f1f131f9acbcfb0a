"""Tables as values: each function takes what was computed and answers with a `Table`."""
