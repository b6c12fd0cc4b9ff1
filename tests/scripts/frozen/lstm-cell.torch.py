# lstm-cell in PyTorch, with the original numbers; written by rnn-tutor

# The cell update

import torch

# float64, as in NumPy; PyTorch itself begins with float32.
torch.set_default_dtype(torch.float64)

f = torch.tensor([0.9, 0.2])  # forget gate
i = torch.tensor([0.1, 0.8])  # input gate
c_prev = torch.tensor([1.0, -1.0])  # old cell
cand = torch.tensor([0.5, 0.25])  # candidate

kept = f * c_prev
new = i * cand
c = kept + new

# What the exercise expects, to 12 digits, and how far a result may be off.
tolerance = {"rtol": 1e-9, "atol": 1e-12}
torch.testing.assert_close(c, torch.tensor([0.95, 0.0]), **tolerance)
print('PyTorch agrees: c')
