/* grade.c - what each part of a policy comes to on a kernel
 *
 * MUST NOT call a part substituted unless what takes its place was asked for in the same
 * plan, and this kernel can do it.
 */
#include "policy/substitute/grade.h"

#include <string.h>

#include "core/str.h"
#include "policy/substitute/calls.h"

const char *const facility_names[FACILITY_COUNT] = {
	[FACILITY_CALLS] = "system calls",
	[FACILITY_FILES] = "files",
	[FACILITY_NETWORK] = "network",
	[FACILITY_ABSTRACT] = "abstract sockets",
	[FACILITY_SOCKETS] = "named sockets",
	[FACILITY_SIGNALS] = "signals",
	[FACILITY_PTRACE] = "ptrace",
	[FACILITY_CAPABILITIES] = "capabilities",
	[FACILITY_MOUNTS] = "mounts",
	[FACILITY_USERNS] = "user namespaces",
};
const char *const grade_names[] = {"enforced", "substituted", "missing"};
const char *const sum_words[] = {"strict", "substituted", "partial", "none"};
const char *const sum_names[] = {"strict", "strict (substituted)", "partial", "none"};

/* What the kernel's AppArmor must have; the first that is there of a "|" list counts.
 * NAME=WORD: a list that has that word. */
static const char *const features[FACILITY_COUNT] = {
	[FACILITY_FILES] = "file",
	[FACILITY_NETWORK] = "network_v9|network_v8|network",
	[FACILITY_ABSTRACT] = "network_v9/af_unix|network/af_unix|unix",
	[FACILITY_SOCKETS] = "network_v9/af_unix|network/af_unix|unix",
	[FACILITY_SIGNALS] = "signal",
	[FACILITY_PTRACE] = "ptrace",
	[FACILITY_CAPABILITIES] = "caps",
	[FACILITY_MOUNTS] = "mount",
	[FACILITY_USERNS] = "namespaces/mask=userns_create",
};

static bool has_word(const char *list, const char *word, size_t n)
{
	for (; *list; list += strcspn(list, " "), list += *list == ' ')
		if (!strncmp(list, word, n) && strcspn(list, " ") == n)
			return true;
	return false;
}

static bool has(const struct host *h, const char *name, size_t n)
{
	const char *equals = memchr(name, '=', n);
	size_t k = equals ? (size_t)(equals - name) : n;

	for (size_t i = 0; i < h->count; i++) {
		const struct host_fact *f = &h->facts[i];

		if (f->state == HOST_PRESENT && str_eq(f->group, "apparmor") &&
		    !strncmp(f->name, name, k) && !f->name[k] &&
		    (!equals || has_word(f->detail, equals + 1, n - k - 1)))
			return true;
	}
	return false;
}

bool grade_apparmor(const struct host *h, enum facility f)
{
	const char *list = h->apparmor ? features[f] : NULL;

	for (size_t n; list && *list; list += n + (list[n] == '|')) {
		n = strcspn(list, "|");
		if (has(h, list, n))
			return true;
	}
	return false;
}

static struct grade_row row(enum enforcement g, const char *detail)
{
	return (struct grade_row){g, detail};
}

static bool guards(const struct grade_app *app, const char *word)
{
	const char *at = strstr(app->files->guard, word);

	return at && (!at[strlen(word)] || at[strlen(word)] == ' ');
}

static struct grade_row without_files(const struct host *h, const struct grade_app *app)
{
	if (app->files->missing)
		return row(GRADE_MISSING, app->files->missing);
	if (!h->landlock_abi)
		return row(GRADE_MISSING, "it may do with files what its user may, as far as its "
					  "namespace shows them");
	if (h->landlock_abi < 3)
		return row(GRADE_MISSING, "Landlock of this kernel does not guard truncation");
	return row(GRADE_SUBSTITUTED, "Landlock");
}

static struct grade_row without_network(const struct host *h, const struct grade_app *app)
{
	const struct host_fact *f = host_fact(h, "seccomp", "");

	(void)app;
	if (!f || f->state != HOST_PRESENT)
		return row(GRADE_MISSING, "it may use every network");
	return row(GRADE_SUBSTITUTED, "the system call filter, by family");
}

