#!/bin/sh
# A sample of `make test-labs`: some submissions of lab 3 get exactly their points (tests/labs/matrix).
cd "$(dirname "$0")/../.." || exit 1
exec tests/labs/matrix 3-fdtable/starter 3-fdtable/solution 3-fdtable/wrong-grows-forever 3-fdtable/cheat-tampers \
	3-fdtable/cheat-patches
