/* Filters on the real kernel: what is loaded, what it answers, what is not loaded. */
#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "core/fs.h"
#include "seccomp/compile.h"
#include "seccomp/load.h"
#include "seccomp/pack.h"
#include "seccomp/sim.h"
#include "seccomp/source.h"

static const struct sc_users users = {"", ""};

/* A directory that only root can reach, as DIR_SECCOMP is. */
static char *own_dir(struct arena *a)
{
	char *dir = arena_dup(a, "/var/lib/snapbox-test-XXXXXX");

	if (getuid())
		skip();
	assert_non_null(mkdtemp(dir));
	assert_return_code(chmod(dir, 0755), 0);
	return dir;
}

static char *write_filter(struct arena *a, const char *dir, const char *text)
{
	struct sc_target t = sc_target_of(sc_arch_native(), sc_arch_kernel());
	char *path = arena_printf(a, "%s/filter.bin2", dir), why[COMPILE_WHY];
	struct sc_compiled c;
	size_t len;

	if (!compile_text(a, text, strlen(text), t, &users, &c, why))
		fail_msg("%s", why);
	const void *bytes = pack_bin(a, &c, &len);
	fs_write(AT_FDCWD, path, bytes, len, 0644);
	return path;
}

static void drop(const char *dir)
{
	assert_true(fs_remove_tree(AT_FDCWD, dir));
}

/* What fn returns in a child with this filter: its result, or 128 + signal. */
static int under(struct arena *a, const char *text, int (*fn)(void))
{
	char *dir = own_dir(a), why[LOAD_WHY];
	struct sc_loadable filter;

	if (!load_prepare(a, write_filter(a, dir, text), false, &filter, why))
		fail_msg("%s", why);
	drop(dir);
	fflush(NULL);
	pid_t pid = fork();
	if (!pid) {
		struct rlimit none = {0, 0};

		setrlimit(RLIMIT_CORE, &none);
		signal(SIGILL, SIG_DFL); /* cmocka's would go on with the next test here */
		signal(SIGSEGV, SIG_DFL);
		if (load_apply(&filter))
			_exit(100);
		_exit(fn());
	}
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static const char *strict(struct arena *a)
{
	struct sc_app app = {.kernel = sc_arch_kernel(), .kernel_major = 6, .apparmor = true};
	char why[SOURCE_WHY];

	return source_text(a, &app, why);
}

static int reads(void)
{
	return read(-1, NULL, 0) == -1 && errno == EBADF ? 0 : 1;
}

static int unnamed_is_eperm(void)
{
	return mount("a", "/", "b", 0, NULL) == -1 ? errno : 0;
}

static int denied_is_eacces(void)
{
	return ioctl(0, TIOCSTI, "x") == -1 ? errno : 0;
}

static int dirty_tiocsti(void)
{
	static const unsigned long dirt[] = {1ul << 32, 0x7fffffffull << 32, 0xffffffffull << 32};

	for (size_t i = 0; i < sizeof dirt / sizeof *dirt; i++)
		if (syscall(SYS_ioctl, 0, dirt[i] | TIOCSTI, "x") != -1 || errno != EACCES)
			return 1;
	return 0;
}

static int netlink_is_eperm(void)
{
	return socket(AF_NETLINK, SOCK_RAW, 0) == -1 ? errno : 0;
}

static int setuid_file_is_eacces(void)
{
	return open("/dev/shm/snapbox-x", O_CREAT | O_WRONLY, 04755) == -1 ? errno : 0;
}

static int unrelated_number(void)
{
	return syscall(1000) == -1 ? errno : 0;
}

static void strict_holds(void **state)
{
	struct arena *a = *state;
	const char *text = strict(a);

	assert_int_equal(under(a, text, reads), 0);
	assert_int_equal(under(a, text, unnamed_is_eperm), EPERM);
	assert_int_equal(under(a, text, denied_is_eacces), EACCES);
	assert_int_equal(under(a, text, dirty_tiocsti), 0); /* A156 */
	assert_int_equal(under(a, text, netlink_is_eperm), EPERM);
	assert_int_equal(under(a, text, setuid_file_is_eacces), EACCES);
	assert_int_equal(under(a, text, unrelated_number), EPERM);
}

static int no_new_privs(void)
{
	return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0);
}

