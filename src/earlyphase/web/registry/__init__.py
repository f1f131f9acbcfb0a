"""The pages of the registry: search, a record, its versions, two records side by side, and who could qualify."""
