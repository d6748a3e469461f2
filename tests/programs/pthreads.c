/*
 * pthreads.c - what POSIX threads promise, one line each. An ordinary program: it prints the same on
 * Linux and here, with glibc and with musl.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define N	8
#define ROUNDS	1000

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static pthread_barrier_t barrier;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t key;
static __thread int local = 5;
static int counter, turn, serials, onces, destroyed, cleaned;

/* Run @fn in N threads with 0, 1 ...; returns the sum of what they return. */
static long all(void *(*fn)(void *))
{
	pthread_t t[N];
	void *ret;
	long sum = 0;

	for (long i = 0; i < N; i++) {
		if (pthread_create(&t[i], NULL, fn, (void *)i))
			abort();
	}
	for (int i = 0; i < N; i++) {
		if (pthread_join(t[i], &ret))
			abort();
		sum += (long)ret;
	}
	return sum;
}

static void *square(void *arg)
{
	return (void *)((long)arg * (long)arg);
}

static void *count(void *arg)
{
	for (int i = 0; i < ROUNDS; i++) {
		pthread_mutex_lock(&mutex);
		counter++;
		pthread_mutex_unlock(&mutex);
	}
	return arg;
}

static void *take_turns(void *arg)
{
	for (int round = 0; round < 50; round++) {
		pthread_mutex_lock(&mutex);
		while (turn % N != (long)arg)
			pthread_cond_wait(&cond, &mutex);
		turn++;
		pthread_cond_broadcast(&cond);
		pthread_mutex_unlock(&mutex);
	}
	return NULL;
}

static void *meet(void *arg)
{
	(void)arg;
	for (int round = 0; round < 20; round++) {
		if (pthread_barrier_wait(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD)
			serials++;
	}
	return NULL;
}

static int a, b;

static void *read_and_write(void *arg)
{
	long bad = 0;

	for (int i = 0; i < 200; i++) {
		if (i % 4 == (long)arg % 4) {
			pthread_rwlock_wrlock(&rwlock);
			a++;
			b++;
		} else {
			pthread_rwlock_rdlock(&rwlock);
			bad += a != b;
		}
		pthread_rwlock_unlock(&rwlock);
	}
	return (void *)bad;
}

static void destroy(void *value)
{
	if (value)
		__atomic_fetch_add(&destroyed, 1, __ATOMIC_SEQ_CST);
}

static void *locals(void *arg)
{
	local += (long)arg;
	pthread_setspecific(key, (void *)((long)arg + 1));
	usleep(1000);
	return (void *)(local + (long)pthread_getspecific(key));
}

static void first(void)
{
	onces++;
}

static void *only_once(void *arg)
{
	pthread_once(&once, first);
	return arg;
}

static void clean(void *arg)
{
	cleaned += (long)arg;
}

static void *sleeper(void *arg)
{
	pthread_cleanup_push(clean, (void *)3);
	for (;;)
		pause();
	pthread_cleanup_pop(0);
	return arg;
}

static void *spinner(void *arg)
{
	pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
	for (;;)
		*(volatile int *)arg = 1;
	return NULL;
}

static void cancellation(void)
{
	volatile int spins = 0;
	pthread_t t;
	void *ret;

	pthread_create(&t, NULL, sleeper, NULL);
	usleep(1000);
	pthread_cancel(t);
	pthread_join(t, &ret);
	printf("a thread that sleeps is cancelled: %d, cleaned %d\n", ret == PTHREAD_CANCELED, cleaned);
	pthread_create(&t, NULL, spinner, (void *)&spins);
	while (!spins)
		usleep(1000);
	pthread_cancel(t);
	pthread_join(t, &ret);
	printf("a thread that never stops is cancelled: %d\n", ret == PTHREAD_CANCELED);
}

static void *die_holding(void *lock)
{
	pthread_mutex_lock(lock);
	return NULL;
}

static void robust(pthread_mutex_t *lock, int shared)
{
	pthread_mutexattr_t attr;
	pthread_t t;
	int ret;

	pthread_mutexattr_init(&attr);
	pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST);
	if (shared)
		pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(lock, &attr);
	if (shared) {
		if (fork() == 0) {
			die_holding(lock);
			_exit(0);
		}
		wait(NULL);
	} else {
		pthread_create(&t, NULL, die_holding, lock);
		pthread_join(t, NULL);
	}
	ret = pthread_mutex_lock(lock);
	printf("a robust lock whose %s died: %s", shared ? "process" : "thread",
	       ret == EOWNERDEAD ? "EOWNERDEAD" : strerror(ret));
	ret = pthread_mutex_consistent(lock);
	pthread_mutex_unlock(lock);
	printf(", then %d %d\n", ret, pthread_mutex_lock(lock));
	pthread_mutex_unlock(lock);
}

static void timeouts(void)
{
	struct timespec t;
	sem_t sem;
	int ret;

	clock_gettime(CLOCK_REALTIME, &t);
	t.tv_nsec += 20000000;
	t.tv_sec += t.tv_nsec / 1000000000;
	t.tv_nsec %= 1000000000;
	pthread_mutex_lock(&mutex);
	ret = pthread_cond_timedwait(&cond, &mutex, &t);
	pthread_mutex_unlock(&mutex);
	printf("pthread_cond_timedwait: %s\n", ret == ETIMEDOUT ? "ETIMEDOUT" : strerror(ret));
	sem_init(&sem, 0, 1);
	printf("sem_timedwait: %d", sem_timedwait(&sem, &t));
	printf(" %d", sem_timedwait(&sem, &t));
	printf(" %s\n", errno == ETIMEDOUT ? "ETIMEDOUT" : strerror(errno));
}

static void *fork_in_thread(void *arg)
{
	pid_t pid = fork();
	int status = -1;

	(void)arg;
	if (pid == 0)
		_exit(local);
	waitpid(pid, &status, 0);
	return (void *)(long)WEXITSTATUS(status);
}

int main(void)
{
	pthread_mutex_t *shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	static pthread_mutex_t lock;

	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("create and join: %ld\n", all(square));
	all(count);
	printf("a counter under a mutex: %d\n", counter);
	all(take_turns);
	printf("turns by a condition: %d\n", turn);
	pthread_barrier_init(&barrier, NULL, N);
	all(meet);
	printf("barriers passed: %d\n", serials);
	printf("readers saw a half-written pair: %ld, writes %d\n", all(read_and_write), a);
	pthread_key_create(&key, destroy);
	printf("thread-local variables: %ld, main's %d, destructors %d\n", all(locals), local, destroyed);
	all(only_once);
	printf("pthread_once: %d\n", onces);
	cancellation();
	robust(&lock, 0);
	robust(shared, 1);
	timeouts();
	printf("children of threads: %ld\n", all(fork_in_thread));
	return 0;
}
