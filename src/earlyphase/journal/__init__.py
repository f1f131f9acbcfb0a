"""Entries, corrections, the hash chain, the file store."""
