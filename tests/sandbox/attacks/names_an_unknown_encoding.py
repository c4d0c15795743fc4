# -*- coding: no-such-codec -*-
# Tries to have a codec looked up.
# Seen as: Unreadable
