/* compile.c - rules to the two programs that the kernel gets
 *
 * Every program MUST first look at the architecture, kill what is foreign to
 * the target (numbers mean something else there), and answer every number that
 * no rule names with its default. Deny rules MUST NOT be weaker behind a call
 * that multiplexes others: its arguments are in memory, so all of it is denied.
 */
#include "seccomp/compile.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/str.h"
#include "seccomp/decide.h"
#include "seccomp/filter.h"
#include "seccomp/resolve.h"

#define CALL_RULES_MAX 4096

_Static_assert(FILTER_WHY <= COMPILE_WHY, "one buffer serves both");

struct call {
	uint32_t nr;
	uint32_t rule;
	bool absent;
};

struct compiler {
	struct arena *arena;
	struct decide decide;
	struct graph graph;
	bool deny;
	uint32_t otherwise, kill;
	VEC(const char *) skipped;
	char *why;
};

/* One or two conjunctions of at most two tests, as a 64-bit compare is on 32-bit words. */
struct ways {
	struct test test[2][2];
	size_t tests[2], count;
};

static void add(struct ways *w, uint32_t word, uint32_t mask, uint32_t low, uint32_t high,
		bool outside)
{
	/* What always holds is not asked; low above high was kept out by the caller. */
	if (mask && (low || high < mask || outside))
		w->test[w->count][w->tests[w->count]++] =
			(struct test){word, mask, low, high, outside};
}

/* Upper word in a range, then any lower word. */
static void add_upper(struct ways *w, uint32_t word, uint64_t low, uint64_t high)
{
	if (low > high || high > UINT32_MAX)
		return;
	add(w, word, UINT32_MAX, (uint32_t)low, (uint32_t)high, false);
	w->count++;
}

/* Upper word as given (or not looked at), lower word in a range. */
static void add_lower(struct ways *w, uint32_t word, bool narrow, uint32_t upper, uint64_t low,
		      uint64_t high)
{
	if (low > high || high > UINT32_MAX)
		return;
	if (!narrow)
		add(w, word, UINT32_MAX, upper, upper, false);
	add(w, word + 1, UINT32_MAX, (uint32_t)low, (uint32_t)high, false);
	w->count++;
}

static struct ways ways_of(const struct sc_cond *c, bool narrow)
{
	struct ways w = {0};
	uint32_t word = WORD_ARGS + 2u * c->arg;
	uint32_t up = narrow ? 0 : (uint32_t)(c->value >> 32), lo = (uint32_t)c->value;

	switch (c->op) {
	case SC_EQ:
		add_lower(&w, word, narrow, up, lo, lo);
		break;
	case SC_NE:
		if (!narrow) {
			add(&w, word, UINT32_MAX, up, up, true);
			w.count++;
			add(&w, word, UINT32_MAX, up, up, false);
		}
		add(&w, word + 1, UINT32_MAX, lo, lo, true);
		w.count++;
		break;
	case SC_LT:
	case SC_LE:
		if (!narrow && up)
			add_upper(&w, word, 0, (uint64_t)up - 1);
		if (c->op == SC_LE || lo)
			add_lower(&w, word, narrow, up, 0, c->op == SC_LE ? lo : lo - 1);
		break;
	case SC_GT:
	case SC_GE:
		if (!narrow)
			add_upper(&w, word, (uint64_t)up + 1, UINT32_MAX);
		add_lower(&w, word, narrow, up, (uint64_t)lo + (c->op == SC_GT), UINT32_MAX);
		break;
	case SC_MASKED:
		if (!narrow)
			add(&w, word, (uint32_t)(c->mask >> 32), up, up, false);
		add(&w, word + 1, (uint32_t)c->mask, lo, lo, false);
		w.count++;
		break;
	}
	return w;
}

/* All conjunctions that a rule stands for, as ids of decide.h. Returns how many. */
#define ALTERNATIVES (1 << SC_ARGS)

