# Background jobs and waiting for them.
sleep 0.2 & wait $!; echo $?
(exit 3) & wait $!; echo $?
(sleep 0.3; echo second >>f) & (echo first >>f) & wait; cat f
sleep 10 & kill %1; wait; echo done
sleep 10 & p=$!; kill -STOP $p; kill -CONT $p; kill -KILL $p; wait $p; echo $?
{ sleep 0.1; exit 5; } & a=$!; { exit 6; } & b=$!; wait $b; echo $?; wait $a; echo $?
wait 99999; echo $?
for i in 1 2 3 4 5 6 7 8 9 10; do (echo $i >n$i) & done; wait; cat n* | sort -n | tr '\n' ' '; echo
mkfifo p; cat p & echo through >p; wait
