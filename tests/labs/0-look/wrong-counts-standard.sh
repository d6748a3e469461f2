# Descriptors 0 to 2 are listed, and the bit maps are shifted by them.
#
# from: solution
# points: 80
# failing: descriptors bitmaps

awk '/^descriptors:/ { $1 = $1 " 0 1 1 1 2 1" } /^bitmaps:/ { $2 = int($2 / 8); $3 = int($3 / 8) } { print }' answers.txt >new && mv new answers.txt
