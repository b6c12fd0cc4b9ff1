"""Trees -> a script of NumPy, PyTorch or JAX: the reverse of what `reading` does."""
