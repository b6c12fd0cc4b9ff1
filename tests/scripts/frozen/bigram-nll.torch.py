# bigram-nll in PyTorch, with the original numbers; written by rnn-tutor

# A program for the loss of a bigram model

import torch

# float64, as in NumPy; PyTorch itself begins with float32.
torch.set_default_dtype(torch.float64)

T = 4  # tokens
ids = torch.tensor([0, 2, 2, 1])  # the sequence
start = torch.tensor([0.5, 0.3, 0.2])  # probabilities of the first token
# probabilities of the next token
P = torch.tensor([[0.1, 0.2, 0.7], [0.6, 0.3, 0.1], [0.2, 0.5, 0.3]])

# No token comes before the first one; -1 marks that.
last = {-1: torch.tensor(-1)}  # before the first step
p_token = {}
for t in range(T):
    # Remember one token for the next time step. An RNN remembers its whole state instead.
    last[t] = ids[t]
    # Take the row of the previous token, and in it the column of the token that came.
    p_token[t] = torch.where(last[t - 1] < 0, start, P[torch.maximum(last[t - 1], torch.tensor(0))])[ids[t]]
p_token = torch.stack([p_token[t] for t in range(T)])
mean_loss = -torch.mean(torch.log(p_token))

# What the exercise expects, to 12 digits, and how far a result may be off.
tolerance = {"rtol": 1e-9, "atol": 1e-12}
torch.testing.assert_close(mean_loss, torch.tensor(0.736735527346), **tolerance)
print('PyTorch agrees: mean_loss')
