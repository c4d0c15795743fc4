"""Speed and memory, measured side by side in one run: `python -m benchmarks`. README.md says what each row means."""
