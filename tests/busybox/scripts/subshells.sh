# Subshells, functions, expansions.
x=1; (x=2; cd /; echo $x); echo $x
y=$(x=3; echo $x $(echo nested $(echo deep))); echo $y $x
f() { local z=$1; [ $z -le 0 ] || f $((z - 1)); echo -n "$z "; }; f 5; echo
set -- a 'b c' d; echo $#; for i; do echo "<$i>"; done; shift; echo "$*"
v=/path/to/file.txt; echo ${v##*/} ${v%.txt} ${#v} ${v:0:5} ${v/to/from} ${w:-none} ${w:=set} $w
case abc.c in *.h) echo h;; *.[ch]) echo c;; esac
touch a1 a2 b1; echo a* [ab]1 '*' z*
mkdir d; touch d/x d/.y; echo d/* d/.y
i=0; until [ $i = 3 ]; do i=$((i + 1)); [ $i = 2 ] && continue; echo $i; done
IFS=:; set -- 1:2:3; echo $#; v=1:2:3; set -- $v; echo $#; unset IFS
eval 'a=b; echo $a'; alias hi='echo hello'; type cd; command -v ls; (ulimit -n 10; ulimit -n)
printf '%s\n' {a,b} ~ "$((0x1f + 010)) $((7 / 2)) $((1 << 4))"
umask; umask 027; touch u; stat -c %a u; umask 022
echo $(seq 2000 | wc -l) $(head -c 100000 /dev/zero | tr '\0' x | wc -c)
getopts ab: o -a -b x; echo $o; . /busybox/scripts/sourced; echo $sourced
