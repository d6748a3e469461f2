# One slot is off by one, and the numbers of the deaths are those of the lines of main().
#
# from: solution
# points: 78
# failing: sock_slots deaths

awk '/^sock_slots:/ { $3++ } /^deaths:/ { for (i = 2; i <= NF; i++) $i++ } { print }' answers.txt >new && mv new answers.txt
