"""The engine: expressions, their computation graph, and everything that is read off it. NumPy only."""
