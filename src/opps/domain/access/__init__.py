"""Who may do what in an organisation: the roles of its people, the keys of its programs."""
