"""Student code, confined: a file and calls in, an outcome for each call out. Knows nothing of courses, answers or keys."""