static size_t expand(struct compiler *c, const struct sc_arch *arch, const struct sc_cond *cond,
		     size_t count, uint32_t out[ALTERNATIVES])
{
	size_t n = 1;

	out[0] = REST_MET;
	while (count--) {
		struct ways w = ways_of(&cond[count], cond[count].low || arch->bits == 32);
		uint32_t next[ALTERNATIVES];
		size_t m = 0;

		for (size_t i = 0; i < n; i++) {
			for (size_t k = 0; k < w.count; k++) {
				uint32_t rest = out[i];

				for (size_t t = w.tests[k]; t; t--)
					rest = decide_rule(&c->decide, &w.test[k][t - 1], rest);
				next[m++] = rest;
			}
		}
		memcpy(out, next, m * sizeof *out);
		n = m;
	}
	return n;
}

/* What the first argument must be for a call behind another (C23): exactly that to be
 * allowed, anything that the kernel takes for it to be denied. */
static struct sc_cond selects(const struct compiler *c, const struct sc_number *at)
{
	if (!c->deny)
		return (struct sc_cond){.op = SC_EQ, .value = at->sub};
	return (struct sc_cond){.op = SC_MASKED, .low = true, .mask = at->mask, .value = at->sub};
}

static bool why(const struct compiler *c, unsigned line, const char *text, const char *name)
{
	snprintf(c->why, COMPILE_WHY, "line %u: %s%s", line, name, text);
	return false;
}

static void skip(struct compiler *c, const char *name)
{
	for (size_t i = 0; i < c->skipped.len; i++)
		if (str_eq(c->skipped.at[i], name))
			return;
	vec_push(c->arena, &c->skipped, name);
}

struct calls {
	VEC(struct call) list;
};

static bool add_rule(struct compiler *c, const struct sc_arch *arch, const struct sc_rule *rule,
		     struct calls *out)
{
	struct sc_number at[SC_NUMBERS];
	uint32_t rests[ALTERNATIVES];
	int numbers = resolve_name(arch, rule->call, at);

	if (numbers < 0 && c->deny)
		return why(c, rule->line, ": no such system call to deny", rule->call);
	if (numbers < 0)
		skip(c, rule->call);
	for (int i = 0; i < numbers; i++) {
		struct sc_cond sub = selects(c, &at[i]);
		size_t n = at[i].mask ? expand(c, arch, &sub, 1, rests)
				      : expand(c, arch, rule->cond, rule->count, rests);

		for (size_t k = 0; k < n; k++)
			vec_push(c->arena, &out->list,
				 ((struct call){at[i].nr, rests[k], rule->absent}));
	}
	return true;
}

static int by_number(const void *x, const void *y)
{
	const struct call *a = x, *b = y;

	if (a->nr != b->nr)
		return a->nr < b->nr ? -1 : 1;
	return (a->rule > b->rule) - (a->rule < b->rule);
}

static void add_cell(struct cell *cells, size_t *n, uint64_t start, uint32_t node)
{
	if (start > UINT32_MAX)
		return;
	if (*n && cells[*n - 1].start == start)
		cells[*n - 1].node = node;
	else
		cells[(*n)++] = (struct cell){(uint32_t)start, node};
}

