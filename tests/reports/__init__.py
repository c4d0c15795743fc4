"""Tests of the views of records."""
