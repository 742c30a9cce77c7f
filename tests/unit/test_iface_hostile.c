/* A271, R17: whatever a stranger writes into an attribute, each line of policy that comes of
 * it has the shape of one that comes of harmless values, or nothing comes of it.
 *
 * The cases of tests/golden/interfaces are the harmless ones. Each of their texts, keys
 * of free maps too, is replaced by, ended with and broken by what means
 * something in one of the languages; shapes are lines with values taken out. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "core/str.h"
#include "core/yaml.h"
#include "policy/policy.h"

static const char *const hostile[] = {
	"\"", "\\", "'", "`", ",", " ", "#", "$", "@", "@{", "@{HOME}", "${x}", "$(x)", "$(plug.label)",
	"{", "}", "{a,b}", "[", "]", "[a]", "[^a]", "*", "**", "?", "^", "!", "&", "|", ";", "<", ">",
	"(", ")", "%", "%k", "~", "=", "==", "+", "-", "--", "..", "/..", "/../", "/.", "//", "/",
	"\n", "\r", "\t", "\v", "\x7f", "\x01", "\xff", "\xc3\xa4", "\n/** rwx,\n", "\" rw, /** rwx, \"",
	" r, /** rw,", "\" -> \"/**", ") options=(suid", "\", RUN+=\"/bin/sh", "\"\nRUN+=\"x\"",
	"#include <x>", "include if exists \"/x\"", "\nptrace", " - - -", "\ninstall a /bin/sh",
	"\"/><allow own=\"*", "<!--", "-->", "&quot;", " none bind,suid 0 0\n/ /x", "\\040", "0x",
	"999999999999999999999", "-1", "null", "true", "SNAP_COMMON", "$SNAP_COMMON/", "$HOME/",
};

/* A line without its values: what is quoted is "", runs of plain signs are w, and so are
 * lists between brackets. */
static const char *shape_of(struct arena *a, enum backend k, const char *line)
{
	struct buf b = buf_new(a);
	bool quoted = false, last = false, list = false;

	if (k == BACK_MODPROBE) /* behind the name, the line is one value */
		return str_starts(line, "options ") && strchr(line + strlen("options "), ' ') ?
			"options" : str_starts(line, "blacklist ") ? "blacklist" : "bad";
	if (k == BACK_MOUNT || k == BACK_USER_MOUNT) { /* what, where, type, and options as they are */
		size_t n;
		char **f = str_split(a, line, ' ', &n);

		return n == 6 ? arena_printf(a, "mount %s", f[3]) : *line ? "bad" : "";
	}
	for (; *line; line++) {
		bool plain = *line == '\\' ? str_starts(line, "\\040") :
			     (list && *line == ',') || !strchr(" ,\"#()<>=|&;!'`$\t", *line);

		if (*line == '"')
			quoted = !quoted;
		if (quoted && *line != '"')
			continue;
		list = *line == '(' || (list && *line != ')');
		if (!plain || !last)
			buf_char(&b, plain ? 'w' : *line);
		last = plain;
	}
	if (quoted)
		buf_str(&b, " open quote");
	return buf_text(&b);
}

struct shapes {
	struct words of[BACK_COUNT];
};

static bool has(const struct words *w, const char *s)
{
	for (size_t i = 0; i < w->len; i++)
		if (!strcmp(w->at[i], s))
			return true;
	return false;
}

static struct port *port_of(struct arena *a, enum side side, const char *interface,
			    const struct node *attrs)
{
	struct snap *s = NEW(a, struct snap);
	struct port *p = NEW(a, struct port);
	struct app *app = NEW(a, struct app);

	s->name = s->instance = side == PLUG ? "probe" : "provider";
	s->revision = "7";
	app->name = "app";
	app->snap = s;
	vec_push(a, &s->apps, app);
	p->side = side;
	p->name = "port";
	p->interface = interface;
	p->snap = s;
	p->attrs = attrs && attrs->kind == NODE_MAP ? attrs : node_new(a, NODE_MAP, 0, 0);
	vec_push(a, side == PLUG ? &app->plugs : &app->slots, p);
	return p;
}

/* One case as it stands now: learn its shapes, or see that it has no others. The number of
 * sides that were not refused. */
