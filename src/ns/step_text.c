/* step_text.c - the text form of a step: one line of fstab(5)
 *
 * The reader MUST refuse whatever it does not know: text can only ask for less
 * than a step of step_base may do.
 */
#include "ns/step.h"

#include <string.h>

#include "core/str.h"

#define LINE_BYTES_MAX 8192
#define FIELDS 6

static const struct word {
	const char *word;
	unsigned set, clash; /* flags it stands for; flags it cannot stand beside */
} words[] = {
	{"bind", STEP_BIND, STEP_BIND},
	{"rbind", STEP_BIND | STEP_REC, STEP_BIND},
	{"ro", STEP_RO, STEP_RO},
	{"dev", STEP_DEV, STEP_DEV},
	{"noexec", STEP_NOEXEC, STEP_NOEXEC},
	{"rslave", STEP_SLAVE, STEP_SLAVE | STEP_PRIVATE},
	{"rprivate", STEP_PRIVATE, STEP_SLAVE | STEP_PRIVATE},
	{"x-snapd.ignore-missing", STEP_OPTIONAL, STEP_OPTIONAL},
	{"x-snapd.kind=file", STEP_FILE, STEP_FILE | STEP_LINK},
	{"x-snapd.kind=symlink", STEP_LINK, STEP_FILE | STEP_LINK},
	{"x-snapd.origin=layout", STEP_LAYOUT, STEP_LAYOUT | STEP_OVERNAME},
	{"x-snapd.origin=overname", STEP_OVERNAME, STEP_LAYOUT | STEP_OVERNAME},
	/* True of every step; snapd writes them. */
	{"rw", 0, STEP_RO},
	{"nosuid", 0, 0},
	{"nodev", 0, STEP_DEV},
	{"x-snapd.detach", 0, 0}, /* how snapd undoes it */
};

#define WORDS (sizeof words / sizeof words[0])

static bool octal3(const char *s, unsigned *value)
{
	*value = 0;
	for (int i = 0; i < 3; i++) {
		if (s[i] < '0' || s[i] > '7')
			return false;
		*value = *value * 8 + (unsigned)(s[i] - '0');
	}
	return true;
}

bool step_unescape(char *s)
{
	char *to = s;
	unsigned value;

	for (; *s; s++) {
		if (*s == '\\') {
			if (!octal3(s + 1, &value) || !value || value > 0xff ||
			    !strchr(" \t\n\\", (int)value))
				return false;
			*to++ = (char)value;
			s += 3;
		} else {
			*to++ = *s;
		}
	}
	*to = '\0';
	return true;
}

/* "mode=0755" and the like, for a tmpfs; values are canonical numbers. */
static bool is_data(const char *word)
{
	static const struct {
		const char *key, *set;
	} known[] = {
		{"mode=", "01234567"},
		{"uid=", "0123456789"},
		{"gid=", "0123456789"},
		{"size=", "0123456789kmg%"},
	};

	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
		const char *value = str_after(word, known[i].key);

		if (value)
			return *value && strlen(value) <= 12 && str_only(value, known[i].set);
	}
	return false;
}

static bool read_number(const char *text, unsigned base, unsigned max, unsigned *out)
{
	const char *p = text;

	for (*out = 0; *p >= '0' && *p < (char)('0' + base); p++) {
		*out = *out * base + (unsigned)(*p - '0');
		if (*out > max)
			return false;
	}
	/* One way to write each: 0 is what is not written. */
	return !*p && *out && (base == 8 ? text[0] == '0' && text[1] != '0' : text[0] != '0');
}

/* The words of snapd that have a value, each once. */
static bool read_value(struct step *s, const char *word)
{
	const char *value;

	if ((value = str_after(word, "x-snapd.mode=")))
		return !s->mode && read_number(value, 8, 01777, &s->mode);
	if ((value = str_after(word, "x-snapd.uid=")))
		return !s->uid && read_number(value, 10, 65535, &s->uid);
	if ((value = str_after(word, "x-snapd.gid=")))
		return !s->gid && read_number(value, 10, 65535, &s->gid);
	if ((value = str_after(word, "x-snapd.symlink=")) && !s->link) {
		s->link = value;
		return *value;
	}
	return false;
}

