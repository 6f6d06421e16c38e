"""From an event to stored bytes and back: the only codec, the header, personal data sealed."""
