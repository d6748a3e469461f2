# Only the first three questions are answered, the last lines are missing.
#
# from: solution
# points: 28
# failing: inodes socket_slots sock_slots objects entered deaths callers

head -n 3 answers.txt >new && mv new answers.txt
