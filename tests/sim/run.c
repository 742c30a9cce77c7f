/* run.c - run the tables of tests/sim on our compiler and simulator
 *
 *	sim FILE...
 *
 * TAP: one test a table, each wrong answer in a comment with its line.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/buf.h"
#include "core/fs.h"
#include "core/str.h"
#include "core/vec.h"
#include "seccomp/compile.h"
#include "seccomp/names.h"
#include "seccomp/resolve.h"
#include "seccomp/sim.h"
#include "seccomp/source.h"

static const struct sc_users users = {
	"root:x:0:0::/root:/bin/sh\ngames:x:5:60::/:\ndaemon:x:584788:584788::/:\n",
	"root:x:0:\ngames:x:60:\ndaemon:x:584788:\n",
};

struct table {
	struct arena *arena;
	const char *path;
	unsigned line, bad, asked;
	struct sc_target target;
	struct sc_compiled filter;
	bool ready;
};

static bool PRINTF(2, 3) wrong(struct table *t, const char *fmt, ...)
{
	va_list ap;

	printf("# %s:%u: ", t->path, t->line);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf("\n");
	t->bad++;
	return false;
}

static void compile(struct table *t, const char *text)
{
	char why[COMPILE_WHY];

	t->ready = compile_text(t->arena, text, strlen(text), t->target, &users, &t->filter, why);
	if (!t->ready)
		wrong(t, "%s", why);
}

static void use_template(struct table *t, char **words)
{
	struct sc_app app = {.apparmor = true, .kernel = t->target.arch, .kernel_major = 6};
	const char **names = NEW_N(t->arena, const char *, 16);
	size_t count = 0;
	char why[SOURCE_WHY];

	app.users = names;
	app.base = "core22";
	for (; *words; words++) {
		app.devmode |= str_eq(*words, "devmode");
		app.jailmode |= str_eq(*words, "jailmode");
		app.classic |= str_eq(*words, "classic");
		app.apparmor &= !str_eq(*words, "noapparmor");
		if (str_starts(*words, "base="))
			app.base = *words + 5;
		if (str_starts(*words, "user=") && count < 15)
			names[count++] = *words + 5;
	}
	const char *text = source_text(t->arena, &app, why);
	if (text)
		compile(t, text);
	else
		wrong(t, "%s", why);
}

static uint32_t answer_of(const struct table *t, const struct seccomp_data *d)
{
	const struct sc_compiled *c = &t->filter;
	uint32_t allow = SECCOMP_RET_ALLOW, deny = SECCOMP_RET_ALLOW;

	if (c->unrestricted)
		return allow;
	if (!sim_run(c->allow.code, c->allow.count, d, c->big, &allow, NULL) ||
	    !sim_run(c->deny.code, c->deny.count, d, c->big, &deny, NULL))
		die("the kernel would not take this program");
	return sim_both(deny, allow);
}

static bool value_of(const struct table *t, const char *word, uint64_t *value)
{
	char *end;
	uint32_t named;

	if (names_find(word, t->target.arch->family, &named)) {
		*value = named;
		return true;
	}
	errno = 0;
	*value = strtoull(word, &end, 0);
	return *word && !*end && !errno;
}

static bool ask(struct table *t, char **words, size_t n)
{
	static const struct {
		const char *name;
		uint32_t answer;
	} answers[] = {
		{"ALLOW", SECCOMP_RET_ALLOW}, {"LOG", SECCOMP_RET_LOG},
		{"EPERM", SECCOMP_RET_ERRNO | EPERM}, {"EACCES", SECCOMP_RET_ERRNO | EACCES},
		{"KILL", SECCOMP_RET_KILL_PROCESS},
	};
	const struct sc_arch *arch = t->target.arch;
	struct seccomp_data d = {0};
	struct sc_number at[SC_NUMBERS];
	char *colon = strchr(words[0], ':');
	const char *call = colon ? colon + 1 : words[0];
	uint64_t number;
	size_t k = 0;

	if (colon) {
		*colon = '\0';
		arch = sc_arch_find(words[0]);
	}
	if (!t->ready || !arch || n < 2 || n > 8)
		return wrong(t, "no filter, no such architecture, or too many words");
	d.arch = arch->audit;
	if (value_of(t, call, &number))
		d.nr = (int)number;
	else if (resolve_name(arch, call, at) > 0 && !at[0].mask)
		d.nr = (int)at[0].nr;
	else
		return wrong(t, "%s is not a call of %s", call, arch->name);
	for (size_t i = 1; i < n - 1; i++)
		if (!value_of(t, words[i], (uint64_t *)&d.args[i - 1]))
			return wrong(t, "%s is not a number", words[i]);
	while (k < sizeof answers / sizeof *answers && !str_eq(answers[k].name, words[n - 1]))
		k++;
	if (k == sizeof answers / sizeof *answers)
		return wrong(t, "%s is not an answer", words[n - 1]);
	uint32_t answer = answer_of(t, &d);
	t->asked++;
	if (answer != answers[k].answer)
		return wrong(t, "%s: %s, not %s", call, sim_name(answer), words[n - 1]);
	return true;
}

static void run_line(struct table *t, const char *line)
{
	VEC(char *) words = {0};
	char *copy = arena_dup(t->arena, line), *save, *word = strtok_r(copy, " \t", &save);

	for (; word; word = strtok_r(NULL, " \t", &save))
		vec_push(t->arena, &words, word);
	size_t n = words.len;
	vec_push(t->arena, &words, NULL);
	if (str_eq(words.at[0], "target")) {
		const struct sc_arch *arch = sc_arch_find(words.at[1]);

		t->target = arch ? sc_target_of(arch, NULL) : t->target;
		if (!arch)
			wrong(t, "no such architecture");
	} else if (str_eq(words.at[0], "template")) {
		use_template(t, words.at + 1);
	} else {
		ask(t, words.at, n);
	}
}

static void run_table(struct table *t)
{
	char *text = fs_read(t->arena, AT_FDCWD, t->path, 1 << 20, NULL);
	struct buf own = buf_new(t->arena);
	bool in_filter = false;

	if (!text)
		die("%s: %m", t->path);
	for (char **line = str_split(t->arena, text, '\n', NULL); *line; line++) {
		if (in_filter && **line != '\t') {
			compile(t, buf_text(&own));
			in_filter = false;
		}
		t->line++;
		if (in_filter) {
			buf_printf(&own, "%s\n", *line + 1);
		} else if (str_eq(*line, "filter")) {
			own = buf_new(t->arena);
			in_filter = true;
		} else if (**line && **line != '#') {
			run_line(t, *line);
		}
	}
}

int main(int argc, char **argv)
{
	unsigned bad = 0;

	printf("1..%d\n", argc - 1);
	for (int i = 1; i < argc; i++) {
		struct table t = {.arena = arena_new(), .path = argv[i]};
		const char *name = strrchr(argv[i], '/');

		run_table(&t);
		if (!t.asked)
			wrong(&t, "nothing was asked");
		printf("%sok %d - %s: %u calls answered as the table says\n", t.bad ? "not " : "", i,
		       name ? name + 1 : argv[i], t.asked);
		bad += t.bad;
		arena_drop(t.arena);
	}
	return bad != 0;
}
