/* outcome.c - a table of things to try from inside, and what came of each
 *
 * A line of the table is
 *
 *	NAME WHO FULL LAND VERB [WORD]...
 *
 * WHO is root, user or both; FULL is what full AppArmor makes of it, allowed or refused,
 * "A|B" when Linux 6.1 makes A of it;
 * LAND is the same with Landlock in AppArmor's place: "same", or "wider" where it is
 * allowed, or "narrower" where it is refused: `snapbox debug confinement` must then own
 * up to it, for that place or in a line that holds what follows a colon. {PID} and the like in a
 * word are what the caller says; "apart" before these is for a run without confinement;
 * "full" prints only what is not as FULL says, and fails if there is any.
 * "neither" is for a kernel without AppArmor and Landlock: the same, but for what is then
 * open, of which something must be allowed.
 * Each line is tried in a process of its own.
 */
#include "access.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../snaps/tb-probe/errname.h"

enum { MAX = 16, SIZE = 512, BROKEN = 255 };

/* The values of {NAME}s in text, from NAME=VALUE words. */
static void fill_in(char *text, char **values)
{
	char out[SIZE] = "", *open, *close;

	while ((open = strchr(text, '{')) && (close = strchr(open, '}'))) {
		size_t n = (size_t)(close - open - 1);
		char **v = values;

		while (*v && (strncmp(*v, open + 1, n) || (*v)[n] != '='))
			v++;
		size_t used = strlen(out);
		snprintf(out + used, sizeof out - used, "%.*s%s%s", (int)(open - text), text,
			 *v ? *v + n + 1 : "", close + 1);
		snprintf(text, SIZE, "%s", out);
		*out = '\0';
	}
}

/* Its error, 0 when it worked. apart: with mounts of its own, for who may do anything. */
static int attempt(char **w, bool apart, int (*try)(char **words))
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		alarm(10);
		if (apart && (unshare(CLONE_NEWNS) ||
			      mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL)))
			_exit(BROKEN);
		_exit(try(w));
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		return BROKEN;
	/* killed: by the filter, or for what it tried with itself */
	return WIFEXITED(status) ? WEXITSTATUS(status) : EINTR;
}

int outcome(char **w, int (*try)(char **words))
{
	char line[SIZE];
	const char *who = getuid() ? "user" : "root";
	bool apart = w[1] && !strcmp(w[1], "apart");
	bool full = w[1] && !strcmp(w[1], "full");
	bool neither = w[1] && !strcmp(w[1], "neither"), held = true;
	int others = 0, open = 0;
	FILE *f = fopen(w[0], "re");

	if (!f) {
		perror(w[0]);
		return BROKEN;
	}
	while (fgets(line, sizeof line, f)) {
		char *word[MAX + 1] = {NULL}, *newer;
		int n = 0;

		if (*line == '#' || *line == '\n')
			continue;
		fill_in(line, w + 1);
		for (char *p = strtok(line, " \t\n"); p && n < MAX; p = strtok(NULL, " \t\n"))
			word[n++] = p;
		if (n == 2 && !strcmp(word[0], "part"))
			held = !strcmp(word[1], "held");
		if (n > 2 && (newer = strchr(word[2], '|'))) {
			*newer++ = '\0';
			word[2] = old_kernel ? word[2] : newer;
		}
		if (n < 5 || (strcmp(word[1], "both") && strcmp(word[1], who)))
			continue;
		int code = attempt(word + 4, apart, try);
		if (code == BROKEN)
			return BROKEN;
		if (neither && (!held || *word[3] == 'w')) {
			open += !code && !strcmp(word[2], "refused");
			continue;
		}
		if ((full || neither) && !strcmp(word[2], code ? "refused" : "allowed"))
			continue;
		others++;
		printf("%s %s %s %s %s %s %s\n", word[0], who, word[2], word[3],
		       code ? "refused" : "allowed", code ? errname(code) : "-",
		       word[5] ? word[5] : "-");
		fflush(stdout);
	}
	fclose(f);
	if (neither && !open)
		printf("nothing is open\n");
	return ((full || neither) && others) || (neither && !open);
}
