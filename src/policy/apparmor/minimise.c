/* minimise.c - the smallest automaton with the same labels, by splitting blocks
 *
 * Every state has a sum over its transitions of (weight of the class) times
 * (weight of the block it leads to). States of one block that differ in it must
 * part. When a state moves to a new block, the sums of its predecessors change by
 * a difference, and only they need a new look: the list of dirty blocks. The
 * largest part keeps the old name, so that a state moves a few times at most.
 *
 * Sums can collide. At the end the result is checked transition by transition;
 * if two states were taken for one the work is done again with other weights.
 */
#include <string.h>

#include "policy/apparmor/dfa.h"
#include "policy/apparmor/parts.h"

struct back {
	uint32_t state, class; /* class UINT32_MAX: by the default */
};

struct split {
	const struct dfa *d;
	uint64_t seed, all;               /* all: sum of the weights of all classes */
	uint64_t weight[NFA_CLASSES_MAX];
	uint64_t *sum, *rest;             /* rest: weight of a state's default */
	uint32_t *block, *order, *at;     /* state to block; states by block; place in it */
	uint32_t *start, *size, *touched; /* by block; touched ones stand first */
	uint32_t blocks;
	uint32_t *back_first;
	struct back *back;
	uint32_t *queue, queued, head;
	struct parts parts;
};

static uint64_t block_weight(const struct split *s, uint32_t block)
{
	return index_mix(s->seed + block * 0x9e3779b97f4a7c15ull);
}

static void set_weights(struct split *s, uint64_t seed)
{
	s->seed = index_mix(seed);
	s->all = 0;
	for (unsigned c = 0; c < s->d->classes; c++) {
		s->weight[c] = index_mix(seed + 77 + c) | 1;
		s->all += s->weight[c];
	}
}

static void swap(struct split *s, uint32_t i, uint32_t j)
{
	uint32_t a = s->order[i], b = s->order[j];

	s->order[i] = b;
	s->order[j] = a;
	s->at[a] = j;
	s->at[b] = i;
}

static void touch(struct split *s, uint32_t state)
{
	uint32_t b = s->block[state], edge = s->start[b] + s->touched[b];

	if (s->at[state] < edge)
		return;
	swap(s, s->at[state], edge);
	if (s->touched[b]++ == 0) {
		s->queue[(s->head + s->queued) % s->d->len] = b;
		s->queued++;
	}
}

static void allocate(struct split *s, struct arena *a)
{
	uint32_t n = s->d->len;

	s->sum = NEW_N(a, uint64_t, n);
	s->rest = NEW_N(a, uint64_t, n);
	s->block = NEW_N(a, uint32_t, n);
	s->order = NEW_N(a, uint32_t, n);
	s->at = NEW_N(a, uint32_t, n);
	s->start = NEW_N(a, uint32_t, n + 1);
	s->size = NEW_N(a, uint32_t, n + 1);
	s->touched = NEW_N(a, uint32_t, n + 1);
	s->queue = NEW_N(a, uint32_t, n);
	parts_start(&s->parts, a, n);
	s->back_first = NEW_N(a, uint32_t, n + 2);
	s->back = NEW_N(a, struct back, s->d->edges.len + n);
}

static void reverse(struct split *s)
{
	const struct dfa *d = s->d;
	uint32_t *first = s->back_first;

	for (uint32_t i = 0; i < d->len; i++)
		first[d->other.at[i] + 2]++;
	for (size_t i = 0; i < d->edges.len; i++)
		first[d->edges.at[i].to + 2]++;
	for (uint32_t i = 2; i < d->len + 2; i++)
		first[i] += first[i - 1];
	for (uint32_t i = 0; i < d->len; i++) {
		s->back[first[d->other.at[i] + 1]++] = (struct back){i, UINT32_MAX};
		for (uint32_t e = d->first.at[i]; e < d->first.at[i + 1]; e++)
			s->back[first[d->edges.at[e].to + 1]++] =
				(struct back){i, d->edges.at[e].class};
	}
}

/* One block for each label, then the sums. */
static void begin(struct split *s, struct arena *a, uint32_t labels)
{
	const struct dfa *d = s->d;
	uint32_t *of = NEW_N(a, uint32_t, labels + 1);

	s->blocks = 0;
	s->queued = s->head = 0;
	memset(s->size, 0, (d->len + 1) * sizeof *s->size);
	memset(s->touched, 0, (d->len + 1) * sizeof *s->touched);
	for (uint32_t i = 0; i < d->len; i++) {
		if (!of[d->label.at[i]])
			of[d->label.at[i]] = ++s->blocks;
		s->block[i] = of[d->label.at[i]] - 1;
		s->size[s->block[i]]++;
	}
	for (uint32_t b = 0, sum = 0; b < s->blocks; b++) {
		s->start[b] = sum;
		sum += s->size[b];
		s->size[b] = 0;
	}
	for (uint32_t i = 0; i < d->len; i++) {
		uint32_t b = s->block[i];

		s->at[i] = s->start[b] + s->size[b]++;
		s->order[s->at[i]] = i;
	}
	for (uint32_t i = 0; i < d->len; i++) {
		uint64_t sum = 0, rest = s->all;

		for (uint32_t e = d->first.at[i]; e < d->first.at[i + 1]; e++) {
			uint64_t w = s->weight[d->edges.at[e].class];

			sum += w * block_weight(s, s->block[d->edges.at[e].to]);
			rest -= w;
		}
		s->rest[i] = rest;
		s->sum[i] = sum + rest * block_weight(s, s->block[d->other.at[i]]);
	}
	for (uint32_t i = 0; i < d->len; i++)
		touch(s, i);
}

