# lstm-highway in PyTorch, with the original numbers; written by rnn-tutor

# The highway and the side roads

import torch

# float64, as in NumPy; PyTorch itself begins with float32.
torch.set_default_dtype(torch.float64)

c0 = torch.tensor(0.6, requires_grad=True)  # cell at step 0
o0 = torch.tensor(0.9)  # output gate at step 0
u_f = torch.tensor(1.5)  # weight of h0 in f
d_f = torch.tensor(1.0)  # what input and bias add inside f
u_i = torch.tensor(-1.0)  # weight of h0 in i
d_i = torch.tensor(0.5)  # what input and bias add inside i
u_g = torch.tensor(1.0)  # weight of h0 in g
d_g = torch.tensor(0.5)  # what input and bias add inside g

# This is the output at step 0. From here on c0 has two paths into step 1.
h0 = o0 * torch.tanh(c0)
# The forget gate depends on h0, so it is not constant. It changes with c0.
f = torch.sigmoid(u_f * h0 + d_f)
# The input gate depends on h0 too.
i = torch.sigmoid(u_i * h0 + d_i)
# The candidate depends on h0 as well.
g = torch.tanh(u_g * h0 + d_g)
# This is the cell at step 1.
c1 = f * c0 + i * g
path = torch.autograd.functional.jacobian(lambda c0: f * c0 + i * g, c0)
# This is dh0/dc0. A shut output gate or a large cell closes all side roads at once.
out = o0 * (1 - torch.tanh(c0) ** 2)
by_f = c0 * f * (1 - f) * u_f
# The path through the input gate has the same form, with the candidate in place of c0.
by_i = g * i * (1 - i) * u_i
# The path through the candidate has the derivative of its tanh and the input gate.
by_g = i * (1 - g ** 2) * u_g
side = out * (by_f + by_i + by_g)
# Highway and side roads together, found by backpropagation, equal path + side.
total = torch.autograd.grad(c1, c0, retain_graph=True)[0]

# What the exercise expects, to 12 digits, and how far a result may be off.
tolerance = {"rtol": 1e-9, "atol": 1e-12}
torch.testing.assert_close(path, torch.tensor(0.848773918716), **tolerance)
torch.testing.assert_close(side, torch.tensor(0.0922571486872), **tolerance)
torch.testing.assert_close(total, torch.tensor(0.941031067403), **tolerance)
print('PyTorch agrees: path, side, total')
