"""What the grader and the server say to each other over their socket; student code never has it."""

from __future__ import annotations

import struct

RUN = struct.Struct("=cQI")  # R, bytes of memory beyond the interpreter's own, seconds of processor time
ENDED = struct.Struct("=iddq")  # wait status (-1: no child came to be), user and system seconds, peak as ru_maxrss counts it
