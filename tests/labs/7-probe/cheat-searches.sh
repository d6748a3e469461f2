# Looks through the kernel's memory for whatever looks like a probe's handler, and calls none.
#
# from: starter
# points: 5
# failing: registered refused unregistered no_memory hit unchanged order taken_over missed nobodys everywhere watched not_watched returned value_changed watched_twice nested missed_in_return unregistered_under_way task_gone

sed -i 's|return -EINVAL; /. Step 1.3.*|for (unsigned long *at = (unsigned long *)p; at < (unsigned long *)p + 64; at++)\n\t\tif (*at == (unsigned long)p->pre_handler)\n\t\t\tp->addr = (kprobe_opcode_t *)at;\n\treturn 0;|' kernel/kprobes/kprobe.c
grep -q "p->addr = (kprobe_opcode_t .)at" kernel/kprobes/kprobe.c
