"""The commands of rnn-tutor for scripts, screen readers and tests: text (or JSON) out, an exit status back."""
