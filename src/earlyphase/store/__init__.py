"""PostgreSQL, embedded or a server: the schema, the journal store, the record index."""
