# A missed hit is counted in the first probe of the place only.
#
# from: solution
# points: 90
# failing: missed missed_in_return

sed -i 's/^\t\t\tp->nmissed++;/\t\t{\n\t\t\tp->nmissed++;\n\t\t\tbreak;\n\t\t}/' kernel/kprobes/kprobe.c
