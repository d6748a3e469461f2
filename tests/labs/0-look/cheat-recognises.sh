# The right answers of a friend, with the friend's .lab.
#
# from: starter
# points: 0
# failing: all

"$(dirname "$0")/../../../labs/0-look/instructor/answers" friend@example.org >answers.txt
sed -i 's/"student": ""/"student": "friend@example.org"/; s/"seed": "[0-9a-f]*"/"seed": "00"/' .lab
