/* lint_text.c - texts that are read as a whole: their lines mean nothing in another order */
#include "policy/lint_text.h"

#include <string.h>

#include "core/str.h"

/* One element, from behind its "<" to before its ">". in: within a policy, before and after. */
static const char *dbus_element(const char *e, bool *in)
{
	bool closed = str_ends(e, "/");

	if (!strcmp(e, "/policy")) {
		if (!*in)
			return "</policy> without <policy>";
		*in = false;
		return NULL;
	}
	if (str_starts(e, "policy ")) {
		if (*in)
			return "a policy within a policy";
		*in = true;
		return closed ? "an empty policy" : NULL;
	}
	if (str_starts(e, "allow ") || str_starts(e, "deny ")) {
		if (!*in)
			return "a rule outside of a policy";
		return closed ? NULL : "a rule that is not closed";
	}
	if (!strcmp(e, "/limit") || str_starts(e, "limit "))
		return *in ? "a limit within a policy" : NULL;
	return "an element that is no policy, rule or limit";
}

const char *lint_dbus(struct arena *a, const char *text)
{
	bool in = false;

	while ((text = strchr(text, '<'))) {
		const char *end = strstr(text, str_starts(text, "<!--") ? "-->" : ">");

		if (!end)
			return "an element that does not end";
		if (!str_starts(text, "<!--")) {
			size_t n = (size_t)(end - text - 1);
			const char *fault = dbus_element(arena_dupn(a, text + 1, n), &in);

			if (fault)
				return fault;
		}
		text = end;
	}
	return in ? "a policy that is not closed" : NULL;
}

const char *lint_udev(struct arena *a, const char *text)
{
	while ((text = strstr(text, "GOTO=\""))) {
		text += strlen("GOTO=\"");
		const char *name = arena_dupn(a, text, strcspn(text, "\""));

		if (!strstr(text, arena_printf(a, "LABEL=\"%s\"", name)))
			return arena_printf(a, "GOTO=\"%s\" with no such label further down", name);
	}
	return NULL;
}
