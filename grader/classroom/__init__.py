"""Many students: issuing, grading in bulk, the store, trying a course out."""