/* The sums of those that lead to the members of block to, which were of block from. */
static void tell_predecessors(struct split *s, uint32_t from, uint32_t to)
{
	uint64_t change = block_weight(s, to) - block_weight(s, from);
	uint32_t n = s->size[to];

	/* telling moves states about inside their blocks: take a copy */
	for (uint32_t k = 0; k < n; k++)
		s->parts.at[k].state = s->order[s->start[to] + k];
	for (uint32_t k = 0; k < n; k++) {
		uint32_t state = s->parts.at[k].state;

		for (uint32_t i = s->back_first[state]; i < s->back_first[state + 1]; i++) {
			const struct back *e = &s->back[i];

			s->sum[e->state] += change * (e->class == UINT32_MAX ? s->rest[e->state]
									     : s->weight[e->class]);
			touch(s, e->state);
		}
	}
}

/* Put the touched members of b in order of their sums, those that agree with the
 * untouched ones last, beside them. Returns how many do not. */
static uint32_t arrange(struct split *s, uint32_t b)
{
	uint32_t start = s->start[b], n = s->touched[b], differ = 0, agree = 0;
	bool quiet = n < s->size[b]; /* there are untouched members */
	uint64_t common = quiet ? s->sum[s->order[start + n]] : 0;

	for (uint32_t i = 0; i < n; i++) {
		uint32_t state = s->order[start + i];

		if (quiet && s->sum[state] == common)
			s->parts.at[n - ++agree] = (struct part){common, state};
		else
			s->parts.at[differ++] = (struct part){s->sum[state], state};
	}
	parts_group(&s->parts, differ);
	for (uint32_t i = 0; i < n; i++) {
		s->order[start + i] = s->parts.at[i].state;
		s->at[s->parts.at[i].state] = start + i;
	}
	s->touched[b] = 0;
	return differ;
}

static void split_block(struct split *s, uint32_t b)
{
	uint32_t start = s->start[b], size = s->size[b], differ = arrange(s, b);
	uint32_t keep_from = start + differ, keep = size - differ, run;

	/* the largest run of equal sums, or the untouched rest, stays */
	for (uint32_t i = 0; i < differ; i += run) {
		for (run = 1; i + run < differ && s->parts.at[i + run].sum == s->parts.at[i].sum;)
			run++;
		if (run > keep) {
			keep_from = start + i;
			keep = run;
		}
	}
	uint32_t first_new = s->blocks;
	s->start[b] = keep_from;
	s->size[b] = keep;
	for (uint32_t i = start; i < start + size; i += run) {
		run = 1;
		if (i >= start + differ)
			run = start + size - i;
		else
			while (i + run < start + differ &&
			       s->sum[s->order[i + run]] == s->sum[s->order[i]])
				run++;
		if (i == keep_from)
			continue;
		s->start[s->blocks] = i;
		s->size[s->blocks] = run;
		s->touched[s->blocks] = 0;
		for (uint32_t k = i; k < i + run; k++)
			s->block[s->order[k]] = s->blocks;
		s->blocks++;
	}
	for (uint32_t to = first_new; to < s->blocks; to++)
		tell_predecessors(s, b, to);
}

/* Do states of one block lead to the same blocks? */
static bool sound(const struct split *s)
{
	const struct dfa *d = s->d;

	for (uint32_t i = 0; i < d->len; i++) {
		uint32_t r = s->order[s->start[s->block[i]]];
		uint32_t e = d->first.at[i], ee = d->first.at[i + 1];
		uint32_t f = d->first.at[r], fe = d->first.at[r + 1];
		uint32_t seen = 0;

		if (d->label.at[i] != d->label.at[r])
			return false;
		for (; e < ee || f < fe; seen++) {
			uint32_t c = e < ee ? d->edges.at[e].class : UINT32_MAX;
			uint32_t k = f < fe ? d->edges.at[f].class : UINT32_MAX;
			uint32_t x = c <= k ? d->edges.at[e].to : d->other.at[i];
			uint32_t y = k <= c ? d->edges.at[f].to : d->other.at[r];

			e += c <= k;
			f += k <= c;
			if (s->block[x] != s->block[y])
				return false;
		}
		if (seen < d->classes && s->block[d->other.at[i]] != s->block[d->other.at[r]])
			return false;
	}
	return true;
}

