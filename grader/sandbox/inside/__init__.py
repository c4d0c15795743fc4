"""What runs on the other side of the wall: the server, and the confined child it forks for each submission.

These modules know the standard library and NumPy only. They are started as a program of their own, in which the rest of
`grader` cannot be imported, so nothing here may import from above.
"""
