/* quote.c - values of snaps in the text of AppArmor policy */
#include "policy/quote.h"

#include <string.h>

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

bool quote_is_name(const char *s)
{
	return *s && !s[strspn(s, LETTERS "._+-")];
}

static bool means_itself(unsigned char c)
{
	return c >= 0x80 || (c && strchr(LETTERS "/._+-:~=%,# '()!&;", c));
}

bool quote_is_path(const char *s)
{
	if (*s != '/')
		return false;
	for (const char *p = s; *p; p++)
		if (!means_itself((unsigned char)*p))
			return false;
	if (!s[1])
		return true;
	while (*s == '/') {
		size_t n = strcspn(++s, "/");

		if (!n || (n <= 2 && strspn(s, ".") >= n))
			return false;
		s += n;
	}
	return true;
}

void quote_name(struct buf *out, const char *name)
{
	if (!quote_is_name(name))
		die("\"%s\" is no name that can stand in policy", name);
	buf_str(out, name);
}

void quote_path(struct buf *out, const char *path, const char *after)
{
	if (!quote_is_path(path))
		die("\"%s\" is no path that can stand in policy", path);
	buf_printf(out, "\"%s%s\"", path, after);
}
