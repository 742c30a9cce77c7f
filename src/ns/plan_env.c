/* plan_env.c - the environment and the words that an app is started with
 *
 * Computed without privileges, as text only: nothing here opens a file, and no
 * variable steers snapbox itself (attacks.md R02). What steers loaders and shells
 * is dropped, as the kernel's own loader does for privileged programs, so that an
 * app sees the same environment whoever starts it and however.
 */
#include <string.h>

#include "core/buf.h"
#include "core/str.h"
#include "core/vec.h"
#include "ns/plan.h"

#define GIVEN_MAX 8192               /* entries of the caller's that are looked at */
#define GROWN_BYTES_MAX (128 * 1024) /* one value; the kernel takes no longer string */
#define TOTAL_BYTES_MAX (2 * 1024 * 1024)

/* What glibc's loader drops in privileged programs, and what shells read first. */
static const char *const unsafe[] = {
	"BASHOPTS", "BASH_ENV", "ENV", "GCONV_PATH", "GETCONF_DIR", "GLIBC_TUNABLES",
	"HOSTALIASES", "IFS", "LOCALDOMAIN", "LOCPATH", "MALLOC_TRACE", "NIS_PATH", "NLSPATH",
	"PS4", "RESOLV_HOST_CONF", "RES_OPTIONS", "SHELLOPTS", "TEMP", "TEMPDIR", "TMP", "TMPDIR",
	"TZDIR", NULL,
};

struct vars {
	struct arena *arena;
	bool all; /* a classic app is the caller's own program: nothing is dropped */
	VEC(char *) list;
	size_t bytes;
};

static char **find(struct vars *v, const char *name, size_t n)
{
	for (size_t i = 0; i < v->list.len; i++)
		if (!strncmp(v->list.at[i], name, n) && v->list.at[i][n] == '=')
			return &v->list.at[i];
	return NULL;
}

static bool is_wanted(struct vars *v, const char *entry)
{
	size_t n = strcspn(entry, "=");

	if (!n || !entry[n] || find(v, entry, n))
		return false;
	if (v->all)
		return true;
	if (str_starts(entry, "LD_"))
		return false;
	for (size_t i = 0; unsafe[i]; i++)
		if (strlen(unsafe[i]) == n && !memcmp(unsafe[i], entry, n))
			return false;
	return true;
}

static const char *value_of(struct vars *v, const char *name, size_t n)
{
	char **entry = find(v, name, n);

	return entry ? *entry + n + 1 : "";
}

/* The name behind a "$", and *used, the bytes that stand for it. As Go's os.Expand has it,
 * which authors test with: whatever is between braces is one name, so that a shell's
 * ${A:+:$A} is a variable nobody has; "$" before anything else is itself (n 0, used 0). */
static const char *take_name(const char *text, size_t *n, size_t *used)
{
	static const char set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789";

	if (text[1] == '{') {
		const char *end = strchr(text, '}');

		*n = end ? (size_t)(end - text) - 2 : 0;
		*used = end ? *n + 3 : 2;
		return text + 2;
	}
	*n = text[1] && strchr("*#@!?-0123456789", text[1]) ? 1 : strspn(text + 1, set);
	*used = *n ? *n + 1 : 0;
	return text + 1;
}

/* text with $NAME and ${NAME} replaced; NULL when it grows too long. */
static char *expand(struct vars *v, const char *text)
{
	struct buf out = buf_new(v->arena);

	while (*text) {
		size_t plain = strcspn(text, "$"), n, used;

		buf_add(&out, text, plain);
		text += plain;
		if (!*text)
			break;
		const char *name = take_name(text, &n, &used);
		if (text[1] == '$' || !used)
			buf_char(&out, '$');
		else
			buf_str(&out, value_of(v, name, n));
		text += text[1] == '$' ? 2 : used ? used : 1;
		if (out.len > GROWN_BYTES_MAX)
			return NULL;
	}
	return arena_dup(v->arena, buf_text(&out));
}

static bool set(struct vars *v, const char *line)
{
	size_t n = strcspn(line, "=");
	char *value = expand(v, line + n + 1), **old = find(v, line, n);

	if (!value || n + strlen(value) + 2 > GROWN_BYTES_MAX)
		return false;
	char *entry = arena_printf(v->arena, "%.*s=%s", (int)n, line, value);
	v->bytes += strlen(entry);
	if (old)
		*old = entry;
	else
		vec_push(v->arena, &v->list, entry);
	return v->bytes <= TOTAL_BYTES_MAX;
}

char **plan_environment(struct arena *a, const struct plan *p, char *const *given, const char **why)
{
	struct vars v = {.arena = a, .all = p->kind == PLAN_CLASSIC};

	for (size_t i = 0; given[i]; i++) {
		if (i == GIVEN_MAX) {
			*why = "the environment has too many entries";
			return NULL;
		}
		if (is_wanted(&v, given[i]))
			vec_push(a, &v.list, given[i]);
	}
	for (size_t i = 0; i < p->env.len; i++)
		if (!set(&v, p->env.at[i])) {
			*why = arena_printf(a, "%.*s: its value grows too long",
					    (int)strcspn(p->env.at[i], "="), p->env.at[i]);
			return NULL;
		}
	vec_push(a, &v.list, NULL);
	return v.list.at;
}

char **plan_arguments(struct arena *a, const struct plan *p, char *const *env, char *const *words)
{
	struct vars v = {.arena = a};
	VEC(char *) argv = {0};

	for (size_t i = 0; env[i]; i++)
		vec_push(a, &v.list, env[i]);
	for (size_t i = 0; i < p->chain.len; i++)
		vec_push(a, &argv, arena_dup(a, p->chain.at[i]));
	vec_push(a, &argv, arena_dup(a, p->command));
	for (size_t i = 0; i < p->args.len; i++) {
		char *arg = expand(&v, p->args.at[i]);

		if (!arg)
			die("%s: an argument grows too long", p->label);
		if (*arg) /* snapd drops those that turn out empty */
			vec_push(a, &argv, arg);
	}
	for (size_t i = 0; words[i]; i++)
		vec_push(a, &argv, words[i]);
	vec_push(a, &argv, NULL);
	return argv.at;
}
