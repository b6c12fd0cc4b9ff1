"""Networks that train: tasks, models of one recurrent layer, and the run that makes updates.

A run is a value. `run.begin(recipe, seed)` gives one without any update, `run.advanced(run, n)` one with n more.
`results.results` gives what there is to see of one, by the names in `names`. Whoever wants to watch asks for a few
updates at a time.

The same recipe and seed give the same losses on every processor. Sums of products and exponentials differ between
processors in their last digit, and training makes small differences large. So weights are kept as multiples of
`limits.WEIGHT_GRID` and the states of each time step as multiples of `limits.STATE_GRID`: a difference in the last
digit is rounded away before it is used again.
"""