/* The graph for one architecture, from where the number is loaded. */
static bool add_arch(struct compiler *c, const struct sc_arch *arch, const struct sc_filter *f,
		     uint32_t *node)
{
	struct calls calls = {0};
	size_t n = 0;

	for (size_t i = 0; i < f->count; i++)
		if (f->rules[i].deny == c->deny && !add_rule(c, arch, &f->rules[i], &calls))
			return false;
	if (calls.list.len)
		qsort(calls.list.at, calls.list.len, sizeof *calls.list.at, by_number);

	struct cell *cells = NEW_N(c->arena, struct cell, calls.list.len * 2 + 4);
	add_cell(cells, &n, 0, arch->space == SPACE_X32 ? c->kill : c->otherwise);
	if (arch->space == SPACE_X32)
		add_cell(cells, &n, SC_X32_BIT, c->otherwise);
	for (size_t i = 0, end; i < calls.list.len; i = end) {
		uint32_t *rules = NEW_N(c->arena, uint32_t, calls.list.len - i);
		bool absent = false;

		for (end = i; end < calls.list.len && calls.list.at[end].nr == calls.list.at[i].nr;
		     end++) {
			rules[end - i] = calls.list.at[end].rule;
			absent |= calls.list.at[end].absent;
		}
		if (end - i > CALL_RULES_MAX) {
			snprintf(c->why, COMPILE_WHY, "more than %d rules for one system call",
				 CALL_RULES_MAX);
			return false;
		}
		uint32_t then = absent ? graph_return(&c->graph, SECCOMP_RET_ERRNO | ENOSYS) :
					 decide_any(&c->decide, rules, end - i, c->otherwise);
		add_cell(cells, &n, calls.list.at[i].nr, then);
		add_cell(cells, &n, (uint64_t)calls.list.at[i].nr + 1, c->otherwise);
	}
	/* -1 is what a tracer makes of a call that it wants skipped: never a reason to kill. */
	if (arch->space == SPACE_BELOW_X32) {
		add_cell(cells, &n, SC_X32_BIT, c->kill);
		add_cell(cells, &n, UINT32_MAX, c->otherwise);
	}
	*node = graph_load(&c->graph, WORD_NR, graph_search(&c->graph, cells, n));
	return true;
}

static bool compile_one(struct compiler *c, const struct sc_filter *f, struct sc_target target,
			uint32_t match, uint32_t otherwise, struct sc_program *out)
{
	uint32_t first, second, root;

	c->graph = graph_new(c->arena);
	c->kill = graph_return(&c->graph, SECCOMP_RET_KILL_PROCESS);
	c->otherwise = graph_return(&c->graph, otherwise);
	decide_start(&c->decide, &c->graph, graph_return(&c->graph, match));

	root = c->kill;
	if (target.second) {
		if (!add_arch(c, target.second, f, &second))
			return false;
		root = graph_node(&c->graph, NODE_EQ, target.second->audit, second, root);
	}
	if (!add_arch(c, target.arch, f, &first))
		return false;
	root = graph_node(&c->graph, NODE_EQ, target.arch->audit, first, root);
	root = graph_load(&c->graph, WORD_ARCH, root);
	if (emit_program(&c->graph, root, target.arch->big, out))
		return true;
	snprintf(c->why, COMPILE_WHY, "the %s program would be longer than %d instructions",
		 c->deny ? "deny" : "allow", SC_PROGRAM_MAX);
	return false;
}

bool compile_rules(struct arena *a, const struct sc_filter *filter, struct sc_target target,
		   struct sc_compiled *out, char *why_not)
{
	struct compiler c = {.arena = a, .why = why_not};

	*out = (struct sc_compiled){.unrestricted = filter->unrestricted, .big = target.arch->big};
	if (!filter->unrestricted) {
		uint32_t otherwise = filter->complain ? SECCOMP_RET_LOG : SECCOMP_RET_ERRNO | EPERM;

		if (!compile_one(&c, filter, target, SECCOMP_RET_ALLOW, otherwise, &out->allow))
			return false;
		c.deny = true;
		if (!compile_one(&c, filter, target, SECCOMP_RET_ERRNO | EACCES, SECCOMP_RET_ALLOW,
				 &out->deny))
			return false;
	}
	vec_push(a, &c.skipped, NULL);
	out->skipped = c.skipped.at;
	return true;
}

bool compile_text(struct arena *a, const char *text, size_t len, struct sc_target target,
		  const struct sc_users *users, struct sc_compiled *out, char *why_not)
{
	struct sc_filter filter;

	return filter_parse(a, text, len, target.arch->family, users, &filter, why_not) &&
	       compile_rules(a, &filter, target, out, why_not);
}
