# Here-documents.
x=value
cat <<END
x is $x, $((1 + 1)), $(echo sub), \$x
END
cat <<'END'
x is $x, $((1 + 1))
END
cat <<-END
	tabs go
	END
cat <<A; cat <<B
a
A
b
B
f() { cat <<END
in a function: $1
END
}
f arg
i=0
while read line; do i=$((i + 1)); echo "$i $line"; done <<END
one
two
END
awk 'BEGIN { for (i = 0; i < 3000; i++) print "line of a long here-document" }' >long
{ echo 'wc -c <<END'; cat long; echo END; } >script; sh script
