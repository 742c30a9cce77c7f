/* main.c - try a table of accesses, each in a process of its own under its label
 *
 *	access rows FILE		try all rows; print those that came out otherwise
 *	access replaced LABEL NEW PATH	open it, load profile NEW, open it again
 *	access kmsg TEXT		is it in the kernel's log?
 *	access cat FILE
 *	access jailmode SNAP		installs so where the kernel can keep it, only there
 *	access over WHAT ON COMMAND...	run it with WHAT (or tmpfs) mounted there
 *	access within LABEL COMMAND...	":ns:unconfined" is in a policy namespace
 *	access without-mac-admin COMMAND...	(capability 33)
 *	access storm N PROFILE COMMAND...	N starts while PROFILE is replaced
 *	access do VERB WORD...		(what a row runs under its label)
 *	access outside UID HOME		waits as what is tried from inside (outside.c)
 *	access outcome TABLE [apart|full|neither] [NAME=VALUE]... what comes of each line (outcome.c)
 *
 * A file of rows, one row one line:
 *
 *	setup dir|file|fifo|copy|mount PATH UID MODE [SOURCE]
 *	profile LABEL
 *	UID VERB [WORD]... WANTED
 *
 * Before each row the setup lines are done in a new tmpfs on /t, in a mount
 * namespace of the row's own: no row sees what another did. WANTED is ok or the
 * name of an error; "A|B" when Linux 6.1 gives A and newer ones B; "-" for a
 * kernel on which there is nothing to say. A word %LABEL becomes the id of a process
 * under that label, %LABEL=NAME the address of a socket it listens on (stream; with
 * %LABEL:NAME a datagram one); the label "-" is none.
 */
#include "access.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../snaps/tb-probe/errname.h"

#define WORDS 16
#define SELF "/bin/access"
#define READY 9 /* where a peer says that it is there */
#define BROKEN 255

static char *setups[64];
static int setup_count;
static pid_t peers[WORDS];
static int peer_count;
bool old_kernel;

static int split(char *line, char **w)
{
	int n = 0;

	for (char *p = strtok(line, " \t\n"); p && n < WORDS - 1; p = strtok(NULL, " \t\n"))
		w[n++] = p;
	w[n] = NULL;
	return n;
}

static void broken(const char *what)
{
	fprintf(stderr, "access: %s: %s\n", what, strerror(errno));
	_exit(BROKEN);
}

static void copy_file(const char *from, const char *to)
{
	char chunk[65536];
	ssize_t n;
	int in = open(from, O_RDONLY | O_CLOEXEC), out = open(to, O_WRONLY | O_CREAT | O_CLOEXEC, 0700);

	while ((n = read(in, chunk, sizeof chunk)) > 0)
		if (write(out, chunk, (size_t)n) != n)
			broken(to);
	if (n < 0 || close(out))
		broken(to);
	close(in);
}

static void set_up(const char *text)
{
	char line[512], *w[WORDS];
	int n;

	snprintf(line, sizeof line, "%s", text);
	n = split(line, w);
	if (n < 4)
		broken(text);
	mode_t mode = (mode_t)strtoul(w[3], NULL, 8);
	if (!strcmp(w[0], "dir") && mkdir(w[1], 0700))
		broken(text);
	if (!strcmp(w[0], "fifo") && mkfifo(w[1], 0600))
		broken(text);
	if (!strcmp(w[0], "mount") && mount("t", w[1], "tmpfs", 0, NULL))
		broken(text);
	if (!strcmp(w[0], "file"))
		copy_file("/dev/null", w[1]);
	if (!strcmp(w[0], "copy"))
		copy_file(w[4] ? w[4] : SELF, w[1]);
	if (chown(w[1], (uid_t)atoi(w[2]), (gid_t)atoi(w[2])) || chmod(w[1], mode))
		broken(text);
}

static void be_user(int uid)
{
	if (uid && (setgroups(0, NULL) || setgid((gid_t)uid) || setuid((uid_t)uid)))
		broken("uid");
}

static void under(const char *label, char **argv)
{
	if (strcmp(label, "-") && ask_label("exec", "exec", label))
		broken(label);
	execv(SELF, argv);
	broken(SELF);
}

/* %LABEL, %LABEL=NAME, %LABEL:NAME: start it and say how it is reached. */
static char *start_peer(char *word, int uid)
{
	static char pid_text[WORDS][16];
	char *name = strpbrk(word, "=:"), byte;
	bool datagram = name && *name == ':';
	int ready[2];

	if (name)
		*name++ = 0;
	if (pipe(ready))
		broken("pipe");
	pid_t pid = fork();
	if (!pid) {
		dup2(ready[1], READY);
		be_user(uid);
		under(word + 1, (char *[]){SELF, "peer", datagram ? "datagram" : "stream", name, NULL});
	}
	close(ready[1]);
	if (read(ready[0], &byte, 1) != 1)
		broken(word);
	close(ready[0]);
	peers[peer_count] = pid;
	snprintf(pid_text[peer_count], 16, "%d", pid);
	return name ? name : pid_text[peer_count++];
}

