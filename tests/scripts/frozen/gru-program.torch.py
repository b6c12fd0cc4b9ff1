# gru-program in PyTorch, with the original numbers; written by rnn-tutor

# A GRU over a sequence

import torch

# float64, as in NumPy; PyTorch itself begins with float32.
torch.set_default_dtype(torch.float64)

T = 3  # time steps
H = 2  # hidden units
x = torch.tensor([1.0, -1.5, 0.7])  # inputs
w_x = torch.tensor([0.5, -1.2, 0.8, 0.6, -0.7, 1.1])  # input weights
# recurrent weights, transposed
W_hh_T = torch.tensor([[0.8, -0.5, 1.1, 0.6, -0.9, 0.7], [-1.2, 0.4, 0.3, -0.8, 1.0, 0.5]])

# One state is carried, and no cell.
a = {}
gates = {}
r = {}
z = {}
h_tilde = {}
h = {-1: torch.zeros(H)}  # before the first step
for t in range(T):
    # The input's contribution to all three blocks comes from one product.
    a[t] = x[t] * w_x
    # The state's contribution to the two gates comes from one product as well.
    gates[t] = torch.sigmoid(a[t][:2 * H] + h[t - 1] @ W_hh_T[:, :2 * H])
    # The reset gate is the first block.
    r[t] = gates[t][:H]
    # The update gate is the second block.
    z[t] = gates[t][H:]
    # The candidate has to wait for r. A reset after the product would avoid this.
    h_tilde[t] = torch.tanh(a[t][2 * H:] + r[t] * h[t - 1] @ W_hh_T[:, 2 * H:])
    # This is the blend, with the fraction 1 - z for the old state.
    h[t] = (1 - z[t]) * h[t - 1] + z[t] * h_tilde[t]
h = torch.stack([h[t] for t in range(T)])

# What the exercise expects, to 12 digits, and how far a result may be off.
tolerance = {"rtol": 1e-9, "atol": 1e-12}
torch.testing.assert_close(h, torch.tensor([
    [-0.416998343427, 0.516847241527],
    [-0.174253557852, 0.271904168844],
    [-0.258217693266, 0.465318958445],
]), **tolerance)
print('PyTorch agrees: h')
