"""The screens: they show what the layers below say, and hand on what was typed."""