static int be_peer(char **w)
{
	struct sockaddr_un a;
	int s = -1;

	if (w[1]) {
		unsigned len = unix_address(&a, w[1]);

		s = socket(AF_UNIX, *w[0] == 'd' ? SOCK_DGRAM : SOCK_STREAM, 0);
		if (s < 0 || bind(s, (void *)&a, len) || (*w[0] == 's' && listen(s, 5)))
			broken(w[1]);
		if (*w[1] != '@')
			chmod(w[1], 0777);
	}
	if (write(READY, "r", 1) != 1)
		return 1;
	alarm(60);
	pause();
	return 0;
}

static void fresh_tree(void)
{
	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("t", "/t", "tmpfs", 0, "mode=0755"))
		broken("/t");
	for (int i = 0; i < setup_count; i++)
		set_up(setups[i]);
}

/* The whole of a row in a child: it ends with what the access ended with. */
static int do_row(const char *label, int uid, char **w, int n)
{
	char *argv[WORDS + 2] = {SELF, "do"};
	int status;
	pid_t pid = fork();

	if (pid) {
		waitpid(pid, &status, 0);
		return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	}
	fresh_tree();
	for (int i = 0; i < n; i++)
		argv[i + 2] = *w[i] == '%' ? start_peer(w[i], uid) : w[i];
	argv[n + 2] = NULL;
	pid = fork();
	if (!pid) {
		be_user(uid);
		alarm(20);
		under(label, argv);
	}
	waitpid(pid, &status, 0);
	for (int i = 0; i < WORDS; i++)
		if (peers[i] && !kill(peers[i], SIGKILL))
			waitpid(peers[i], NULL, 0);
	_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

/* Does the row's end say what is wanted on this kernel? */
static bool as_wanted(char *wanted, int code, const char **want)
{
	char *newer = strchr(wanted, '|');

	if (newer)
		*newer++ = 0;
	*want = newer && !old_kernel ? newer : wanted;
	return !strcmp(*want, "-") || !strcmp(*want, code ? errname(code) : "ok");
}

static bool one_row(const char *label, char *text)
{
	char line[512], *w[WORDS];
	const char *want;

	snprintf(line, sizeof line, "%s", text);
	int n = split(line, w);
	if (n < 3 || !*label) {
		printf("not a row: %s", text);
		return false;
	}
	int code = do_row(label, atoi(w[0]), w + 1, n - 2);
	if (code != BROKEN && as_wanted(w[n - 1], code, &want))
		return true;
	printf("%s: %s# got %s\n", label, text, code == BROKEN ? "broken" : code ? errname(code) : "ok");
	fflush(stdout);
	return false;
}

static int rows(const char *path)
{
	char line[512], label[128] = "";
	int good = 0, bad = 0;
	FILE *f = fopen(path, "re");

	mkdir("/t", 0755);
	while (f && fgets(line, sizeof line, f)) {
		if (!strncmp(line, "setup ", 6))
			setups[setup_count++] = strdup(line + 6);
		else if (sscanf(line, "profile %127s", label) == 1 || *line == '#' || *line == '\n')
			continue;
		else if (one_row(label, line))
			good++;
		else
			bad++;
	}
	printf("%d rows as wanted, %d not\n", good, bad);
	return bad || !good;
}

static int find_act(char **w)
{
	static const struct act *const all[] = {acts_file, acts_ipc, acts_right, acts_kernel};
	int n = 0;

	while (w[n])
		n++;
	for (int t = 0; n && t < 4; t++)
		for (const struct act *a = all[t]; a->name; a++)
			if (!strcmp(a->name, w[0]) && n > a->words)
				return a->try(w + 1) ? errno : 0;
	fprintf(stderr, "access: no such act: %s\n", w[0]);
	return BROKEN;
}

/* "exec" comes here by another name of this program: which label is it? */
static int check_label(char **w)
{
	bool secure = w[1] && !strcmp(w[1], "scrubbed");

	if (strcmp(own_label(), w[0])) {
		fprintf(stderr, "label is %s\n", own_label());
		return ENOKEY;
	}
	return w[1] && secure != (getauxval(AT_SECURE) != 0) ? EBADFD : 0;
}

static int finished(pid_t pid)
{
	int status;

	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : BROKEN;
}

/* Opens PATH, then the policy is replaced, then again. A handle that it has may go on
 * being read: the kernel goes by the name of the label it was opened under. */
static int replaced(char **w)
{
	char byte;
	int go[2], done[2];

	if (!w[0] || !w[1] || !w[2] || pipe(go) || pipe(done))
		return BROKEN;
	pid_t pid = fork();
	if (!pid) {
		dup2(done[1], 8);
		dup2(go[0], READY);
		under(w[0], (char *[]){SELF, "twice", w[2], NULL});
	}
	if (read(done[0], &byte, 1) != 1)
		return BROKEN;
	pid_t parser = fork();
	if (!parser) {
		execl("/bin/snapbox", "snapbox", "apparmor_parser", "-r", w[1], NULL);
		_exit(BROKEN);
	}
	if (finished(parser) || write(go[1], "g", 1) != 1)
		return BROKEN;
	int code = finished(pid);
	printf("%s\n", code ? errname(code) : "still allowed");
	return code != EACCES;
}

static int twice(char **w)
{
	char byte;
	int fd = open(w[0], O_RDONLY | O_CLOEXEC);

	if (fd < 0 || read(fd, &byte, 1) < 0 || write(8, "d", 1) != 1 || read(READY, &byte, 1) != 1)
		return BROKEN;
	return open(w[0], O_RDONLY | O_CLOEXEC) < 0 ? errno : 0;
}

static int kmsg(const char *text)
{
	char record[8192];
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	ssize_t n;

	while ((n = read(fd, record, sizeof record - 1)) > 0 || (n < 0 && errno == EPIPE)) {
		record[n > 0 ? n : 0] = 0;
		if (!strstr(record, text))
			continue;
		fputs(record, stdout);
		return 0;
	}
	return 1;
}

/* over WHAT ON COMMAND...: with WHAT (or "tmpfs") mounted on a place, for it alone */
static int over(char **w)
{
	bool fresh = !strcmp(w[0], "tmpfs");

	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount(fresh ? "t" : w[0], w[1], fresh ? "tmpfs" : NULL, fresh ? 0 : MS_BIND, NULL))
		broken(w[1]);
	execv(w[2], w + 2);
	return BROKEN;
}

