# gru-program in JAX, with the original numbers; written by rnn-tutor

# A GRU over a sequence

import jax
import jax.numpy as jnp
import numpy as np

# float64, as in NumPy; JAX itself begins with float32.
jax.config.update("jax_enable_x64", True)

T = 3  # time steps
H = 2  # hidden units
x = jnp.array([1.0, -1.5, 0.7])  # inputs
w_x = jnp.array([0.5, -1.2, 0.8, 0.6, -0.7, 1.1])  # input weights
# recurrent weights, transposed
W_hh_T = jnp.array([[0.8, -0.5, 1.1, 0.6, -0.9, 0.7], [-1.2, 0.4, 0.3, -0.8, 1.0, 0.5]])

# One state is carried, and no cell.
a = {}
gates = {}
r = {}
z = {}
h_tilde = {}
h = {-1: jnp.zeros(H)}  # before the first step
for t in range(T):
    # The input's contribution to all three blocks comes from one product.
    a[t] = x[t] * w_x
    # The state's contribution to the two gates comes from one product as well.
    gates[t] = jax.nn.sigmoid(a[t][:2 * H] + h[t - 1] @ W_hh_T[:, :2 * H])
    # The reset gate is the first block.
    r[t] = gates[t][:H]
    # The update gate is the second block.
    z[t] = gates[t][H:]
    # The candidate has to wait for r. A reset after the product would avoid this.
    h_tilde[t] = jnp.tanh(a[t][2 * H:] + r[t] * h[t - 1] @ W_hh_T[:, 2 * H:])
    # This is the blend, with the fraction 1 - z for the old state.
    h[t] = (1 - z[t]) * h[t - 1] + z[t] * h_tilde[t]
h = jnp.stack([h[t] for t in range(T)])

# What the exercise expects, to 12 digits, and how far a result may be off.
tolerance = {"rtol": 1e-9, "atol": 1e-12}
np.testing.assert_allclose(h, [
    [-0.416998343427, 0.516847241527],
    [-0.174253557852, 0.271904168844],
    [-0.258217693266, 0.465318958445],
], **tolerance)
print('JAX agrees: h')
