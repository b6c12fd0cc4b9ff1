"""The class server: a PostgreSQL that several lab hosts send what is answered to. The local file stays the truth."""