struct rename {
	uint32_t *of, *list; /* block to new state + 1; new state to a state of the old */
	uint32_t len;
};

static uint32_t name(struct rename *n, const struct split *s, uint32_t state)
{
	uint32_t b = s->block[state];

	if (!n->of[b]) {
		n->list[n->len] = s->order[s->start[b]];
		n->of[b] = ++n->len;
	}
	return n->of[b] - 1;
}

static void start_names(struct rename *n, struct arena *scratch, const struct split *s)
{
	*n = (struct rename){NEW_N(scratch, uint32_t, s->blocks + 2),
			     NEW_N(scratch, uint32_t, s->blocks + 2), 0};
	name(n, s, 0);
	if (s->block[0] == s->block[1]) /* the start stays apart from the dead state */
		n->list[n->len++] = 1;
	else
		name(n, s, 1);
}

/* A state in the order in which its classes lead anywhere: the default is met at the
 * first class that is not among the edges. Fills edges with the new names. */
static uint32_t name_in_order(struct rename *n, const struct split *s, uint32_t state,
			      struct dfa_edge *edges, uint32_t *len)
{
	const struct dfa *d = s->d;
	uint32_t first = d->first.at[state], other = UINT32_MAX, next = 0;

	*len = d->first.at[state + 1] - first;
	for (uint32_t k = 0; k < *len; k++) {
		edges[k] = d->edges.at[first + k];
		if (other == UINT32_MAX && edges[k].class != next)
			other = name(n, s, d->other.at[state]);
		edges[k].to = name(n, s, edges[k].to);
		next = edges[k].class + 1;
	}
	return other == UINT32_MAX && next < d->classes ? name(n, s, d->other.at[state]) : other;
}

/* The default of what is written is chosen by what the state does, not by which it had:
 * where most classes go, if there is such a place. */
static void write_canonical(struct dfa *out, struct rename *n, const struct split *s,
			    uint32_t state, struct dfa_edge *edges)
{
	uint32_t len, gone = 0, targets[NFA_CLASSES_MAX];
	uint32_t other = name_in_order(n, s, state, edges, &len);

	for (uint32_t k = 0; k < len; k++)
		gone += edges[k].to != other;
	if (other != UINT32_MAX && gone * 2 < s->d->classes) {
		dfa_add_edges(out, other, edges, len, s->d->label.at[state]);
		return;
	}
	for (unsigned c = 0; c < s->d->classes; c++)
		targets[c] = other;
	for (uint32_t k = 0; k < len; k++)
		targets[edges[k].class] = edges[k].to;
	dfa_add(out, targets, s->d->label.at[state]);
}

static void write_quickly(struct dfa *out, struct rename *n, const struct split *s,
			  uint32_t state, struct dfa_edge *edges)
{
	const struct dfa *d = s->d;
	uint32_t first = d->first.at[state], len = d->first.at[state + 1] - first;

	for (uint32_t k = 0; k < len; k++) {
		edges[k] = d->edges.at[first + k];
		edges[k].to = name(n, s, edges[k].to);
	}
	dfa_add_edges(out, name(n, s, d->other.at[state]), edges, len, d->label.at[state]);
}

/* canonical: states in the order in which a walk meets them, class by class. */
static void write_blocks(struct dfa *out, struct arena *scratch, const struct split *s,
			 bool canonical)
{
	struct dfa_edge *edges = NEW_N(scratch, struct dfa_edge, NFA_CLASSES_MAX);
	size_t edges_len = 0;
	struct rename n;

	for (uint32_t b = 0; b < s->blocks; b++) {
		uint32_t state = s->order[s->start[b]];

		edges_len += s->d->first.at[state + 1] - s->d->first.at[state];
	}
	dfa_room(out, s->blocks + 1ul, edges_len);
	start_names(&n, scratch, s);
	for (uint32_t i = 0; i < n.len; i++) {
		if (canonical)
			write_canonical(out, &n, s, n.list[i], edges);
		else
			write_quickly(out, &n, s, n.list[i], edges);
	}
}

void dfa_minimise(struct dfa *out, struct arena *a, const struct dfa *in, bool canonical)
{
	struct arena *scratch = arena_new();
	struct split s = {.d = in};
	uint32_t labels = 0;

	allocate(&s, scratch);
	reverse(&s);
	for (uint32_t i = 0; i < in->len; i++)
		if (in->label.at[i] > labels)
			labels = in->label.at[i];
	for (uint64_t seed = 1;; seed++) {
		set_weights(&s, seed);
		begin(&s, scratch, labels);
		while (s.queued) {
			uint32_t b = s.queue[s.head];

			s.head = (s.head + 1) % in->len;
			s.queued--;
			split_block(&s, b);
		}
		if (sound(&s))
			break;
	}
	dfa_start(out, a, in->classes);
	write_blocks(out, scratch, &s, canonical);
	arena_drop(scratch);
}
