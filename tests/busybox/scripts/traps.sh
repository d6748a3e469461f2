# Traps.
trap 'echo exit' EXIT
trap 'echo usr1' USR1; kill -USR1 $$; echo after
trap '' USR1; kill -USR1 $$; echo ignored
trap - USR1; sh -c 'trap "echo child" TERM; kill $$; echo on'
sh -c 'kill -USR1 $$'; echo $?
sh -c 'trap "exit 7" INT; kill -INT $$; sleep 1'; echo $?
sh -c 'trap "echo bye" EXIT; exit 4'; echo $?
trap 'echo err' ALRM; (sleep 0.1; kill -ALRM $$) & wait; echo waited
trap
(trap 'echo sub' EXIT; echo in)
