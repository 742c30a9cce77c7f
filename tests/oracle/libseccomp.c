/* libseccomp.c - our programs against libseccomp's, by what they answer and by length
 *
 *	oracle_libseccomp [SEED [ROUNDS]]
 *
 * Random rule sets for each architecture go through both. Ours must answer as
 * the rules themselves say, on inputs near the rules, and as libseccomp's does
 * unless that is wrong (2.6.0 is for some sets that ask for order or
 * difference of 64-bit arguments: counted below). Ours must not be longer than libseccomp's
 * with a search tree (SCMP_FLTATR_CTL_OPTIMIZE 2), those sets left out. Output is TAP.
 */
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "inputs.h"
#include "seccomp/compile.h"
#include "seccomp/resolve.h"
#include "seccomp/sim.h"

#define RULES_MAX 40
#define INPUTS 400

static const char *const calls[] = {
	"read", "write", "open", "openat", "ioctl", "socket", "socketpair", "bind", "sendto", "recv",
	"shmget", "semctl", "msgsnd", "semtimedop", "setpriority", "kill", "clone", "mmap", "mknod",
	"prctl", "getpid", "gettid", "futex", "fcntl", "setns", "unshare", "execve", "time", "vfork",
	"set_tls", "fadvise64_64", "accept4", "sendmmsg", "openat2", "statx", "quotactl", "ptrace",
};

static const uint64_t values[] = {0, 1, 2, 3, 5, 7, 16, 19, 0x5412, 0x541c, 0x7fffffff, 0x80000000,
				  0xffffffff, 0x410000, 0x800, 0x400, 0xc00, 0xfffffffe};

/* Those behind another call: libseccomp keeps conditions on arguments but the first. */
static bool is_behind(const struct sc_arch *arch, const char *call)
{
	struct sc_number at[SC_NUMBERS];

	return arch && resolve_name(arch, call, at) > 0 && at[0].mask;
}

static void random_cond(struct rng *r, struct sc_target t, struct sc_cond *c)
{
	bool wide = t.arch->bits == 64 && !t.second && rng_below(r, 4) == 0;

	c->op = (uint8_t)rng_below(r, 4) ? SC_EQ : (uint8_t)rng_below(r, 7);
	c->value = values[rng_below(r, sizeof values / sizeof *values)];
	if (wide)
		c->value |= values[rng_below(r, sizeof values / sizeof *values)] << 32;
	if (c->op == SC_MASKED) {
		c->mask = c->value | values[rng_below(r, sizeof values / sizeof *values)];
		if (rng_below(r, 2))
			c->mask = c->value;
		if (!c->mask)
			c->mask = c->value = 1;
	}
}

static size_t random_rules(struct rng *r, struct sc_target t, bool deny, struct sc_rule *rules)
{
	size_t n = 1 + rng_below(r, rng_below(r, 3) ? RULES_MAX : 3);
	size_t pool = 1 + rng_below(r, sizeof calls / sizeof *calls);
	unsigned args = 1 + (unsigned)rng_below(r, 3);

	memset(rules, 0, n * sizeof *rules);
	for (size_t i = 0; i < n; i++) {
		const char *call = calls[rng_below(r, pool)];
		bool behind = is_behind(t.arch, call) || is_behind(t.second, call);

		rules[i].call = call;
		rules[i].deny = deny;
		for (uint8_t arg = 0; arg < (behind ? 1 : args); arg++) {
			struct sc_cond *c = &rules[i].cond[rules[i].count];

			if (rng_below(r, 3) == 0)
				continue;
			c->arg = arg;
			random_cond(r, t, c);
			rules[i].count++;
		}
	}
	return n;
}

