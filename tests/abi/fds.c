/*
 * fds.c - descriptor numbers: lowest free first, dup and fcntl, close-on-exec, limits, growth.
 */
#include "abi.h"

#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/resource.h>
#include <sys/socket.h>

static long new_socket(int flags)
{
	return sys(socket, AF_INET, SOCK_STREAM | flags, 0);
}

static void close_all(int first, int last)
{
	for (int fd = first; fd <= last; fd++)
		CHECK(sys(close, fd) == 0);
}

static void numbering(void)
{
	line("[numbering]");
	for (int i = 0; i < 3; i++)
		show(socket, AF_INET, SOCK_STREAM, 0);
	show(close, 4);
	show(close, 4);
	show(dup, 3);
	show(close, 3);
	show(close, 4);
	show(socket, AF_INET, SOCK_STREAM, 0);
	show(dup, 5);
	show(socket, AF_INET, SOCK_STREAM, 17);
	show(socket, AF_INET, SOCK_STREAM, 0);
	close_all(3, 6);
	show(close, 7);
	show(close, -1);
	show(close, 1000000);
}

static void duplicates(void)
{
	line("[dup2, dup3]");
	show(socket, AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	show(dup2, 3, 3);
	show(fcntl, 3, F_GETFD);
	show(dup2, 3, 10);
	show(fcntl, 10, F_GETFD);
	show(dup2, 3, 10);
	show(dup, 10);
	show(fcntl, 4, F_GETFD);
	show(dup2, 99, 99);
	show(dup2, 99, 3);
	show(fcntl, 3, F_GETFD);
	show(dup2, 3, -1);
	show(dup2, 3, 10000000);
	show(dup3, 3, 3, 0);
	show(dup3, 99, 99, 0);
	show(dup3, 99, 5, 0);
	show(dup3, 3, 5, O_NONBLOCK);
	show(dup3, 3, 5, O_CLOEXEC);
	show(fcntl, 5, F_GETFD);
	show(dup3, 3, 5, 0);
	show(fcntl, 5, F_GETFD);
	show(dup, 99);
	close_all(3, 5);
	close_all(10, 10);
}

static void control(void)
{
	line("[fcntl]");
	show(socket, AF_INET, SOCK_STREAM, 0);
	show(fcntl, 3, F_DUPFD, 7);
	show(fcntl, 3, F_DUPFD, 7);
	show(fcntl, 3, F_DUPFD_CLOEXEC, 0);
	show(fcntl, 4, F_GETFD);
	show(fcntl, 3, F_DUPFD, -1);
	show(fcntl, 3, F_DUPFD, 10000000);
	show(fcntl, 3, F_SETFD, FD_CLOEXEC);
	show(fcntl, 3, F_GETFD);
	show(fcntl, 7, F_GETFD);
	show(fcntl, 3, F_SETFD, 2);
	show(fcntl, 3, F_GETFD);
	show(fcntl, 3, F_SETFL, O_NONBLOCK);
	show_octal(fcntl, 3, F_GETFL);
	show_octal(fcntl, 7, F_GETFL);
	show(fcntl, 3, F_SETFL, O_WRONLY | O_CREAT | O_APPEND);
	show_octal(fcntl, 3, F_GETFL);
	show(fcntl, 3, 9999, 0);
	show(fcntl, 99, 9999, 0);
	show(fcntl, 99, F_GETFD);
	close_all(3, 4);
	close_all(7, 8);
}

/* Executed with argument "after-exec": which descriptors are open still? */
static int after_exec(void)
{
	show(fcntl, 3, F_GETFD);
	show(fcntl, 4, F_GETFD);
	show(fcntl, 100, F_GETFD);
	show(fcntl, 130, F_GETFD);
	show(fcntl, 131, F_GETFD);
	return 0;
}

static int exec_again(void *path)
{
	char *argv[] = { path, "after-exec", NULL };
	char *envp[] = { NULL };

	CHECK(new_socket(SOCK_CLOEXEC) == 3);
	CHECK(new_socket(0) == 4);
	CHECK(sys(dup2, 4, 100) == 100);
	CHECK(sys(dup3, 4, 130, O_CLOEXEC) == 130);
	CHECK(sys(fcntl, 4, F_DUPFD, 131) == 131);
	return (int)-sys(execve, path, argv, envp);
}

static int close_three(void *unused)
{
	(void)unused;
	return sys(close, 3) || sys(fcntl, 4, F_SETFD, FD_CLOEXEC);
}

static void across_processes(void)
{
	line("[exec, fork]");
	try("after exec", exec_again, (void *)getauxval(AT_EXECFN));
	CHECK(new_socket(0) == 3);
	CHECK(new_socket(0) == 4);
	try("the child closes 3 and sets FD_CLOEXEC on 4", close_three, NULL);
	show(close, 3);
	show(fcntl, 4, F_GETFD);
	show(close, 4);
}

static void limit_descriptors(unsigned long soft)
{
	struct rlimit limit;

	CHECK(sys(getrlimit, RLIMIT_NOFILE, &limit) == 0);
	limit.rlim_cur = soft;
	CHECK(sys(setrlimit, RLIMIT_NOFILE, &limit) == 0);
}

static int table_full(void *unused)
{
	(void)unused;
	limit_descriptors(16);
	while (new_socket(0) >= 0)
		continue;
	show(fcntl, 15, F_GETFD);
	show(socket, AF_INET, SOCK_STREAM, 0);
	show(socket, 46, SOCK_STREAM, 0);
	show(socket, AF_INET, SOCK_STREAM, 17);
	show(socket, AF_INET, 11, 0);
	show(socket, AF_INET, 17, 0);
	show(dup, 3);
	show(fcntl, 3, F_DUPFD, 5);
	show(fcntl, 3, F_DUPFD, 16);
	show(open, "/", O_RDONLY);
	show(open, "/no/such/file", O_RDONLY);
	show(dup2, 3, 16);
	show(dup2, 3, 15);
	show(dup3, 3, 16, 0);
	show(dup2, 16, 16);
	show(close, 9);
	show(socket, AF_INET, SOCK_STREAM, 0);
	show(socket, AF_INET, SOCK_STREAM, 0);
	return failures;
}

static int limit_lowered(void *unused)
{
	(void)unused;
	for (int fd = 3; fd < 16; fd++)
		CHECK(new_socket(0) == fd);
	limit_descriptors(8);
	show(fcntl, 12, F_GETFD);
	show(dup2, 12, 7);
	show(dup2, 12, 12);
	show(dup2, 12, 13);
	show(close, 12);
	show(socket, AF_INET, SOCK_STREAM, 0);
	limit_descriptors(0);
	show(close, 3);
	show(socket, AF_INET, SOCK_STREAM, 0);
	show(dup2, 4, 4);
	return failures;
}

static int growth(void *unused)
{
	static const int seen[] = { 63, 64, 65, 127, 128, 255, 256, 257, 299 };
	long fd = 0;

	(void)unused;
	limit_descriptors(1024);
	while (fd >= 0 && fd < 299)
		fd = new_socket(0);
	for (size_t i = 0; i < ARRAY_SIZE(seen); i++)
		CHECK(sys(fcntl, seen[i], F_GETFL) == O_RDWR);
	line("297 sockets, the last: %s", text(fd));
	show(dup2, 3, 1000);
	show(fcntl, 3, F_DUPFD, 1000);
	show(dup2, 3, 1023);
	show(dup2, 3, 1024);
	show(fcntl, 3, F_DUPFD, 1023);
	show(close, 200);
	show(close, 64);
	show(close, 256);
	for (int i = 0; i < 4; i++)
		show(socket, AF_INET, SOCK_STREAM, 0);
	return failures;
}

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "after-exec"))
		return after_exec();
	close_inherited();
	numbering();
	duplicates();
	control();
	across_processes();
	line("[the table is full: limit 16]");
	CHECK(in_child(table_full, NULL) == 0);
	line("[limit lowered below what is open: 8, then 0]");
	CHECK(in_child(limit_lowered, NULL) == 0);
	line("[growth]");
	CHECK(in_child(growth, NULL) == 0);
	return verdict();
}
