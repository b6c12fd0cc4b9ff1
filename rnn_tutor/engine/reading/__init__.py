"""Text -> tokens -> a checked tree: what people write, made plain."""
