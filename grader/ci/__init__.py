"""Grading where a student pushes: a repository with the sheet in it, marked in CI, and clones of it for the grade that counts."""