/* storm TIMES PROFILE COMMAND...: while the profile is replaced without an end, each
 * start of the command is refused what it tries, with EACCES. */
static int storm(char **w)
{
	int times = atoi(w[0]), bad = 0;
	pid_t replacer = fork();

	while (!replacer) {
		pid_t parser = fork();

		if (!parser) {
			execl("/bin/snapbox", "snapbox", "apparmor_parser", "-qr", w[1], NULL);
			_exit(BROKEN);
		}
		if (finished(parser))
			_exit(BROKEN);
	}
	for (int i = 0; i < times; i++) {
		pid_t app = fork();

		if (!app) {
			execv(w[2], w + 2);
			_exit(BROKEN);
		}
		bad += finished(app) != EACCES;
	}
	bad += waitpid(replacer, NULL, WNOHANG) != 0;
	kill(replacer, SIGKILL);
	printf("%d of %d\n", bad, times);
	return bad != 0;
}

/* Linux 6.1 cannot keep all that strict promises, newer ones can. */
static int jailmode(const char *snap)
{
	pid_t pid = fork();

	if (!pid) {
		execl("/bin/snapbox", "snapbox", "install", "--dangerous", "--jailmode", snap, NULL);
		_exit(BROKEN);
	}
	return finished(pid) != old_kernel;
}

static int cat(const char *path)
{
	char text[8192];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	while ((n = read(fd, text, sizeof text)) > 0)
		fwrite(text, 1, (size_t)n, stdout);
	return n < 0 ? errno : 0;
}

int main(int argc, char **argv)
{
	struct utsname u;

	uname(&u);
	old_kernel = !strncmp(u.release, "6.1.", 4);
	if (argc < 3)
		return 2;
	if (!strcmp(argv[1], "do"))
		return find_act(argv + 2);
	if (!strcmp(argv[1], "outcome"))
		return outcome(argv + 2, find_act);
	if (argc > 3 && !strcmp(argv[1], "outside"))
		return outside(argv + 2);
	if (!strcmp(argv[1], "label"))
		return check_label(argv + 2);
	if (!strcmp(argv[1], "peer"))
		return be_peer(argv + 2);
	if (!strcmp(argv[1], "replaced"))
		return replaced(argv + 2);
	if (!strcmp(argv[1], "twice"))
		return twice(argv + 2);
	if (!strcmp(argv[1], "kmsg"))
		return kmsg(argv[2]);
	if (argc > 4 && !strcmp(argv[1], "over"))
		return over(argv + 2);
	if (argc > 3 && !strcmp(argv[1], "within") && !ask_label("exec", "exec", argv[2]))
		execv(argv[3], argv + 3);
	if (!strcmp(argv[1], "without-mac-admin") && !prctl(PR_CAPBSET_DROP, 33, 0, 0, 0))
		execv(argv[2], argv + 2);
	if (argc > 4 && !strcmp(argv[1], "storm"))
		return storm(argv + 2);
	if (!strcmp(argv[1], "jailmode"))
		return jailmode(argv[2]);
	if (!strcmp(argv[1], "cat"))
		return cat(argv[2]);
	return strcmp(argv[1], "rows") ? 2 : rows(argv[2]);
}
