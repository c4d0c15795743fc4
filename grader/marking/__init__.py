"""One submission in, one record out: no files, clock, randomness or printing."""
