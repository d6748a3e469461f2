# After a function was taken over, current_kprobe stays set.
#
# from: solution
# points: 95
# failing: taken_over

sed -i 's/^\tif (!run_pre_handlers(site, regs))/\tif (run_pre_handlers(site, regs))\n\t\treturn true;\n\telse/' kernel/kprobes/kprobe.c
