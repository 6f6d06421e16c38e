"""The tactical account map: desired outcome, gates with exit evidence, milestones and actions."""
