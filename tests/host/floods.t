#!/usr/bin/env python3
"""Programs that open and write as much as they can: each ends with an errno or is killed, the kernel
still answers, and every counter of /proc is where it was."""
from lib import comes_back, done

comes_back("tests/guest/floods.c", 5, "all floods have ended", 240)
done()
