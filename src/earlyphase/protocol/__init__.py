"""The computable protocol: what it says, how it is read, what it leaves undecided."""
