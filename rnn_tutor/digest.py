"""SHA-256 as Python has it by itself: `hashlib` would load OpenSSL, which nothing on a learner's screens needs.

Gain, together with seeds that are drawn without `secrets` (which imports hashlib): 3.4 MB, 6 ms of a start.
Where a Python has no such module, it is hashlib's.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hashlib import sha256
else:
    try:
        from _sha2 import sha256  # since Python 3.12
    except ImportError:
        try:
            from _sha256 import sha256
        except ImportError:
            from hashlib import sha256

__all__ = ["sha256"]
