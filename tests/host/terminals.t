#!/usr/bin/env python3
"""Terminals go while processes are made: none of these has a terminal that is no more, and every counter of
/proc is where it was."""
from lib import comes_back, done

comes_back("tests/guest/terminals.c", 1, "all have come to an end", 240)
done()
