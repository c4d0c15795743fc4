"""What the grader and the server say to each other over their socket; student code never has it."""

from __future__ import annotations

import struct

RUN = struct.Struct("=QI")  # to a child, with descriptors: bytes of memory beyond the interpreter's own, seconds of processor time
ENDED = struct.Struct("=iddq")  # from the server: wait status, user and system seconds, peak as ru_maxrss counts it
