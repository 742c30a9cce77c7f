/* custom_device.c - custom-device: which udev match lets a plug at which device
 *
 * Each device of a slot is matched by its name, unless a rule below "udev-tagging"
 * says how to match it better. Which rule is about which device is what the blocks
 * of the interface's file cannot say.
 */
#include <stdio.h>
#include <string.h>

#include "core/str.h"
#include "policy/native/all.h"
#include "policy/fit.h"

__attribute__((format(printf, 3, 4)))
static bool refuse(char *why, const struct port *p, const char *fmt, ...)
{
	int n = snprintf(why, WHY_MAX, "slot \"%.40s\" of interface custom-device: ", p->name);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why + n, WHY_MAX - (size_t)n, fmt, ap);
	va_end(ap);
	return false;
}

static bool lists(const struct node *list, const char *text)
{
	for (const struct node *n = list ? list->first : NULL; n; n = n->next)
		if (!strcmp(n->text, text))
			return true;
	return false;
}

/* All devices of a slot, those to read last. */
static struct words devices_of(struct arena *a, const struct port *p)
{
	static const char *const keys[] = {"devices", "read-devices", NULL};
	struct words all = {0};

	for (const char *const *k = keys; *k; k++) {
		const struct node *list = node_get(p->attrs, *k);

		for (const struct node *n = list ? list->first : NULL; n; n = n->next)
			vec_push(a, &all, n->text + strlen("/dev/"));
	}
	return all;
}

static const char *base_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

#define KEY_SIGNS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./"

static bool is_value(const struct node *n)
{
	if (n->kind != NODE_TEXT || node_type(n) != TYPE_TEXT || !*n->text)
		return false;
	for (const char *p = n->text; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f || strchr("\"{}\\$", *p))
			return false;
	return true;
}

/* Keys and values of "attributes" and "environment" are texts for udev. */
static bool check_pairs(const struct port *p, const struct node *map, char *why)
{
	if (map && map->kind != NODE_MAP)
		return refuse(why, p, "udev-tagging: %s must be a map", map->key);
	for (const struct node *n = map ? map->first : NULL; n; n = n->next)
		if (!*n->key || !str_only(n->key, KEY_SIGNS) || !is_value(n))
			return refuse(why, p, "udev-tagging: %s: \"%.40s\" is no name with a text",
				      map->key, n->key);
	return true;
}

static bool check_rule(const struct port *p, const struct node *rule, const struct words *devices,
		       char *why)
{
	const char *kernel = node_text(rule, "kernel"), *target = node_text(rule, "for-device");
	size_t same = 0;

	if (!check_pairs(p, node_get(rule, "attributes"), why) ||
	    !check_pairs(p, node_get(rule, "environment"), why))
		return false;
	if (target && *target)
		return (str_starts(target, "/dev/") &&
			words_have(devices, target + strlen("/dev/"))) ||
		       refuse(why, p, "udev-tagging: for-device: there is no device %.64s", target);
	if (words_have(devices, kernel))
		return true;
	for (size_t i = 0; i < devices->len; i++)
		same += !strcmp(base_of(devices->at[i]), kernel);
	return same == 1 ||
	       refuse(why, p, "udev-tagging: kernel \"%.64s\" is the name of %s", kernel,
		      same ? "more than one device" : "no device");
}

static bool check(struct arena *a, const struct iface *i, const struct port *p, char *why)
{
	const struct node *both = node_get(p->attrs, "devices");
	const struct node *rules = node_get(p->attrs, "udev-tagging");
	const struct node *read = node_get(p->attrs, "read-devices");

	(void)i;
	if (p->side == PLUG)
		return true;
	struct words devices = devices_of(a, p);
	for (const struct node *n = read ? read->first : NULL; n; n = n->next)
		if (lists(both, n->text))
			return refuse(why, p, "%.64s is in devices and in read-devices", n->text);
	for (const struct node *n = rules ? rules->first : NULL; n; n = n->next)
		if (!check_rule(p, n, &devices, why))
			return false;
	return true;
}

/* KEY=="value", or with a brace: KEY{name}=="value". Later ones begin with a comma. */
static bool put_match(struct buf *out, const char *key, const char *name, const char *value)
{
	buf_printf(out, "%s%s", out->len && out->data[out->len - 1] == '"' ? ", " : "", key);
	if (name) {
		buf_char(out, '{');
		if (!fit_add(out, BACK_DEVICE, name, false, "}"))
			return false;
		buf_char(out, '}');
	}
	buf_str(out, "==\"");
	if (!fit_add(out, BACK_DEVICE, value, true, "\""))
		return false;
	buf_char(out, '"');
	return true;
}

static bool put_pairs(struct buf *out, const char *key, const struct node *map)
{
	for (const struct node *n = map ? map->first : NULL; n; n = n->next)
		if (!put_match(out, key, n->key, n->text))
			return false;
	return true;
}

/* The match that a rule of the slot's describes. */
static bool put_rule(struct buf *out, const struct node *rule)
{
	const char *subsystem = node_text(rule, "subsystem");

	if (!put_match(out, "KERNEL", NULL, node_text(rule, "kernel")) ||
	    (subsystem && !put_match(out, "SUBSYSTEM", NULL, subsystem)) ||
	    !put_pairs(out, "ENV", node_get(rule, "environment")) ||
	    !put_pairs(out, "ATTR", node_get(rule, "attributes")))
		return false;
	buf_char(out, '\n');
	return true;
}

/* The device that a rule stands for: its for-device, or what its kernel names. */
static const char *target_of(const struct node *rule)
{
	const char *target = node_text(rule, "for-device");

	return target && *target ? target + strlen("/dev/") : node_text(rule, "kernel");
}

static const struct node *rule_of(const struct node *rules, const char *name)
{
	const struct node *found = NULL;

	for (const struct node *n = rules ? rules->first : NULL; n; n = n->next)
		if (!strcmp(target_of(n), name))
			found = n; /* the last one counts */
	return found;
}

/* A device without a rule is matched by its name, and by its last part as well: what
 * lies in a directory of /dev may be a link of udev's making. Unless a rule or
 * another device has that name. */
static bool put_plain(struct buf *out, const struct words *devices, const struct node *rules,
		      const char *name)
{
	const char *base = base_of(name);

	if (base != name && rule_of(rules, base) && !words_have(devices, base))
		return true; /* the rule of that name is about this device */
	if (!put_match(out, "KERNEL", NULL, name))
		return false;
	buf_char(out, '\n');
	if (base == name || rule_of(rules, base) || words_have(devices, base))
		return true;
	if (!put_match(out, "KERNEL", NULL, base))
		return false;
	buf_char(out, '\n');
	return true;
}

static bool text(struct buf *out, enum moment m, enum backend k, const struct scope *s, char *why)
{
	bool ok = true;

	if (m != CONNECTED_PLUG || k != BACK_DEVICE)
		return true;
	const struct node *rules = node_get(s->slot->attrs, "udev-tagging");
	struct words devices = devices_of(out->arena, s->slot);
	for (const struct node *n = rules ? rules->first : NULL; n && ok; n = n->next)
		if (rule_of(rules, target_of(n)) == n)
			ok = put_rule(out, n);
	for (size_t i = 0; i < devices.len && ok; i++)
		if (!rule_of(rules, devices.at[i]))
			ok = put_plain(out, &devices, rules, devices.at[i]);
	return ok || refuse(why, s->slot, "udev-tagging: characters that rules are made of");
}

const struct native native_custom_device = {
	.name = "custom-device", .check = check, .text = text,
};
