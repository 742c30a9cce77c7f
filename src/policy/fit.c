/* fit.c - what may stand where in a text of policy
 *
 * MUST refuse by default: each place has a list of what is harmless there, and
 * what is on no list is not for strangers to write.
 */
#include "policy/fit.h"

#include <string.h>

#include "core/str.h"

#define WORD "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.+"
#define PLAIN WORD "/:=@~%"                       /* outside of quotes */
#define QUOTED PLAIN " ,#()<>!&|;'`"              /* between quotes */
#define PATTERN "?*[]{}^"                         /* the signs of AppArmor's and udev's patterns */

/* What the line so far says about the place where it ends. */
struct place {
	bool quoted;
	int braces; /* open ones; those of variables close at once */
	int blanks;
	const char *line;
};

static struct place place_of(const struct buf *out)
{
	struct place p = {.line = buf_text(out)};
	const char *newline = strrchr(p.line, '\n');

	if (newline)
		p.line = newline + 1;
	for (const char *s = p.line; *s; s++) {
		p.quoted ^= *s == '"';
		p.braces += (*s == '{') - (*s == '}');
		p.blanks += *s == ' ';
	}
	return p;
}

/* Is every byte in the set? What is no ASCII is a letter somewhere: allowed between quotes. */
static bool only(const char *value, const char *set, bool letters)
{
	for (const char *s = value; *s; s++)
		if (!strchr(set, *s) && !(letters && (unsigned char)*s >= 0x80))
			return false;
	return true;
}

static bool fits_apparmor(const struct place *p, const char *value, bool pattern, const char *rest)
{
	size_t n = strlen(value);

	if (strstr(value, "@{") || (n && value[n - 1] == '@' && *rest == '{'))
		return false; /* a variable */
	if (p->braces && strchr(value, ','))
		return false;
	if (!p->quoted)
		return only(value, PLAIN, false);
	return only(value, pattern ? QUOTED PATTERN : QUOTED, true);
}

static bool fits_udev(const struct place *p, enum backend k, const char *value, bool pattern)
{
	if (k == BACK_UDEV && strchr(value, '%'))
		return false; /* what udev fills in, where something is assigned */
	if (!p->quoted) /* ATTR{power/control}, or a number */
		return only(value, p->braces ? WORD "/" : WORD, false);
	if (strpbrk(value, pattern ? "{}" : "{}|"))
		return false; /* |: one or the other */
	return only(value, pattern ? QUOTED PATTERN : QUOTED, true);
}

/* Behind "options NAME " comes the rest of the line, which modprobe hands on as it is. */
static bool fits_modprobe(const struct place *p, const char *value)
{
	if (!str_starts(p->line, "options ") || p->blanks < 2)
		return only(value, WORD, false);
	return only(value, QUOTED PATTERN "\"$^", true);
}

static bool fits(const struct place *p, enum backend k, const char *value, bool pattern,
		 const char *rest)
{
	switch (k) {
	case BACK_APPARMOR:
	case BACK_UPDATE_NS:
		return fits_apparmor(p, value, pattern, rest);
	case BACK_UDEV:
	case BACK_DEVICE:
		return fits_udev(p, k, value, pattern);
	case BACK_MOUNT:
	case BACK_USER_MOUNT:
		return only(value, QUOTED, true) && (p->blanks < 3 || !strpbrk(value, ", "));
	case BACK_SECCOMP:
	case BACK_KMOD:
		return only(value, WORD, false);
	case BACK_MODPROBE:
		return fits_modprobe(p, value);
	case BACK_DBUS:
		return only(value, p->quoted ? PLAIN " ,#()!|;" : WORD, p->quoted);
	case BACK_COUNT:
		break;
	}
	return false;
}

bool fit_add(struct buf *out, enum backend k, const char *value, bool pattern, const char *rest)
{
	struct place p = place_of(out);

	if (!fits(&p, k, value, pattern, rest))
		return false;
	if (k != BACK_MOUNT && k != BACK_USER_MOUNT) {
		buf_str(out, value);
		return true;
	}
	for (; *value; value++)
		buf_str(out, *value == ' ' ? "\\040" : (char[]){*value, '\0'});
	return true;
}
