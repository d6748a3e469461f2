/*
 * tty_async.c - terminals that tell by SIGIO that they can be read or written.
 */
#include "pty.h"

#include <stdlib.h>

static volatile int calls, band;

static void count(int sig, siginfo_t *info, void *unused)
{
	(void)sig;
	(void)unused;
	calls++;
	band = info->si_code > 0 ? info->si_code : 0;
}

static void tell(const char *what)
{
	sleep_ms(40);
	line("%s: %s%s%s", what, calls ? "SIGIO" : "nothing", band == POLL_IN ? " POLL_IN" : "",
	     band == POLL_OUT ? " POLL_OUT" : "");
	calls = band = 0;
}

static void raw(void)
{
	struct settings s = get_settings(slave);

	s.iflag = s.oflag = s.lflag = 0;
	set_settings(slave, &s);
}

static void owners(void)
{
	line("[owners]");
	line("at first: %s", text(sys(fcntl, slave, F_GETOWN, 0)));
	show(fcntl, slave, F_SETFL, O_RDWR | O_ASYNC);
	line("then: %s", sys(fcntl, slave, F_GETOWN, 0) == sys(getpid) ? "this process" : "another");
	show(fcntl, slave, F_SETFL, O_RDWR);
	show(ioctl, slave, FIOASYNC, (int[1]){ 1 });
	show_octal(fcntl, slave, F_GETFL, 0);
	show(ioctl, slave, FIOASYNC, (int[1]){ 0 });
	show_octal(fcntl, slave, F_GETFL, 0);
}

static void events(void)
{
	static char many[3000], buf[4096];
	long pid = sys(getpid), n;

	line("[events]");
	raw();
	show(fcntl, slave, F_SETFL, O_RDWR | O_ASYNC | O_NONBLOCK);
	show(fcntl, slave, 10 /* F_SETSIG */, SIGIO);
	CHECK(sys(fcntl, slave, F_SETOWN, pid) == 0);
	type("a");
	tell("a character");
	type("bc");
	tell("two more");
	set_flags(0, 0, ICANON_);
	sleep_ms(20);
	calls = band = 0;
	type("half");
	tell("half a line");
	type("\n");
	tell("its end");
	raw();
	while ((n = sys(write, slave, many, sizeof(many))) > 0)
		;
	tell("a write for which there is no room");
	while (ready(master, POLLIN, 40) & POLLIN && sys(read, master, buf, sizeof(buf)) > 0)
		;
	tell("room");
	show(fcntl, slave, F_SETFL, O_RDWR);
	type("d");
	tell("not any more");
	forget();
}

static void ends(void)
{
	line("[ends]");
	CHECK(sys(fcntl, slave, F_SETFL, O_RDWR | O_ASYNC) == 0);
	show(ioctl, slave, TIOCVHANGUP, 0);
	show_octal(fcntl, slave, F_GETFL, 0);
	show(fcntl, slave, F_SETFL, O_RDWR | O_ASYNC);
	tell("hung up");
}

int main(void)
{
	struct sigaction action = { .sa_sigaction = count, .sa_flags = SA_SIGINFO | SA_RESTART };

	close_inherited();
	CHECK(sigaction(SIGIO, &action, NULL) == 0);
	open_pair();
	owners();
	events();
	ends();
	close_pair();
	return verdict();
}