static int libseccomp_op(const struct sc_cond *c)
{
	static const int op[] = {
		[SC_EQ] = SCMP_CMP_EQ, [SC_NE] = SCMP_CMP_NE, [SC_LT] = SCMP_CMP_LT,
		[SC_LE] = SCMP_CMP_LE, [SC_GT] = SCMP_CMP_GT, [SC_GE] = SCMP_CMP_GE,
		[SC_MASKED] = SCMP_CMP_MASKED_EQ,
	};

	return op[c->op];
}

static void must(int rc, const char *what)
{
	if (rc < 0) {
		printf("Bail out! %s: %s\n", what, strerror(-rc));
		exit(1);
	}
}

/* libseccomp's program for the same, in this machine's byte order. */
static size_t theirs(struct sc_target t, const struct sc_rule *rules, size_t n, bool deny,
		     struct sock_filter *out)
{
	uint32_t answer = deny ? SCMP_ACT_ERRNO(EACCES) : SCMP_ACT_ALLOW;
	scmp_filter_ctx ctx = seccomp_init(deny ? SCMP_ACT_ALLOW : SCMP_ACT_ERRNO(EPERM));
	int fd = memfd_create("bpf", MFD_CLOEXEC);

	if (t.arch->token != seccomp_arch_native()) {
		must(seccomp_arch_remove(ctx, SCMP_ARCH_NATIVE), "arch_remove");
		must(seccomp_arch_add(ctx, t.arch->token), "arch_add");
	}
	if (t.second)
		must(seccomp_arch_add(ctx, t.second->token), "arch_add second");
	must(seccomp_attr_set(ctx, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS), "badarch");
	must(seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, 2), "optimize");
	for (size_t i = 0; i < n; i++) {
		struct scmp_arg_cmp cmp[SC_ARGS];
		int nr = seccomp_syscall_resolve_name(rules[i].call);

		for (size_t k = 0; k < rules[i].count; k++) {
			const struct sc_cond *c = &rules[i].cond[k];

			cmp[k] = (struct scmp_arg_cmp){c->arg, (enum scmp_compare)libseccomp_op(c),
						       c->op == SC_MASKED ? c->mask : c->value, c->value};
		}
		must(seccomp_rule_add_array(ctx, answer, nr, rules[i].count, cmp), rules[i].call);
	}
	must(seccomp_export_bpf(ctx, fd), "export");
	ssize_t got = pread(fd, out, sizeof *out * 65536, 0);
	close(fd);
	seccomp_release(ctx);
	size_t count = got < 0 ? 0 : (size_t)got / sizeof *out;
	bool swap = t.arch->big != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__);
	for (size_t i = 0; swap && i < count; i++) {
		out[i].code = __builtin_bswap16(out[i].code);
		out[i].k = __builtin_bswap32(out[i].k);
	}
	return count;
}

static void print_rules(const struct sc_rule *rules, size_t n)
{
	static const char *const op[] = {"==", "!=", "<", "<=", ">", ">=", "&"};

	for (size_t i = 0; i < n; i++) {
		printf("#   %s", rules[i].call);
		for (size_t k = 0; k < rules[i].count; k++) {
			const struct sc_cond *c = &rules[i].cond[k];
			printf(" a%u %s %#lx", c->arg, op[c->op], c->value);
			if (c->op == SC_MASKED)
				printf(" of %#lx", c->mask);
		}
		printf("\n");
	}
}

static size_t total_ours, total_theirs, longer, sets, wrong;

/* What libseccomp 2.6.0 gets wrong in some sets: order and difference of 64-bit numbers. */
static bool asks_order(const struct sc_rule *rules, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < rules[i].count; k++)
			if (rules[i].cond[k].op != SC_EQ && rules[i].cond[k].op != SC_MASKED)
				return true;
	return false;
}

/* To deny what is behind ipc(2) whatever version it is called with takes one more. */
static bool denies_ipc(struct sc_target t, const struct sc_rule *rules, size_t n)
{
	struct sc_number at[SC_NUMBERS];

	for (size_t i = 0; i < n; i++)
		if (rules[i].deny && ((is_behind(t.arch, rules[i].call) &&
				       resolve_name(t.arch, rules[i].call, at) && at[0].mask == 0xffff) ||
				      (is_behind(t.second, rules[i].call) &&
				       resolve_name(t.second, rules[i].call, at) && at[0].mask == 0xffff)))
			return true;
	return false;
}

