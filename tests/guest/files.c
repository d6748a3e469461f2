/*
 * files.c - a program that uses files by the C library: a directory of its own in /tmp, a stream, a look around.
 *
 * Prints what it finds, the same on any Linux. tests/host/exec.t builds it with both C libraries.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int names_in(const char *path)
{
	DIR *dir = opendir(path);
	int n = 0;

	for (struct dirent *entry; dir && (entry = readdir(dir)); n++)
		if (entry->d_name[0] != '.')
			printf("name %s\n", entry->d_name);
	return dir && !closedir(dir) ? n : -1;
}

int main(void)
{
	char folder[] = "/tmp/files-XXXXXX", first[64] = "", bytes[100] = "", zeros[100] = "";
	FILE *file = fopen("/etc/passwd", "r");
	struct stat st;

	if (!file || !fgets(first, sizeof(first), file) || fclose(file))
		return 1;
	first[8] = '\0';
	printf("passwd begins with %s\n", first);
	file = fopen("/dev/urandom", "r");
	if (!file || fread(bytes, 1, sizeof(bytes), file) != sizeof(bytes) || fclose(file))
		return 2;
	printf("urandom gives %s\n", memcmp(bytes, zeros, sizeof(bytes)) ? "something" : "zeros");
	if (!mkdtemp(folder) || chdir(folder))
		return 3;
	file = fopen("text", "w+");
	if (!file || fprintf(file, "one %d\n", 2) != 6 || fflush(file))
		return 4;
	rewind(file);
	printf("read %zu: %.6s", fread(bytes, 1, sizeof(bytes), file), bytes);
	if (fclose(file) || symlink("text", "link"))
		return 5;
	if (stat("link", &st) || !S_ISREG(st.st_mode) || lstat("text", &st))
		return 7;
	printf("%ld bytes\n", (long)st.st_size);
	printf("access %d %d\n", access("text", R_OK), access("missing", F_OK));
	printf("pwrite %zd\n", pwrite(0, "x", 1, 0));
	printf("%d names\n", names_in("."));
	printf("remove %d %d\n", remove("link"), unlink("text"));
	return chdir("/") || rmdir(folder) ? 6 : 0;
}
