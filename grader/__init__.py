"""conv-grader: exercises on convolution, drawn for each student, marked against torch, explained."""

__version__ = "0.1.0"
