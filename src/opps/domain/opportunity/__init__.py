"""An opportunity: its commands, its state, how it decides and how it evolves."""
