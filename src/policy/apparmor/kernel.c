/* kernel.c - give compiled policy to the kernel */
#include "policy/apparmor/kernel.h"

#include <errno.h>
#include <sys/apparmor.h>

/* Every kernel we run on takes all profiles of one write at once. The library would
 * ask the running kernel, which need not be the one at securityfs. */
static aa_kernel_interface *interface(const char *securityfs)
{
	static const char set_load[] = "policy {set_load {yes\n}\n}\n";
	aa_features *f = NULL;
	aa_kernel_interface *k = NULL;

	if (aa_features_new_from_string(&f, set_load, sizeof set_load - 1))
		return NULL;
	if (aa_kernel_interface_new(&k, f, securityfs))
		k = NULL;
	int saved = errno;
	aa_features_unref(f);
	errno = saved;
	return k;
}

bool kernel_load(const char *securityfs, enum kernel_how how, const void *policy, size_t len)
{
	aa_kernel_interface *k = interface(securityfs);
	int failed, saved;

	if (!k)
		return false;
	failed = how == KERNEL_ADD ? aa_kernel_interface_load_policy(k, policy, len)
				   : aa_kernel_interface_replace_policy(k, policy, len);
	saved = errno;
	aa_kernel_interface_unref(k);
	errno = saved;
	return !failed;
}

bool kernel_remove(const char *securityfs, const char *name)
{
	aa_kernel_interface *k = interface(securityfs);
	int failed, saved;

	if (!k)
		return false;
	failed = aa_kernel_interface_remove_policy(k, name);
	saved = errno;
	aa_kernel_interface_unref(k);
	errno = saved;
	return !failed;
}

const char *kernel_features_dir(void)
{
	return "/sys/kernel/security/apparmor/features";
}
