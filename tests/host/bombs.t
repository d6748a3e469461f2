#!/usr/bin/env python3
"""Programs that make as many tasks as they can: each ends with an errno or is killed, the kernel still
answers, and every counter of /proc is where it was."""
from lib import comes_back, done

comes_back("tests/guest/bombs.c", 5, "all bombs have gone off", 120)
done()
