/* passwd.c - the user database, read without any library */
#include "core/passwd.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/dirs.h"
#include "core/str.h"

/* NAME:x:UID:GID:TEXT:HOME:SHELL without its newline. The home, or NULL. */
static const char *home_in(struct arena *a, char *line, uid_t uid)
{
	char *field[7], *p = line;
	size_t n = 0;
	uint64_t number;

	while (p && n < 7) {
		field[n++] = p;
		p = strchr(p, ':');
		if (p)
			*p++ = '\0';
	}
	if (n != 7 || p || !str_to_u64(field[2], UINT32_MAX - 1, &number) || number != uid)
		return NULL;
	return *field[0] && *field[5] == '/' ? arena_dup(a, field[5]) : NULL;
}

struct source {
	int fd;
	char data[16384];
	size_t len, at, total;
};

static bool refill(struct source *s)
{
	ssize_t n;

	do
		n = s->total < PASSWD_BYTES_MAX ? read(s->fd, s->data, sizeof s->data) : 0;
	while (n < 0 && errno == EINTR);
	s->at = 0;
	s->len = n > 0 ? (size_t)n : 0;
	s->total += s->len;
	return n > 0;
}

/* The next line, or NULL at the end; one that is too long or has a NUL is empty. */
static char *next_line(struct source *s, char line[PASSWD_LINE_MAX])
{
	size_t n = 0;
	bool fits = true, any = false;

	while (s->at < s->len || refill(s)) {
		char c = s->data[s->at++];

		any = true;
		if (c == '\n')
			break;
		if (n == PASSWD_LINE_MAX - 1 || !c)
			fits = false;
		else
			line[n++] = c;
	}
	line[fits ? n : 0] = '\0';
	return any ? line : NULL;
}

const char *passwd_home(struct arena *a, uid_t uid)
{
	struct source s = {.fd = -1};
	char line[PASSWD_LINE_MAX];
	const char *home = NULL;
	struct stat st;

	s.fd = open(arena_printf(a, "%s/etc/passwd", dirs_root()),
		    O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (s.fd >= 0 && !fstat(s.fd, &st) && S_ISREG(st.st_mode))
		while (!home && next_line(&s, line))
			home = home_in(a, line, uid);
	if (s.fd >= 0)
		close(s.fd);
	if (!uid && (!home || !strcmp(home, "/")))
		return "/root";
	return home;
}
