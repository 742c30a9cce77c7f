/* sysfilter.c - the system call filter of a label, read first and loaded last */
#include "ns/sysfilter.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/dirs.h"
#include "core/fs.h"

struct sysfilter {
	struct sock_fprog deny, allow;
};

struct head {
	char magic[2];
	uint8_t version, flags, pad[4];
	uint32_t allow_len, deny_len;
	uint8_t reserved[112];
};

struct sysfilter *sysfilter_read(struct arena *a, const char *label)
{
	DOING("filter of", label);
	struct sysfilter *f = NEW(a, struct sysfilter);
	int dir = dirs_open(DIR_SECCOMP);
	const char *name = arena_printf(a, "%s.bin2", label);
	int fd = dir < 0 ? -1 : fs_open(dir, name, O_RDONLY | O_NONBLOCK, 0);
	size_t len;

	if (fd < 0)
		die("%m");
	if (!fs_is_roots(dir) || !fs_is_roots(fd))
		die("not only root could have written it");
	char *data = fs_read_fd(a, fd, 128 + 65536, &len);
	struct head *h = (struct head *)data;
	if (!data || len < sizeof *h || memcmp(h->magic, "SC", 2) || h->version != 1 ||
	    h->flags > 1)
		die("damaged");
	if (h->flags)
		return NULL;
	if (!h->allow_len || !h->deny_len || h->allow_len % 8 || h->deny_len % 8 ||
	    h->allow_len > 32768 || h->deny_len > 32768 || len != 128 + h->allow_len + h->deny_len)
		die("damaged");
	f->allow = (struct sock_fprog){(unsigned short)(h->allow_len / 8), (void *)(data + 128)};
	f->deny = (struct sock_fprog){(unsigned short)(h->deny_len / 8),
				      (void *)(data + 128 + h->allow_len)};
	close(fd);
	close(dir);
	return f;
}

static void load(const struct sock_fprog *p)
{
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_LOG, p))
		die("load the system call filter: %m");
}

void sysfilter_load(const struct sysfilter *f)
{
	if (!f)
		return;
	load(&f->deny);
	load(&f->allow);
}
