"""Views of records: what a student earned and why, as text and as a page. Nothing here marks, draws or writes files."""
