"""Front end for notebooks: nbgrader courses, and practice inside a notebook."""
