# Redirections, in their order.
echo out >f; echo more >>f; cat <f
ls nothing 2>err; cat err
{ echo to out; echo to err >&2; } >both 2>&1; sort both
{ echo to out; echo to err >&2; } 2>&1 >half | cat; cat half
exec 3>f; echo three >&3; exec 3>&-; cat f
echo x >&3; echo $?
set -C; echo again >f; echo $?; echo again >|f; cat f; set +C
cat 0<f
: >f; wc -c f
read a b <<X
first second third
X
echo "$a/$b"
exec 4<>f; echo rw >&4; exec 4>&-; cat f
cat <nothing; echo $?
echo x >/nothing/f; echo $?
