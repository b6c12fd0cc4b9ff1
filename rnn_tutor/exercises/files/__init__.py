"""Content files read safely: YAML events, typed conversion, and findings with file, line and key."""
