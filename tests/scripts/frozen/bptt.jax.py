# bptt in JAX, with the original numbers; written by rnn-tutor

# Backpropagation through time

import jax
import jax.numpy as jnp
import numpy as np

# float64, as in NumPy; JAX itself begins with float32.
jax.config.update("jax_enable_x64", True)

T = 3  # steps
w = jnp.array(0.7)  # recurrent weight
u = 1  # input weight
x = jnp.array([0.5, -1.0, 0.8])  # inputs
y = 0.3  # target

h = {-1: jnp.array(0.0)}  # before the first step
for t in range(T):
    h[t] = jnp.tanh(w * h[t - 1] + u * x[t])
h_at = h
h = jnp.stack([h_at[t] for t in range(T)])
# Half the squared error.
L = 0.5 * (h[-1] - y) ** 2


def L_of_h(h_change):
    h = {-1: jnp.array(0.0)}  # before the first step
    for t in range(T):
        h[t] = jnp.tanh(w * h[t - 1] + u * x[t]) + h_change[t]
    h = jnp.stack([h[t] for t in range(T)])
    L = 0.5 * (h[-1] - y) ** 2
    return L


# How much each state matters.
dh = jax.grad(L_of_h)(jnp.zeros_like(h, dtype=float))


def L_of_w(w):
    h = {-1: jnp.array(0.0)}  # before the first step
    for t in range(T):
        h[t] = jnp.tanh(w * h[t - 1] + u * x[t])
    h = jnp.stack([h[t] for t in range(T)])
    L = 0.5 * (h[-1] - y) ** 2
    return L


dw = jax.grad(L_of_w)(w)


def L_of_w_2(w_at):
    h = {-1: jnp.array(0.0)}  # before the first step
    for t in range(T):
        h[t] = jnp.tanh(w_at[t] * h[t - 1] + u * x[t])
    h = jnp.stack([h[t] for t in range(T)])
    L = 0.5 * (h[-1] - y) ** 2
    return L


# Each step's share.
shares = jax.grad(L_of_w_2)(jnp.stack([w] * T))


def h_of_x(x):
    h = {-1: jnp.array(0.0)}  # before the first step
    for t in range(T):
        h[t] = jnp.tanh(w * h[t - 1] + u * x[t])
    h = jnp.stack([h[t] for t in range(T)])
    return h


J = jax.jacobian(h_of_x)(x)


def h_alone(x):
    return jnp.stack([jnp.tanh(w * h_at[t - 1] + u * x[t]) for t in range(T)])


now = jax.jacobian(h_alone)(x)

# What the exercise expects, to 12 digits, and how far a result may be off.
tolerance = {"rtol": 1e-9, "atol": 1e-12}
np.testing.assert_allclose(dw, -0.0226046777823, **tolerance)
np.testing.assert_allclose(dh, [0.019123664085, 0.0418508329638, 0.0692239511779], **tolerance)
np.testing.assert_allclose(shares, [0, 0.0126248189762, -0.0352294967586], **tolerance)
np.testing.assert_allclose(J, [
    [0.786447732966, 0, 0],
    [0.359365900283, 0.652783187017, 0],
    [0.217262407155, 0.394654157363, 0.863673673877],
], **tolerance)
print('JAX agrees: dw, dh, shares, J')
