/* grammar.c - what the texts of snap.yaml may look like
 *
 * MUST be exact: commands become argument vectors, names become paths, and
 * nothing of it may ever reach a shell (attacks.md A239, A242, A215).
 */
#include "policy/model/grammar.h"

#include <string.h>

#include "core/str.h"

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"
#define WORD LETTERS DIGITS

static bool climbs(const char *s)
{
	for (;;) {
		size_t n = strcspn(s, "/");

		if (n == 2 && s[0] == '.' && s[1] == '.')
			return true;
		if (!s[n])
			return false;
		s += n + 1;
	}
}

bool grammar_inside(const char *s)
{
	for (const unsigned char *p = (const unsigned char *)s; *p; p++)
		if (*p < 0x20 || *p == 0x7f)
			return false;
	return s[strspn(s, "/.")] && !climbs(s);
}

char *grammar_shortest(struct arena *a, const char *s)
{
	char *path = arena_alloc(a, strlen(s) + 1, 1), *out = path;

	while (*s) {
		size_t n = strcspn(s, "/");

		if (n && !(n == 1 && *s == '.')) {
			if (out > path)
				*out++ = '/';
			memcpy(out, s, n);
			out += n;
		}
		s += n + (s[n] == '/');
	}
	return path;
}

bool grammar_command(const char *s)
{
	char first[FIELD_TEXT_MAX + 1];
	size_t n = strcspn(s, " ");

	if (n >= sizeof first || !str_only(s, WORD "/. _#:$-"))
		return false;
	memcpy(first, s, n);
	first[n] = '\0';
	return grammar_inside(first) && !strchr(first, '$');
}

bool grammar_chain(const char *s)
{
	return str_only(s, WORD "/._#:$-") && grammar_inside(s) && !strchr(s, '$');
}

bool grammar_env_key(const char *s)
{
	return *s && !strchr(DIGITS, *s) && strlen(s) <= 128 && str_only(s, WORD "_");
}

/* Words of set with single dots between them. */
static bool dotted(const char *s, const char *set)
{
	for (;;) {
		size_t n = strspn(s, set);

		if (!n)
			return false;
		if (!s[n])
			return true;
		if (s[n] != '.')
			return false;
		s += n + 1;
	}
}

bool grammar_bus_name(const char *s)
{
	return strlen(s) <= 255 && strchr(s, '.') && !strchr(DIGITS, *s) && dotted(s, WORD "_-");
}

bool grammar_id(const char *s)
{
	return strlen(s) <= 255 && *s != '-' && dotted(s, WORD "_-+");
}

bool grammar_desktop(const char *s)
{
	return strlen(s) <= 255 && str_ends(s, ".desktop") && *s != '.' &&
	       str_only(s, WORD "._-+ ");
}

bool grammar_architecture(const char *s)
{
	return *s && strlen(s) <= 32 && str_only(s, "abcdefghijklmnopqrstuvwxyz" DIGITS "-_");
}

bool grammar_assumes(const char *s)
{
	return *s && strlen(s) <= 64 && str_only(s, "abcdefghijklmnopqrstuvwxyz" DIGITS "-._");
}

bool grammar_license(const char *s)
{
	return *s && strlen(s) <= 512 && str_only(s, WORD "-.+() :");
}

bool grammar_exit_status(const char *s)
{
	uint64_t n;

	return str_to_u64(s, 255, &n) && n;
}

bool grammar_epoch(const char *s)
{
	char number[16];
	size_t n = strcspn(s, "*");
	uint64_t value;

	if (n >= sizeof number)
		return false;
	memcpy(number, s, n);
	number[n] = '\0';
	return str_to_u64(number, UINT32_MAX, &value) &&
	       (!s[n] || (value && !strcmp(s + n, "*")));
}

/* --- timers --- */

static const char *const days[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun", NULL};

static bool take_day(const char **s)
{
	for (const char *const *d = days; *d; d++)
		if (str_starts(*s, *d)) {
			*s += 3;
			if (**s >= '1' && **s <= '5')
				(*s)++;
			return true;
		}
	return false;
}

static bool take_clock(const char **s)
{
	unsigned hour = 0, minute = 0;
	size_t n = strspn(*s, DIGITS);

	if (!n || n > 2 || (*s)[n] != ':' || strspn(*s + n + 1, DIGITS) != 2)
		return false;
	for (size_t i = 0; i < n; i++)
		hour = hour * 10 + (unsigned)((*s)[i] - '0');
	*s += n + 1;
	minute = (unsigned)((*s)[0] - '0') * 10 + (unsigned)((*s)[1] - '0');
	*s += 2;
	return minute < 60 && (hour < 24 || (hour == 24 && !minute));
}

/* "mon", "mon1-wed", "9:00", "9:00~11:00/2"; *day says which it was. */
static bool take_span(const char **s, bool *day)
{
	*day = take_day(s);
	if (*day) {
		if (**s != '-')
			return true;
		(*s)++;
		return take_day(s);
	}
	if (!take_clock(s))
		return false;
	if (**s != '-' && **s != '~')
		return true;
	(*s)++;
	if (!take_clock(s))
		return false;
	if (**s != '/')
		return true;
	size_t n = strspn(++*s, DIGITS);
	bool good = n && n < 5 && **s != '0';

	*s += n;
	return good;
}

bool grammar_timer(const char *s)
{
	bool day, clock = false;

	if (strlen(s) > 1024)
		return false;
	for (;;) {
		if (!take_span(&s, &day) || (day && clock))
			return false; /* days come before times */
		clock = !day;
		if (!*s)
			return true;
		if (*s++ != ',')
			return false;
		if (*s == ',') {
			clock = false;
			s++;
		}
	}
}

/* --- sockets --- */

static bool is_port_number(const char *s)
{
	uint64_t n;

	return str_to_u64(s, 65535, &n) && n;
}

static bool is_clean(const char *s)
{
	return grammar_inside(s) && !strstr(s, "//") && !strstr(s, "/./") && !str_ends(s, "/") &&
	       !str_ends(s, "/.");
}

bool grammar_listen(const char *s, const struct app *app)
{
	static const char *const roots[2][4] = {
		[SCOPE_SYSTEM] = {"$SNAP_DATA/", "$SNAP_COMMON/", "$XDG_RUNTIME_DIR/", NULL},
		[SCOPE_USER] = {"$SNAP_USER_DATA/", "$SNAP_USER_COMMON/", "$XDG_RUNTIME_DIR/",
				NULL},
	};
	static const char *const hosts[] = {"127.0.0.1:", "[::1]:", "[::]:", NULL};

	if (strlen(s) > 255)
		return false;
	if (*s == '$') {
		for (const char *const *r = roots[app->scope]; *r; r++)
			if (str_after(s, *r))
				return is_clean(s) && *str_after(s, *r) &&
				       !strchr(str_after(s, *r), '$');
		return false;
	}
	if (*s == '@') {
		const char *rest = str_after(s, "@snap.");

		rest = rest ? str_after(rest, app->snap->name) : NULL;
		return rest && rest[0] == '.' && rest[1] && grammar_inside(s);
	}
	for (const char *const *h = hosts; *h; h++)
		if (str_after(s, *h))
			return is_port_number(str_after(s, *h));
	return is_port_number(s);
}

size_t grammar_characters(const char *s)
{
	size_t n = 0;

	for (; *s; s++)
		n += (*s & 0xc0) != 0x80;
	return n;
}
