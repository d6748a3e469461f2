# Tools together: archives, trees, comparisons.
mkdir -p tree/a/b tree/c; seq 1000 >tree/a/n; ln -s n tree/a/l; echo x >tree/c/x; chmod 751 tree/c
tar czf t.tgz tree; mkdir copy; tar xzf t.tgz -C copy; diff -r tree copy/tree && echo same; stat -c %a copy/tree/c
find tree -type f | xargs cat | md5sum; find tree | cpio -o -H newc 2>/dev/null | cpio -t 2>/dev/null | sort
cp -r tree more; echo changed >>more/c/x; diff -r tree more; cmp tree/c/x more/c/x
sed -n '/99/p' tree/a/n | awk '{ s += $1 } END { print NR, s }'; grep -c 5 tree/a/n; sort -rn tree/a/n | uniq | head -n 1
dd if=tree/a/n bs=100 count=2 2>/dev/null | tail -n 1; split=$(wc -l <tree/a/n); echo $split
ls -lR tree | awk '{ print $1 }' | sort | uniq -c; du -s tree >/dev/null; echo $?
find . -name '*.tgz' -exec rm {} ';'; rm -r copy more; ls; rm -rf tree; ls
ps | awk 'NR > 1 { n++ } END { print n > 0 }'; mount | grep -c ' / '; dmesg >/dev/null; echo $?
cat /proc/self/comm; cd /proc/self; [ -e exe ] && readlink exe | sed 's/.*\///'; cat /proc/mounts | wc -l | grep -c .
