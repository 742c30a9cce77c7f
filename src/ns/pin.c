/* pin.c - a new mount namespace that outlives its maker
 *
 * A mount of the namespace's file holds it. That mount can only be made from outside,
 * so the maker goes out again for it.
 */
#include "ns/pin.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include "core/die.h"
#include "core/fs.h"
#include "core/mountfd.h"
#include "ns/nsfd.h"

#define PIN_TRIES 64

/* Move to the next processor this process may use. On Linux 6.18 namespaces are
 * numbered in batches per processor, and one with a lower number than that of the
 * namespace it is pinned in is refused with EINVAL (behaviour.md M15). */
static void change_processor(const cpu_set_t *allowed, int *cpu)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	for (int i = 0; i < CPU_SETSIZE; i++) {
		*cpu = (*cpu + 1) % CPU_SETSIZE;
		if (CPU_ISSET(*cpu, allowed))
			break;
	}
	CPU_SET(*cpu, &one);
	sched_setaffinity(0, sizeof one, &one);
}

static bool pin(int dir, const char *name, int ns)
{
	int tree = mountfd_clone(ns, "", false), at;
	bool done = false;

	if (tree < 0 && errno == EINVAL)
		return false;
	if (tree < 0)
		die("pin the namespace: %m");
	at = fs_open(dir, name, O_RDONLY | O_CREAT | O_NOFOLLOW, 0600);
	if (at < 0)
		die("%s: %m", name);
	done = !mountfd_attach(tree, at);
	if (!done && errno != EINVAL && errno != ELOOP)
		die("pin the namespace: %m");
	close(at);
	close(tree);
	return done;
}

int pin_new(int dir, const char *name, int host)
{
	cpu_set_t allowed;
	int cpu = sched_getcpu(), ns = -1;

	if (sched_getaffinity(0, sizeof allowed, &allowed))
		die("processors: %m");
	for (int i = 0; i < PIN_TRIES && ns < 0; i++) {
		if (i)
			change_processor(&allowed, &cpu);
		if (unshare(CLONE_NEWNS))
			die("new mount namespace: %m");
		ns = nsfd_self();
		if (ns < 0)
			die("/proc/self/ns/mnt: %m");
		/* Only from outside can it be pinned. */
		if (setns(host, CLONE_NEWNS))
			die("back to the first mount namespace: %m");
		if (!nsfd_is_younger(ns, host) || !pin(dir, name, ns)) {
			close(ns);
			ns = -1;
		}
		if (i && ns >= 0)
			sched_setaffinity(0, sizeof allowed, &allowed);
	}
	if (ns < 0)
		die("pin the namespace: the kernel refused %d times", PIN_TRIES);
	return ns;
}
