"""Virtual participants that go through the same commands as real ones."""
