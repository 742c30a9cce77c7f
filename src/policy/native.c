/* native.c - what interface files cannot say */
#include "policy/native.h"

#include <string.h>

#include "policy/native/all.h"

/* One line an interface. */
static const struct native *const natives[] = {
	&native_content,
	&native_cups,
	&native_custom_device,
	&native_gpio_chardev,
	&native_mount_control,
	&native_shared_memory,
};

const struct native *native_find(const char *name)
{
	for (size_t i = 0; i < sizeof natives / sizeof natives[0]; i++)
		if (!strcmp(natives[i]->name, name))
			return natives[i];
	return NULL;
}

bool native_check(struct arena *a, const struct iface *i, const struct port *p, char *why)
{
	const struct native *n = i->native ? native_find(i->native) : NULL;

	return !n || !n->check || n->check(a, i, p, why);
}

bool native_text(struct buf *out, const char *name, enum moment m, enum backend k,
		 const struct scope *s, char *why)
{
	const struct native *n = name ? native_find(name) : NULL;

	return !n || !n->text || n->text(out, m, k, s, why);
}
