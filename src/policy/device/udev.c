/* udev.c - rules for udev: LABEL.udev */
#include "policy/device/udev.h"

#include <string.h>

#include "core/str.h"
#include "policy/model/name.h"

/* Whole lines of an interface: order matters in them, they jump. */
static void add_own_rules(struct buf *out, const struct policy *p, const char *mark)
{
	for (size_t i = 0; i < p->pieces[BACK_UDEV].len; i++) {
		const struct piece *piece = &p->pieces[BACK_UDEV].at[i];
		bool said = false;

		for (size_t k = 0; k < i && !said; k++)
			said = !strcmp(p->pieces[BACK_UDEV].at[k].text, piece->text);
		if (said)
			continue;
		buf_printf(out, "\n# %s: %s %s\n", piece->iface->name,
			   piece->port->side == PLUG ? "plug" : "slot", piece->port->name);
		for (char **l = str_split(out->arena, piece->text, '\n', NULL); *l; l++)
			if (**l)
				buf_printf(out, "%s%s\n", mark, *l);
	}
}

bool udev_text(struct buf *out, const struct device_for *f, char *why)
{
	const char *tag = label_tag(out->arena, f->label), *mark = f->lax ? "#" : "";
	const struct iface *last = NULL;
	struct device_lines lines;

	if (!device_lines(out->arena, f->policy, &lines, why))
		return false;
	buf_printf(out, "# Devices of %s. Made by snapbox.\n", f->label);
	if (f->lax)
		buf_str(out, "# Not confined: what would be assigned is only listed.\n");
	/* A snap that makes device groups itself gets none from us, and no tags. */
	if (f->self)
		return true;
	add_own_rules(out, f->policy, mark);
	for (size_t i = 0; i < lines.len; i++) {
		const struct piece *piece = lines.at[i].piece;

		if (piece->iface != last)
			buf_printf(out, "\n# %s: %s %s\n", piece->iface->name,
				   piece->port->side == PLUG ? "plug" : "slot", piece->port->name);
		last = piece->iface;
		buf_printf(out, "%s%s, TAG+=\"%s\"\n", mark, lines.at[i].line, tag);
	}
	return true;
}
