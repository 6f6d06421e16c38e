"""The GraphQL API: the schema derived from the domain, and its HTTP and WebSocket front."""
