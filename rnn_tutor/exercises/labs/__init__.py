"""Labs: an exercise's language with controls to move, pictures that follow, and questions to predict before.

`model` is the typed file, `load` reads one, `controls` says where a control can stand, `bench` evaluates a lab with its
numbers, `predict` reads and judges a guess, `lint` is what an author wants to know.
"""
