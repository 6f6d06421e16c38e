"""The log of a tenant carried to a broker that an organisation has already, each event once."""
