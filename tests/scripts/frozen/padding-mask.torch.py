# padding-mask in PyTorch, with the original numbers; written by rnn-tutor

# From lengths to a mask

import torch

# float64, as in NumPy; PyTorch itself begins with float32.
torch.set_default_dtype(torch.float64)

n = torch.tensor([4, 2, 3])  # length of each sequence

# The longest sequence decides how wide the array is. A single long one makes all others pad.
T = torch.max(n)
mask = torch.arange(int(T)) < n[..., None]
# The ones add up to the number of real tokens, which is also the sum of the lengths.
real = torch.sum(mask)
share = 1 - real / (3 * T)
longest_twice = 1 - (real + T) / (3 * (2 * T))

# What the exercise expects, to 12 digits, and how far a result may be off.
tolerance = {"rtol": 1e-9, "atol": 1e-12}
torch.testing.assert_close(
    mask.double(), torch.tensor([[1.0, 1.0, 1.0, 1.0], [1.0, 1.0, 0.0, 0.0], [1.0, 1.0, 1.0, 0.0]]), **tolerance
)
torch.testing.assert_close(share, torch.tensor(0.25), **tolerance)
torch.testing.assert_close(longest_twice, torch.tensor(0.458333333333), **tolerance)
print('PyTorch agrees: mask, share, longest_twice')
