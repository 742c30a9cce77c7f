/* follow.c - policy follows the kernel */
#include "applets/lib/follow.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "applets/lib/here.h"
#include "applets/lib/profiles.h"
#include "applets/lib/progress.h"
#include "applets/lib/renew.h"
#include "applets/lib/settle.h"
#include "core/dirs.h"
#include "core/fs.h"
#include "core/proc.h"
#include "core/str.h"

#define FACTS "host" /* in DIR_STATE */

/* One snap, in a child: what is wrong with one is no reason to leave the others. */
static bool renew(const char *name)
{
	pid_t pid = proc_fork();

	if (!pid) {
		struct arena *a = arena_new();
		struct txn *t = txn_begin(a, settle);

		txn_name(t, name);
		renew_stage_installed(t, wiring_load(a), name);
		_exit(txn_commit(t) ? EXIT_DONE : EXIT_REFUSED);
	}
	return proc_wait(pid) == EXIT_DONE;
}

bool follow_host(struct arena *a)
{
	struct buf facts = buf_new(a);
	const struct host *h = here(a);
	int path = dirs_open(DIR_STATE), dir = fs_open(path, ".", O_RDONLY | O_DIRECTORY, 0);
	size_t n = 0, bad = 0;

	host_print(&facts, h);
	if (h->apparmor && !profiles_features(a, h))
		buf_str(&facts, "apparmor is somebody else's\n");
	if (str_eq(fs_read(a, dir, FACTS, HOST_TEXT_MAX, NULL), buf_text(&facts))) {
		close(dir);
		close(path);
		return true;
	}
	char **names = state_names(a, &n);
	for (size_t i = 0; i < n; i++) {
		progress_part("making policy for this kernel", i, n);
		bad += !renew(names[i]);
	}
	progress_end();
	if (bad)
		warn("the policy of %zu of %zu snaps is still that of another kernel", bad, n);
	else
		fs_write(dir, FACTS, facts.data, facts.len, 0644);
	close(dir);
	close(path);
	return !bad;
}
