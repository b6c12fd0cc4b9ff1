# bptt in PyTorch, with the original numbers; written by rnn-tutor

# Backpropagation through time

import torch

# float64, as in NumPy; PyTorch itself begins with float32.
torch.set_default_dtype(torch.float64)


def jacobian(y, x):
    """dy/dx, of the shape y.shape + x.shape: autograd gives one row for each element of y."""
    rows = [
        torch.autograd.grad(element, x, retain_graph=True, materialize_grads=True)[0] for element in y.reshape(-1)
    ]
    return torch.stack(rows).reshape(y.shape + x.shape)


T = 3  # steps
w = torch.tensor(0.7, requires_grad=True)  # recurrent weight
u = torch.tensor(1.0, requires_grad=True)  # input weight
x = torch.tensor([0.5, -1.0, 0.8], requires_grad=True)  # inputs
y = torch.tensor(0.3)  # target

h = {-1: torch.tensor(0.0)}  # before the first step
for t in range(T):
    h[t] = torch.tanh(w * h[t - 1] + u * x[t])
h_at = h
h = torch.stack([h_at[t] for t in range(T)])
# Half the squared error.
L = 0.5 * (h[-1] - y) ** 2
# How much each state matters.
dh = torch.stack(torch.autograd.grad(L, [h_at[t] for t in range(3)], retain_graph=True, materialize_grads=True))
dw = torch.autograd.grad(L, w, retain_graph=True)[0]


def L_of_w(w_at):
    h = {-1: torch.tensor(0.0)}  # before the first step
    for t in range(T):
        h[t] = torch.tanh(w_at[t] * h[t - 1] + u * x[t])
    h = torch.stack([h[t] for t in range(T)])
    L = 0.5 * (h[-1] - y) ** 2
    return L


# Each step's share.
shares = torch.autograd.functional.jacobian(L_of_w, torch.stack([w] * T))
J = jacobian(h, x)


def h_alone(x):
    return torch.stack([torch.tanh(w * h_at[t - 1] + u * x[t]) for t in range(T)])


now = torch.autograd.functional.jacobian(h_alone, x)

# What the exercise expects, to 12 digits, and how far a result may be off.
tolerance = {"rtol": 1e-9, "atol": 1e-12}
torch.testing.assert_close(dw, torch.tensor(-0.0226046777823), **tolerance)
torch.testing.assert_close(
    dh, torch.tensor([0.019123664085, 0.0418508329638, 0.0692239511779]), **tolerance
)
torch.testing.assert_close(
    shares, torch.tensor([0.0, 0.0126248189762, -0.0352294967586]), **tolerance
)
torch.testing.assert_close(J, torch.tensor([
    [0.786447732966, 0.0, 0.0],
    [0.359365900283, 0.652783187017, 0.0],
    [0.217262407155, 0.394654157363, 0.863673673877],
]), **tolerance)
print('PyTorch agrees: dw, dh, shares, J')
