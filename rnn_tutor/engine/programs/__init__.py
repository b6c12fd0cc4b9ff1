"""Programs of several lines: the engine's evaluator grown by statements, lists, functions and a budget of steps."""
