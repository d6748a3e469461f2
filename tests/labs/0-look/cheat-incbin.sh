# Files of the host are named where answers should be; the file is large, and has bytes that are no text.
#
# from: starter
# points: 0
# failing: all

sed -i 's|^\([a-z_]*:\)$|\1 .incbin "/etc/hostname" #include </etc/hostname> $(cat /etc/hostname)|' answers.txt
head -c 100000 /dev/zero | tr '\\0' '\\377' >>answers.txt
printf '\nresults: ' >>answers.txt
head -c 100000 /dev/zero | tr '\\0' 9 >>answers.txt
