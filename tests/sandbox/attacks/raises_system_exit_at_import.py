# Tries to end the grader's loop while it imports.
# Seen as: Raised
raise SystemExit(0)
