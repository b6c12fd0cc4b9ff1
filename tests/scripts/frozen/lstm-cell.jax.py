# lstm-cell in JAX, with the original numbers; written by rnn-tutor

# The cell update

import jax
import jax.numpy as jnp
import numpy as np

# float64, as in NumPy; JAX itself begins with float32.
jax.config.update("jax_enable_x64", True)

f = jnp.array([0.9, 0.2])  # forget gate
i = jnp.array([0.1, 0.8])  # input gate
c_prev = jnp.array([1.0, -1.0])  # old cell
cand = jnp.array([0.5, 0.25])  # candidate

kept = f * c_prev
new = i * cand
c = kept + new

# What the exercise expects, to 12 digits, and how far a result may be off.
tolerance = {"rtol": 1e-9, "atol": 1e-12}
np.testing.assert_allclose(c, [0.95, 0], **tolerance)
print('JAX agrees: c')