static int look(struct arena *a, const struct node *root, struct shapes *known, bool learn,
		const char *what)
{
	const char *interface = node_text(root, "interface"), *system = node_text(root, "system");
	struct conn c = {port_of(a, PLUG, interface, node_get(root, "plug")),
			 port_of(a, SLOT, interface, node_get(root, "slot")), false, system};
	int taken = 0;

	for (int side = PLUG; side <= (system ? PLUG : SLOT); side++) {
		struct port *p = side == PLUG ? (struct port *)c.plug : (struct port *)c.slot;
		struct ports mine = {&p, 1, 1}, none = {0};
		struct policy_target t = {.classic = true};
		struct policy got;
		char why[WHY_MAX] = "";

		if (!policy_gather(a, &got, p->snap, side == PLUG ? &mine : &none,
				   side == SLOT ? &mine : &none, &c, 1, &t, why)) {
			if (!*why || strlen(why) >= WHY_MAX)
				fail_msg("%s: refused without a reason", what);
			continue;
		}
		taken++;
		for (size_t k = 0; k < BACK_COUNT; k++)
			for (size_t i = 0; i < got.pieces[k].len; i++)
				for (char **l = str_split(a, got.pieces[k].at[i].text, '\n', NULL); *l; l++) {
					const char *shape = shape_of(a, (enum backend)k, *l);

					if (learn && !has(&known->of[k], shape))
						vec_push(a, &known->of[k], shape);
					else if (!has(&known->of[k], shape))
						fail_msg("%s makes a line of %s: %s", what,
							 backend_names[k], *l);
				}
	}
	return taken;
}

/* value in place of *text, behind it, and in its middle. */
static void try_text(struct arena *a, const struct node *root, struct shapes *known,
		     const char **text, const char *value, int *taken)
{
	const char *old = *text;
	size_t half = strlen(old) / 2;
	const char *forms[] = {
		value, arena_printf(a, "%s%s", old, value),
		arena_printf(a, "%.*s%s%s", (int)half, old, value, old + half),
	};

	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
		struct arena *work = arena_new();

		*text = forms[i];
		*taken += look(work, root, known, false,
			       arena_printf(a, "%s: \"%s\"", node_text(root, "interface"), forms[i]));
		arena_drop(work);
	}
	*text = old;
}

static size_t count_of(const struct node *top)
{
	struct node_walk w = {0};
	size_t count = 0;

	for (const struct node *n = top; n; n = node_walk(&w, n))
		count++;
	return count;
}

/* Is the node in a map whose keys are for udev to know? Other keys mean something. */
static bool is_free(const struct node_walk *w)
{
	const struct node *in = w->depth ? w->up[w->depth - 1] : NULL;

	return in && in->key && (str_eq(in->key, "attributes") || str_eq(in->key, "environment"));
}

/* All texts of one case, and keys of maps that the interface leaves free. Of cases with
 * many texts each gets its share of what is hostile, else this takes minutes. */
static void try_case(struct arena *a, const struct node *root, int *taken)
{
	static const char *const sides[] = {"plug", "slot"};
	struct shapes known = {0};
	size_t number = 0;

	look(a, root, &known, true, "");
	for (size_t s = 0; s < 2; s++) {
		struct node *top = (struct node *)node_get(root, sides[s]);
		size_t step = count_of(top) > 20 ? 11 : 3;
		struct node_walk w = {0};

		for (struct node *n = top; n; n = (struct node *)node_walk(&w, n), number++)
			for (size_t h = number % step; h < sizeof hostile / sizeof hostile[0]; h += step) {
				bool was = n->quoted;

				n->quoted = number % 4 != 0; /* as most are: else 5 is a number */
				if (n->kind == NODE_TEXT)
					try_text(a, root, &known, &n->text, hostile[h], taken);
				n->quoted = was;
				if (is_free(&w))
					try_text(a, root, &known, &n->key, hostile[h], taken);
			}
	}
}

static void lines_keep_their_shape(void **state)
{
	const char *dir = getenv("GOLDEN_DIR");
	int at = open(dir ? dir : "", O_RDONLY | O_DIRECTORY | O_CLOEXEC), taken = 0;
	size_t n = 0;

	assert_true(at >= 0);
	char **files = fs_list(*state, at, ".", &n);
	for (size_t i = 0; i < n; i++) {
		struct arena *a = arena_new();
		char why[WHY_MAX];
		int fd = str_ends(files[i], ".yaml") ? openat(at, files[i], O_RDONLY | O_CLOEXEC) : -1;
		char *text = fd < 0 ? NULL : fs_read_fd(a, fd, (size_t)1 << 20, NULL);
		const struct node *root = text ? yaml_parse(a, text, strlen(text), why) : NULL;

		if (fd >= 0)
			close(fd);
		if (root)
			try_case(a, root, &taken);
		arena_drop(a);
	}
	assert_true(taken > 1000); /* not all was refused: there was something to look at */
	print_message("%d policies\n", taken);
}

int main(void)
{
	return RUN(UNIT(lines_keep_their_shape));
}
