# set -e, set -u and what they do not end.
sh -c 'set -e; echo a; false; echo not'; echo $?
sh -c 'set -e; if false; then :; fi; false || true; ! true; echo on'; echo $?
sh -c 'set -e; (false); echo not'; echo $?
sh -c 'set -e; x=$(false); echo not'; echo $?
sh -c 'set -e; f() { false; echo in; }; f || echo or'; echo $?
sh -c 'set -u; echo ${x-default}; echo $x; echo not' 2>&1; echo $?
sh -c 'set -x; echo traced' 2>&1
sh -c 'set -n; echo not'; echo $?
sh -c 'exit 300'; echo $?
nothing; echo $?
/; echo $?
echo '#!/bin/sh' >f; ./f; echo $?; chmod +x f; ./f; echo $?
sh -c 'return 5' ; echo $?
