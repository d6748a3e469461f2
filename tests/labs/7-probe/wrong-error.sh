# A place within a function is EINVAL, not EILSEQ.
#
# from: solution
# points: 94
# failing: refused

sed -i 's/? -EILSEQ : -EINVAL/? -EINVAL : -EINVAL/' kernel/kprobes/kprobe.c
