"""What the screens are made of, and pure functions from data to text."""