static void needs_no_no_new_privs(void **state)
{
	assert_int_equal(under(*state, strict(*state), no_new_privs), 0);
}

/* What the simulator says of a number with arguments of 0, for those that are refused. */
static struct sc_compiled simulated;
static bool refused(const struct sc_arch *arch, int nr, int *error)
{
	struct seccomp_data d = {.arch = arch->audit, .nr = nr};
	uint32_t allow, deny, answer;

	if (!sim_run(simulated.allow.code, simulated.allow.count, &d, simulated.big, &allow, NULL) ||
	    !sim_run(simulated.deny.code, simulated.deny.count, &d, simulated.big, &deny, NULL))
		return false;
	answer = sim_both(deny, allow);
	*error = answer & SECCOMP_RET_DATA;
	return (answer & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_ERRNO;
}

/* uretprobe and uprobe of x86: the kernel (6.13, 6.18) lets them past every filter, and
 * kills who calls them from anywhere but its own trampoline. */
#define UNFILTERED(nr) ((nr) == 335 || (nr) == 336)

static int all_refused_numbers(void)
{
	int error, asked = 0;

	for (int nr = 0; nr < 1024; nr++) {
		if (UNFILTERED(nr) || !refused(sc_arch_native(), nr, &error))
			continue;
		if (syscall(nr, 0, 0, 0, 0, 0, 0) != -1 || errno != error)
			return 1;
		asked++;
	}
	return asked > 500 ? 0 : 2;
}

static void simulate(struct arena *a, const char *text)
{
	struct sc_target t = sc_target_of(sc_arch_native(), sc_arch_kernel());
	char why[COMPILE_WHY];

	assert_true(compile_text(a, text, strlen(text), t, &users, &simulated, why));
}

/* A162: the kernel refuses every number that the table says it does. */
static void all_numbers_are_as_simulated(void **state)
{
	simulate(*state, strict(*state));
	assert_int_equal(under(*state, strict(*state), all_refused_numbers), 0);
}

#ifdef __x86_64__
static int x32_getpid(void)
{
	syscall(0x40000000 | SYS_getpid);
	return 0;
}

/* i386's number of ioctl, through the gate of 32-bit programs. */
static int gate(long nr, long b, long c)
{
	long ret;

	__asm__ volatile("int $0x80"
			 : "=a"(ret)
			 : "a"(nr), "b"(b), "c"(c), "d"(0), "S"(0), "D"(0)
			 : "memory", "r8", "r9", "r10", "r11");
	return (int)ret;
}

static int gate_tiocsti(void)
{
	return -gate(54, 0, TIOCSTI);
}

static int gate_mount(void)
{
	return -gate(21, 0, 0);
}

static int gate_getpid(void)
{
	return gate(20, 0, 0) > 0 || gate(20, 0, 0) == -ENOSYS ? 0 : 1;
}

static int gate_refused_numbers(void)
{
	int error;

	for (int nr = 0; nr < 1024; nr++)
		if (refused(sc_arch_find("i386"), nr, &error) && gate(nr, 0, 0) != -error)
			return 1;
	return 0;
}

/* A160 */
static void other_doors_are_shut(void **state)
{
	struct arena *a = *state;

	assert_int_equal(under(a, strict(a), x32_getpid), 128 + SIGSYS);
	int pid = under(a, strict(a), gate_getpid);
	if (pid == 128 + SIGSEGV)
		return; /* this kernel runs no 32-bit calls at all */
	assert_int_equal(pid, 0);
	assert_int_equal(under(a, strict(a), gate_tiocsti), EACCES);
	assert_int_equal(under(a, strict(a), gate_mount), EPERM);
	simulate(a, strict(a));
	assert_int_equal(under(a, strict(a), gate_refused_numbers), 0);
}
#else
static void other_doors_are_shut(void **state)
{
	(void)state;
	skip();
}
#endif

static void complain_lets_through_but_denied(void **state)
{
	struct arena *a = *state;
	const char *text = "@complain\nread\n~ioctl - TIOCSTI\n";

	assert_int_not_equal(under(a, text, unnamed_is_eperm), EPERM);
	assert_int_equal(under(a, text, denied_is_eacces), EACCES);
}

static bool prepares(struct arena *a, const char *path, char *why)
{
	struct sc_loadable filter;

	return load_prepare(a, path, false, &filter, why);
}

/* A168 and C10 */
static void only_roots_files_are_read(void **state)
{
	struct arena *a = *state;
	char *dir = own_dir(a), why[LOAD_WHY];
	char *path = write_filter(a, dir, "read"), *other = arena_printf(a, "%s/other", dir);

	assert_true(prepares(a, path, why));
	assert_return_code(chmod(path, 0664), 0);
	assert_false(prepares(a, path, why));
	assert_non_null(strstr(why, "others may write it"));
	assert_return_code(chmod(path, 0644), 0);
	assert_return_code(chown(path, 1, 0), 0);
	assert_false(prepares(a, path, why));
	assert_non_null(strstr(why, "not owned by root"));
	assert_return_code(chown(path, 0, 1), 0);
	assert_false(prepares(a, path, why));
	assert_return_code(chown(path, 0, 0), 0);
	assert_return_code(symlink(path, other), 0);
	assert_false(prepares(a, other, why));
	assert_return_code(unlink(other), 0);
	assert_return_code(mkfifo(other, 0644), 0);
	assert_false(prepares(a, other, why));
	assert_non_null(strstr(why, "not a regular file"));
	assert_false(prepares(a, dir, why));
	assert_return_code(chmod(dir, 0777), 0);
	assert_false(prepares(a, path, why));
	assert_return_code(chmod(dir, 0755), 0);
	assert_return_code(chown(dir, 1, 0), 0);
	assert_false(prepares(a, path, why));
	assert_return_code(chown(dir, 0, 0), 0);
	assert_true(prepares(a, path, why));
	assert_false(prepares(
		a, arena_printf(a, "%s/../%s/filter.bin2", dir, strrchr(dir, '/') + 1), why));
	assert_false(prepares(a, arena_printf(a, "%s//filter.bin2", dir), why));
	assert_false(prepares(a, "filter.bin2", why));
	assert_false(prepares(a, "/nosuch/filter.bin2", why));
	drop(dir);
}

static void links_of_the_host_are_followed(void **state)
{
	struct arena *a = *state;
	char *dir = own_dir(a), why[LOAD_WHY];
	char *in = arena_printf(a, "%s/data", dir), *link = arena_printf(a, "%s/link", dir);

	assert_return_code(mkdir(in, 0755), 0);
	write_filter(a, in, "read");
	assert_return_code(symlink("data", link), 0);
	char *path = arena_printf(a, "%s/link/filter.bin2", dir);
	if (!prepares(a, path, why))
		fail_msg("%s", why);
	assert_return_code(unlink(link), 0);
	assert_return_code(symlink(in, link), 0);
	assert_true(prepares(a, path, why));
	assert_return_code(chmod(in, 0757), 0);
	assert_false(prepares(a, path, why));
	assert_return_code(unlink(link), 0);
	assert_return_code(symlink("link", link), 0);
	assert_false(prepares(a, path, why));
	drop(dir);
}

static void unrestricted_is_not_for_confined_apps(void **state)
{
	struct arena *a = *state;
	char *dir = own_dir(a), why[LOAD_WHY];
	char *path = write_filter(a, dir, "@unrestricted");
	struct sc_loadable filter;

	assert_false(load_prepare(a, path, false, &filter, why));
	assert_non_null(strstr(why, "unrestricted"));
	assert_true(load_prepare(a, path, true, &filter, why));
	assert_true(filter.unrestricted);
	assert_int_equal(load_apply(&filter), 0);
	drop(dir);
}

int main(void)
{
	return RUN(UNIT(strict_holds), UNIT(needs_no_no_new_privs),
		   UNIT(all_numbers_are_as_simulated), UNIT(other_doors_are_shut),
		   UNIT(complain_lets_through_but_denied), UNIT(only_roots_files_are_read),
		   UNIT(links_of_the_host_are_followed), UNIT(unrestricted_is_not_for_confined_apps));
}
