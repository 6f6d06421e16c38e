"""The forecast: what the open opportunities of a period are worth, and what that rests on."""
