"""What a sales team knows, and the rules about it: pure functions over frozen values."""
