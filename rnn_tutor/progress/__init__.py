"""What a learner has done: kept, summed up, and when to do it again."""
