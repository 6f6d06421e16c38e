"""What connects opps with files and other systems."""
