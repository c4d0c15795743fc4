# -*- coding: rot13 -*-
# Tries to have a codec change its text.
# Seen as: Unreadable
