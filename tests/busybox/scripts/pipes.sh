# Pipes: order, statuses, early ends, many at once.
seq 5 | sed 's/^/n/' | sort -r | head -n 2
false | true; echo $?
true | false; echo $?
set -o pipefail; false | true; echo $?; set +o pipefail
yes | head -n 1
(yes; echo "yes ended with $?" >&2) 2>ended | head -n 1 >/dev/null; cat ended
echo a | (read x; echo "$x b") | { read y; echo "$y c"; }
i=0; while [ $i -lt 20 ]; do i=$((i + 1)); echo $i; done | while read n; do [ $((n % 7)) -ne 0 ] || echo seven $n; done
head -c 300000 /dev/zero | tr '\0' x | wc -c
echo one | cat | cat | cat | cat | cat | cat | cat | cat
! echo negated | grep -q nothing; echo $?
