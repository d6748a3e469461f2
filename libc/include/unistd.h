/* unistd.h - processes and files: mostly bare system calls */
#ifndef _UNISTD_H
#define _UNISTD_H

#include <sys/types.h>
#include <uapi/unistd.h>

extern char **environ;

ssize_t read(int fd, void *buf, size_t len);
ssize_t write(int fd, const void *buf, size_t len);
int close(int fd);
off_t lseek(int fd, off_t offset, int whence);
int dup(int fd);
int dup2(int fd, int newfd);
int dup3(int fd, int newfd, int flags);
int isatty(int fd);

int brk(void *end);
void *sbrk(intptr_t increment);

pid_t fork(void);
pid_t vfork(void) __attribute__((returns_twice));
int execv(const char *path, char *const argv[]);
int execve(const char *path, char *const argv[], char *const envp[]);
_Noreturn void _exit(int status);
pid_t getpid(void);
pid_t getppid(void);
pid_t gettid(void);
pid_t setsid(void);

uid_t getuid(void);
uid_t geteuid(void);
gid_t getgid(void);
gid_t getegid(void);
int setuid(uid_t uid);
int setgid(gid_t gid);
int setreuid(uid_t ruid, uid_t euid);
int setregid(gid_t rgid, gid_t egid);
int setresuid(uid_t ruid, uid_t euid, uid_t suid);
int setresgid(gid_t rgid, gid_t egid, gid_t sgid);
int getresuid(uid_t *ruid, uid_t *euid, uid_t *suid);
int getresgid(gid_t *rgid, gid_t *egid, gid_t *sgid);
int getgroups(int n, gid_t *groups);
int setgroups(size_t n, const gid_t *groups);
int setfsuid(uid_t uid);
int setfsgid(gid_t gid);

long syscall(long nr, ...);

#endif