static bool round_of(struct arena *a, struct rng *r, struct sc_target t, uint64_t seed)
{
	static struct sock_filter their[65536];
	struct sc_rule rules[RULES_MAX];
	bool deny = rng_below(r, 3) == 0;
	size_t n = random_rules(r, t, deny, rules), count = theirs(t, rules, n, deny, their);
	struct sc_filter f = {.rules = rules, .count = n};
	struct sc_compiled c;
	char why[COMPILE_WHY];

	if (!compile_rules(a, &f, t, &c, why)) {
		printf("# seed %lu: %s\n", seed, why);
		return false;
	}
	struct sc_program *ours = deny ? &c.deny : &c.allow;
	bool agreed = true;
	for (int i = 0; i < INPUTS; i++) {
		struct seccomp_data d;
		uint32_t x = 0, y = 0;
		bool foreign;

		input_make(r, t, rules, n, &d);
		bool match = input_matches(&d, t, rules, n, &foreign);
		uint32_t right = foreign ? SECCOMP_RET_KILL_PROCESS
				 : match == deny ? SECCOMP_RET_ERRNO | (deny ? EACCES : EPERM)
				 : SECCOMP_RET_ALLOW;
		if (!sim_run(ours->code, ours->count, &d, t.arch->big, &x, NULL) || x != right) {
			printf("# seed %lu: nr %d arch %x args %#llx %#llx %#llx: ours %s", seed, d.nr,
			       d.arch, d.args[0], d.args[1], d.args[2], sim_name(x));
			printf(", right is %s\n", sim_name(right));
			print_rules(rules, n);
			return false;
		}
		if (!sim_run(their, count, &d, t.arch->big, &y, NULL) || y != right)
			agreed = false;
	}
	wrong += !agreed;
	if (!agreed && !asks_order(rules, n)) {
		printf("# seed %lu: libseccomp's answers are wrong\n", seed);
		print_rules(rules, n);
		return false;
	}
	total_ours += ours->count;
	total_theirs += count;
	sets++;
	if (ours->count > count && !asks_order(rules, n) && !denies_ipc(t, rules, n)) {
		longer++;
		printf("# seed %lu: %zu instructions, libseccomp's %zu\n", seed, ours->count, count);
		print_rules(rules, n);
	}
	return true;
}

int main(int argc, char **argv)
{
	uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 0) : 1;
	size_t rounds = argc > 2 ? strtoull(argv[2], NULL, 0) : 60, failed = 0, tests = 0;

	for (const struct sc_arch *at = sc_archs; at->name; at++) {
		bool ok = true;

		for (size_t i = 0; i < rounds; i++) {
			struct arena *a = arena_new();
			uint64_t one = seed * 1000003 + i;
			struct rng r = {one};
			struct sc_target t = sc_target_of(at, NULL);

			if (rng_below(&r, 2))
				t.second = NULL;
			ok = round_of(a, &r, t, one) && ok;
			arena_drop(a);
			if (!ok)
				break;
		}
		printf("%sok %zu - %s: %zu rule sets answer as libseccomp's do\n", ok ? "" : "not ", ++tests,
		       at->name, rounds);
		failed += !ok;
	}
	printf("# %zu sets: %zu instructions, libseccomp's %zu; %zu sets longer\n", sets, total_ours,
	       total_theirs, longer);
	printf("# libseccomp's answers were wrong for %zu sets\n", wrong);
	printf("%sok %zu - no program is longer than libseccomp's tree\n", longer ? "not " : "", ++tests);
	printf("1..%zu\n", tests);
	return failed || longer;
}
