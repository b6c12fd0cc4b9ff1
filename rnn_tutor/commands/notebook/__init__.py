"""Questions -> a notebook that checks answers without the tutor, and an assignment that nbgrader grades."""
