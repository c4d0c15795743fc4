"""The command `grader`: thin, over the rooms below."""
