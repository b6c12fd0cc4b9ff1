"""The terminal: keys in, frames out, and how a session ends. All that knows private parts of Textual."""
