/* kconfig.h - debug kernel-config: is a kernel built with what confinement takes? */
#ifndef APPLETS_LIB_KCONFIG_H
#define APPLETS_LIB_KCONFIG_H

#include "applets/applet.h"

#define KCONFIG_MAX ((size_t)4 << 20)

/* What an option is set to. */
enum kconfig_value { KCONFIG_NO, KCONFIG_MODULE, KCONFIG_YES, KCONFIG_OTHER };

/* In the text of a .config. Not there is KCONFIG_NO; what is there twice counts as it
 * stands last, as for the kernel's own tools. */
enum kconfig_value kconfig_find(const char *text, const char *option);

/* Of FILE, which may be compressed; without it that of the running kernel. EXIT_DONE;
 * EXIT_WEAKER when something of use is missing, EXIT_REFUSED when snaps cannot run. */
int kconfig_show(struct cmd *c);

#endif
