/*
 * What the socket suites share. The suites beside it call it.
 */
#include "net/ipv4/tcp.h"
#include "tests/kernel/leaks.h"

/* Descriptors of current that are taken, with a file or only reserved. */
static unsigned int open_fds(void)
{
	const struct fdtable *fdt = files_fdtable(current->files);
	unsigned int n = 0;

	for (unsigned int fd = 0; fd < fdt->max_fds; fd++)
		n += test_bit(fd, fdt->open_fds);
	return n;
}

void leaks_begin(struct leaks *before)
{
	struct kmem_cache *cache;
	int i = 0;

	list_for_each_entry(cache, &slab_caches, list) {
		BUG_ON(i == LEAKS_CACHES);
		before->active[i++] = kmem_cache_active(cache);
	}
	before->files = get_nr_files();
	before->fds = open_fds();
	before->net = refcount_read(&init_net.count);
	before->mounts = atomic_read(&sock_mnt->mnt_count);
	before->tcp = atomic_long_read(&tcp_sockets_allocated);
}

static bool same(const char *what, long before, long now)
{
	if (before != now)
		pr_info("# leak: %s: %ld before, %ld now\n", what, before, now);
	return before == now;
}

bool leaks_none(const struct leaks *before)
{
	struct kmem_cache *cache;
	bool ok = true;
	int i = 0;

	list_for_each_entry(cache, &slab_caches, list)
		ok &= same(cache->name, before->active[i++], kmem_cache_active(cache));
	ok &= same("open files", before->files, get_nr_files());
	ok &= same("descriptors", before->fds, open_fds());
	ok &= same("users of init_net", before->net, refcount_read(&init_net.count));
	ok &= same("users of sockfs", before->mounts, atomic_read(&sock_mnt->mnt_count));
	ok &= same("TCP socks", before->tcp, atomic_long_read(&tcp_sockets_allocated));
	return ok;
}

struct kmem_cache *find_cache(const char *name)
{
	struct kmem_cache *cache;

	list_for_each_entry(cache, &slab_caches, list) {
		if (!strcmp(cache->name, name))
			return cache;
	}
	return NULL;
}

void close_fd(int fd)
{
	struct file *file = file_close_fd(fd);

	if (file)
		fput(file);
}

void set_caps(kernel_cap_t caps)
{
	struct cred *new = prepare_creds();

	BUG_ON(!new);
	new->cap_effective = caps;
	commit_creds(new);
}

struct socket *fd_socket(int fd)
{
	struct file *file = fget(fd);
	struct socket *sock = file ? sock_from_file(file) : NULL;

	if (file)
		fput(file);
	return sock;
}
