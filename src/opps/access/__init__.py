"""Who asks: tokens of an identity provider, keys of programs, and the roles they come with."""
