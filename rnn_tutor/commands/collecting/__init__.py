"""`collect`: what a class has handed in, marked again and told as a report."""