static bool read_option(struct arena *a, struct step *s, const char *word, unsigned *seen)
{
	for (size_t i = 0; i < WORDS; i++) {
		if (strcmp(words[i].word, word))
			continue;
		if (*seen & 1u << i || s->flags & words[i].clash)
			return false;
		*seen |= 1u << i;
		s->flags |= words[i].set;
		return true;
	}
	if (str_starts(word, "x-snapd."))
		return read_value(s, word);
	if (strcmp(s->type, "tmpfs") || !is_data(word))
		return false;
	s->data = s->data ? arena_printf(a, "%s,%s", s->data, word) : word;
	return true;
}

static bool is_link(const struct step *s)
{
	return s->flags & STEP_LINK && s->link && !(s->flags & (STEP_BIND | STEP_FILE)) &&
	       !strcmp(s->src, "none") && !strcmp(s->type, "none") && str_is_path(s->link);
}

static bool consistent(const struct step *s)
{
	bool file = s->flags & STEP_FILE;

	if (!str_is_path(s->dst))
		return false;
	if (s->flags & STEP_LINK || s->link)
		return is_link(s);
	if (s->flags & STEP_BIND)
		return !strcmp(s->type, "none") && str_is_path(s->src) &&
		       !(file && s->flags & STEP_REC);
	return !strcmp(s->type, "tmpfs") && !file &&
	       (!strcmp(s->src, "none") || !strcmp(s->src, "tmpfs"));
}

/* Exactly FIELDS fields, apart by blanks or tabs. */
static bool split(char *line, char *field[FIELDS])
{
	size_t n = 0;
	char *save;

	for (char *f = strtok_r(line, " \t", &save); f; f = strtok_r(NULL, " \t", &save)) {
		if (n == FIELDS)
			return false;
		field[n++] = f;
	}
	return n == FIELDS;
}

bool step_parse(struct arena *a, const char *line, struct step *out, const char **why)
{
	char *field[FIELDS];
	unsigned seen = 0;

	*why = "not a line of six fields";
	if (strlen(line) > LINE_BYTES_MAX || strchr(line, '\n') ||
	    !split(arena_dup(a, line), field))
		return false;
	*why = "wrong escape in a path";
	if (!step_unescape(field[0]) || !step_unescape(field[1]) || !step_unescape(field[3]))
		return false;
	*out = (struct step){.src = field[0], .dst = field[1], .type = field[2]};
	char **options = str_split(a, field[3], ',', NULL);
	for (; *options; options++)
		if (!read_option(a, out, *options, &seen)) {
			*why = arena_printf(a, "option \"%s\" is unknown or out of place",
					    *options);
			return false;
		}
	*why = "the last two fields are not 0";
	if (strcmp(field[4], "0") || strcmp(field[5], "0"))
		return false;
	*why = "source, target, type and options do not fit together";
	return consistent(out);
}

void step_print_path(struct buf *out, const char *path)
{
	for (; *path; path++)
		if (strchr(" \t\n\\", *path))
			buf_printf(out, "\\%03o", (unsigned char)*path);
		else
			buf_char(out, *path);
}

/* The values come behind the words. */
static void print_values(struct buf *out, const struct step *s, const char **comma)
{
	if (s->link) {
		buf_printf(out, "%sx-snapd.symlink=", *comma);
		step_print_path(out, s->link);
		*comma = ",";
	}
	if (s->mode) {
		buf_printf(out, "%sx-snapd.mode=%#o", *comma, s->mode);
		*comma = ",";
	}
	if (s->uid) {
		buf_printf(out, "%sx-snapd.uid=%u", *comma, s->uid);
		*comma = ",";
	}
	if (s->gid) {
		buf_printf(out, "%sx-snapd.gid=%u", *comma, s->gid);
		*comma = ",";
	}
	if (s->data) {
		buf_printf(out, "%s%s", *comma, s->data);
		*comma = ",";
	}
}

void step_print(struct buf *out, const struct step *s)
{
	const char *comma = "";

	step_print_path(out, s->src);
	buf_char(out, ' ');
	step_print_path(out, s->dst);
	buf_printf(out, " %s ", s->type);
	for (size_t i = 0; i < WORDS; i++) {
		bool is_plain = words[i].set == STEP_BIND && s->flags & STEP_REC;

		if (!words[i].set || is_plain || (s->flags & words[i].set) != words[i].set)
			continue;
		buf_printf(out, "%s%s", comma, words[i].word);
		comma = ",";
	}
	print_values(out, s, &comma);
	if (!*comma)
		buf_str(out, "rw");
	buf_str(out, " 0 0");
}