static struct grade_row without_abstract(const struct host *h, const struct grade_app *app)
{
	if (h->landlock_abi < 6)
		return row(GRADE_MISSING, "it may connect to every abstract socket");
	if (app->files->missing)
		return row(GRADE_MISSING, app->files->missing);
	if (!guards(app, "abstract"))
		return row(GRADE_MISSING, "its rules allow some, so it may connect to every one");
	return row(GRADE_SUBSTITUTED, "Landlock");
}

static struct grade_row without_sockets(const struct host *h, const struct grade_app *app)
{
	(void)h;
	if (app->view->run)
		return row(GRADE_MISSING, "it may connect to sockets in /run that its user may");
	if (app->view->show.len)
		return row(GRADE_SUBSTITUTED, "a /run of its own, with the parts that rules name");
	return row(GRADE_SUBSTITUTED, "a /run of its own");
}

static struct grade_row without_signals(const struct host *h, const struct grade_app *app)
{
	if (h->landlock_abi < 6)
		return row(GRADE_MISSING, "it may signal all processes of its user");
	if (app->files->missing)
		return row(GRADE_MISSING, app->files->missing);
	if (!guards(app, "signals"))
		return row(GRADE_MISSING, "its rules allow some, so it may signal all that its "
					  "user may");
	return row(GRADE_SUBSTITUTED, "Landlock");
}

static struct grade_row without_ptrace(const struct host *h, const struct grade_app *app)
{
	if (!guards(app, "files") || !h->landlock_abi)
		return row(GRADE_MISSING, "it may look into the processes of its user");
	return row(GRADE_SUBSTITUTED, "Landlock");
}

static struct grade_row without_mounts(const struct host *h, const struct grade_app *app)
{
	(void)h;
	if (calls_has_rule(app->profile, AP_MOUNT))
		return row(GRADE_MISSING, "its rules allow some mounts, so it may make any");
	return row(GRADE_SUBSTITUTED, "the system call filter");
}

static struct grade_row without_userns(const struct host *h, const struct grade_app *app)
{
	(void)h;
	if (calls_has_rule(app->profile, AP_USERNS))
		return row(GRADE_ENFORCED, "its rules allow them");
	return row(GRADE_SUBSTITUTED, "the system call filter");
}

static struct grade_row without_caps(const struct host *h, const struct grade_app *app)
{
	(void)h;
	(void)app;
	return row(GRADE_SUBSTITUTED, "the bounding set");
}

static struct grade_row (*const without[FACILITY_COUNT])(const struct host *,
							const struct grade_app *) = {
	[FACILITY_FILES] = without_files,
	[FACILITY_NETWORK] = without_network,
	[FACILITY_ABSTRACT] = without_abstract,
	[FACILITY_SOCKETS] = without_sockets,
	[FACILITY_SIGNALS] = without_signals,
	[FACILITY_PTRACE] = without_ptrace,
	[FACILITY_CAPABILITIES] = without_caps,
	[FACILITY_MOUNTS] = without_mounts,
	[FACILITY_USERNS] = without_userns,
};

void grade_app(struct grade_row rows[FACILITY_COUNT], const struct host *h,
	       const struct grade_app *app)
{
	const struct host_fact *calls = host_fact(h, "seccomp", "");
	bool filters = calls && calls->state == HOST_PRESENT;

	for (int f = 0; f < FACILITY_COUNT; f++) {
		if (!app->profile)
			rows[f] = row(GRADE_MISSING, "not asked for");
		else if (f == FACILITY_CALLS)
			rows[f] = filters ? row(GRADE_ENFORCED, "seccomp") :
					    row(GRADE_MISSING, "it may make every system call");
		else if (grade_apparmor(h, (enum facility)f))
			rows[f] = row(GRADE_ENFORCED, "AppArmor");
		else
			rows[f] = without[f](h, app);
	}
}

enum grade_sum grade_sum(const struct grade_row rows[FACILITY_COUNT], const struct grade_app *app)
{
	enum grade_sum sum = SUM_STRICT;

	if (!app->profile)
		return SUM_NONE;
	for (int f = 0; f < FACILITY_COUNT; f++) {
		if (rows[f].grade == GRADE_MISSING)
			return SUM_PARTIAL;
		if (rows[f].grade == GRADE_SUBSTITUTED)
			sum = SUM_SUBSTITUTED;
	}
	return sum;
}
