/* A change happens whole or not at all, wherever it is interrupted. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "core/dirs.h"
#include "core/fs.h"
#include "core/journal.h"
#include "core/txn.h"

static char settled[256];

static bool note(struct arena *a, const char *name)
{
	(void)a;
	strncat(settled, name, sizeof settled - strlen(settled) - 1);
	strncat(settled, " ", sizeof settled - strlen(settled) - 1);
	return true;
}

static char *fresh_root(struct arena *a)
{
	char *dir = arena_dup(a, "/tmp/snapbox-txn-XXXXXX");

	check_drop_root(a);
	assert_non_null(mkdtemp(dir));
	dirs_set_root(dir);
	settled[0] = '\0';
	return dir;
}

static char *content(struct arena *a, enum dir d, const char *name)
{
	return fs_read(a, AT_FDCWD, dirs_path(a, d, "%s", name), 1 << 20, NULL);
}

static size_t staged(struct arena *a)
{
	size_t n = 0;

	fs_list(a, AT_FDCWD, dirs_path(a, DIR_STAGING, "%s", ""), &n);
	return n;
}

static void old_system(struct arena *a)
{
	struct txn *t = txn_begin(a, note);

	txn_write(t, DIR_PLANS, "one", "old", 3, 0644);
	txn_write(t, DIR_PLANS, "two", "old", 3, 0600);
	assert_true(txn_commit(t));
}

static struct txn *change(struct arena *a)
{
	struct txn *t = txn_begin(a, note);
	int tree;

	txn_name(t, "foo");
	txn_write(t, DIR_PLANS, "one", "new", 3, 0640);
	txn_drop(t, DIR_PLANS, "two");
	txn_drop(t, DIR_SECCOMP, "never-was");
	size_t number = txn_dir(t, &tree);
	close(fs_make_dirs(tree, "a/b", 0755, geteuid(), getegid()));
	fs_write(tree, "a/b/file", "x", 1, 0444);
	close(tree);
	txn_place(t, number, DIR_TREES, "foo_x1", 0755);
	txn_name(t, "bar");
	return t;
}

static void is_old(struct arena *a)
{
	assert_string_equal(content(a, DIR_PLANS, "one"), "old");
	assert_string_equal(content(a, DIR_PLANS, "two"), "old");
	assert_null(content(a, DIR_TREES, "foo_x1/a/b/file"));
	assert_int_equal(staged(a), 0);
}

static void is_new(struct arena *a)
{
	struct stat st;

	assert_string_equal(content(a, DIR_PLANS, "one"), "new");
	assert_return_code(stat(dirs_path(a, DIR_PLANS, "one"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	assert_null(content(a, DIR_PLANS, "two"));
	assert_string_equal(content(a, DIR_TREES, "foo_x1/a/b/file"), "x");
	assert_int_equal(staged(a), 0);
}

static void a_commit_does_all(void **state)
{
	fresh_root(*state);
	old_system(*state);
	assert_true(txn_commit(change(*state)));
	is_new(*state);
	assert_string_equal(settled, "foo bar ");
	assert_int_equal(txn_recover(*state, note), TXN_NOTHING);
}

static void dies(struct arena *a)
{
	change(a);
	die("for another reason");
}

static void dying_undoes(void **state)
{
	fresh_root(*state);
	old_system(*state);
	assert_dies(dies(*state), "for another reason");
	is_old(*state);
	assert_string_equal(settled, "foo bar ");
}

/* A killed process leaves what it had written; the next one sees it. */
static void killed_before_the_decision_is_undone(void **state)
{
	fresh_root(*state);
	old_system(*state);
	pid_t pid = fork();
	if (!pid) {
		change(*state);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_true(staged(*state) > 0);
	assert_dies(txn_begin(*state, note), "snapbox boot");
	assert_int_equal(txn_recover(*state, note), TXN_UNDONE);
	is_old(*state);
	assert_string_equal(settled, "foo bar ");
}

static _Noreturn bool die_while_settling(struct arena *a, const char *name)
{
	(void)a;
	(void)name;
	_exit(0);
}

static void killed_after_the_decision_is_finished(void **state)
{
	struct arena *a = *state;

	fresh_root(a);
	old_system(a);
	pid_t pid = fork();
	if (!pid) {
		struct txn *t = change(a);
		txn_commit(t);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
	is_new(a);

	/* Killed in the midst of the renames: as if only the first had been done. */
	fresh_root(a);
	old_system(a);
	pid = fork();
	if (!pid) {
		struct txn *t = txn_begin(a, die_while_settling);

		txn_name(t, "foo");
		txn_write(t, DIR_PLANS, "one", "new", 3, 0644);
		txn_commit(t);
		_exit(1);
	}
	waitpid(pid, NULL, 0);
	assert_true(staged(a) > 0);
	assert_int_equal(txn_recover(a, note), TXN_FINISHED);
	assert_string_equal(content(a, DIR_PLANS, "one"), "new");
	assert_string_equal(settled, "foo ");
	assert_int_equal(staged(a), 0);
}

static void the_journal_can_be_replayed_from_any_point(void **state)
{
	struct arena *a = *state;

	for (int done = 0; done < 3; done++) {
		fresh_root(a);
		old_system(a);
		char *s = dirs_path(a, DIR_STAGING, "%s", "");
		static const char journal[] = "put 0 640 /var/lib/snapbox/plans one\n"
					      "drop /var/lib/snapbox/plans two\n"
					      "put 1 755 /var/lib/snapbox/trees foo_x1\nend\n";

		fs_write(AT_FDCWD, arena_printf(a, "%s/journal", s), journal, sizeof journal - 1,
			 0600);
		if (done < 1)
			fs_write(AT_FDCWD, arena_printf(a, "%s/0", s), "new", 3, 0640);
		else
			fs_write(AT_FDCWD, dirs_path(a, DIR_PLANS, "one"), "new", 3, 0640);
		if (done > 1)
			unlink(dirs_path(a, DIR_PLANS, "two"));
		close(fs_make_dirs(AT_FDCWD, arena_printf(a, "%s/1/a/b", s), 0755, geteuid(),
				   getegid()));
		fs_write(AT_FDCWD, arena_printf(a, "%s/1/a/b/file", s), "x", 1, 0444);
		/* what an earlier try at replacing left of the target */
		close(fs_make_dirs(AT_FDCWD, dirs_path(a, DIR_TREES, "foo_x1/half"), 0755,
				   geteuid(), getegid()));
		assert_int_equal(txn_recover(a, note), TXN_FINISHED);
		is_new(a);
	}
}

static void odd_journals_are_refused(void **state)
{
	struct arena *a = *state;
	struct journal j;
	static const char *const bad[] = {
		"",
		"end",
		"put 0 600 /var/lib/snapbox/plans one\n",
		"put 0 600 /var/lib/snapbox/plans ../one\nend\n",
		"put 0 600 /etc passwd\nend\n",
		"put 0 999 /var/lib/snapbox/plans one\nend\n",
		"put x 600 /var/lib/snapbox/plans one\nend\n",
		"drop /var/lib/snapbox/plans .\nend\n",
		"drop /var/lib/snapbox/plans ..\nend\n",
		"drop /var/lib/snapbox/plans a b\nend\n",
		"drop /var/lib/snapbox/plans a\nend\nend\nx\n",
		"burn /var/lib/snapbox/plans a\nend\n",
	};

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (journal_parse(a, bad[i], strlen(bad[i]), &j))
			fail_msg("accepted \"%s\"", bad[i]);
	assert_false(journal_parse(a, "end\n\0end\n", 9, &j));
}

static void stop(struct arena *a)
{
	struct txn *t = change(a);

	raise(SIGTERM);
	txn_yield();
	txn_commit(t);
}

static void a_signal_waits_until_all_can_be_undone(void **state)
{
	sigset_t none;

	fresh_root(*state);
	old_system(*state);
	assert_dies(stop(*state), "signal 15");
	is_old(*state);
	signal(SIGTERM, SIG_IGN); /* takes the pending one away */
	signal(SIGTERM, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static void names_are_single_components(void **state)
{
	fresh_root(*state);
	struct txn *t = txn_begin(*state, note);

	assert_dies(txn_write(t, DIR_PLANS, "../x", "", 0, 0644), "no file name");
	t = txn_begin(*state, note);
	assert_dies(txn_drop(t, DIR_PLANS, ".."), "no file name");
	t = txn_begin(*state, note);
	assert_dies(txn_name(t, "a/b"), "no name");
}

int main(void)
{
	return RUN(UNIT(a_commit_does_all), UNIT(dying_undoes),
		   UNIT(killed_before_the_decision_is_undone),
		   UNIT(killed_after_the_decision_is_finished),
		   UNIT(the_journal_can_be_replayed_from_any_point),
		   UNIT(odd_journals_are_refused),
		   UNIT(a_signal_waits_until_all_can_be_undone), UNIT(names_are_single_components));
}
