"""Trees -> nodes: evaluated forwards, differentiated backwards, and changed."""
