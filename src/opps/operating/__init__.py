"""What operators and their programs see of a running process: ready or not, and how it does."""
