"""Danger zones: states of an opportunity that deserve a look, each found by one small rule."""
