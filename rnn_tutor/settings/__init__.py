"""What a user has chosen about the program: what there is to choose, and the file that says it."""
