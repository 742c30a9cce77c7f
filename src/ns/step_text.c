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
	/* True of every step; snapd writes them. */
	{"rw", 0, STEP_RO},
	{"nosuid", 0, 0},
	{"nodev", 0, STEP_DEV},
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

bool step_path_is_clean(const char *path)
{
	if (path[0] != '/' || !path[1])
		return false;
	for (const char *p = path + 1;; p++) {
		size_t n = strcspn(p, "/");

		if (!n || (n == 1 && *p == '.') || (n == 2 && p[0] == '.' && p[1] == '.'))
			return false;
		p += n;
		if (!*p)
			return true;
	}
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
	if (strcmp(s->type, "tmpfs") || !is_data(word))
		return false;
	s->data = s->data ? arena_printf(a, "%s,%s", s->data, word) : word;
	return true;
}

static bool consistent(const struct step *s)
{
	bool bind = s->flags & STEP_BIND;

	if (!step_path_is_clean(s->dst) || bind == !strcmp(s->src, "none"))
		return false;
	if (bind)
		return !strcmp(s->type, "none") && step_path_is_clean(s->src);
	return !strcmp(s->type, "tmpfs");
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
	if (!step_unescape(field[0]) || !step_unescape(field[1]))
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
	if (s->data)
		buf_printf(out, "%s%s", comma, s->data);
	else if (!*comma)
		buf_str(out, "rw");
	buf_str(out, " 0 0");
}
