/* search.c - the search tree over the values of one word
 *
 * Each comparison by >= removes one border between cells. One by == takes out a
 * single value; between equal neighbours that removes two borders, so scattered
 * values are cheapest one after the other, and long lines of them are cut in the
 * middle for speed: at a border that costs nothing where there is one.
 */
#include "seccomp/graph.h"

#define LINE_MAX 12 /* comparisons one after the other before a cut is paid for */

/* Drop borders between equal cells. Returns how many cells are left. */
static size_t merge(struct cell *c, size_t n)
{
	size_t kept = 1;

	for (size_t i = 1; i < n; i++)
		if (c[i].node != c[kept - 1].node)
			c[kept++] = c[i];
	return kept;
}

/* A single value, with others below and above. */
static bool is_single(const struct cell *c, size_t n, size_t i)
{
	return i && i + 1 < n && c[i + 1].start - c[i].start == 1;
}

/* A single value that is cheaper to take out: it stands, alone or in a row of others,
 * between equal neighbours. */
static bool is_point(const struct cell *c, size_t n, size_t i)
{
	size_t low = i, high = i;

	if (!is_single(c, n, i))
		return false;
	if (c[i - 1].node == c[i + 1].node)
		return true;
	while (is_single(c, n, low))
		low--;
	while (is_single(c, n, high))
		high++;
	return c[low].node == c[high].node;
}

static size_t comparisons(const struct cell *c, size_t n)
{
	size_t cost = n - 1;

	for (size_t i = 1; i + 1 < n; i++) {
		if (!is_point(c, n, i))
			continue;
		cost--;
		while (is_single(c, n, i))
			i++; /* what is next to the row grew, and is no point of another */
	}
	return cost;
}

/* The cell to begin the upper half with: near the middle, and where no point is cut off
 * from a neighbour. 0 when all such are too far out. */
static size_t free_border(const struct cell *c, size_t n)
{
	for (size_t d = 0; d <= n / 4; d++) {
		size_t tries[] = {n / 2 + d, n / 2 - d};

		for (size_t k = 0; k < 2; k++) {
			size_t b = tries[k];

			if (b && b < n && !is_point(c, n, b) && !is_point(c, n, b - 1))
				return b;
		}
	}
	return 0;
}

static uint32_t line(struct graph *g, struct cell *c, size_t n);

static uint32_t search(struct graph *g, struct cell *c, size_t n)
{
	n = merge(c, n);
	if (n == 1)
		return c[0].node;
	size_t cost = comparisons(c, n), border = cost > 2 ? free_border(c, n) : 0;

	if (!border && cost <= LINE_MAX)
		return line(g, c, n);
	if (!border)
		border = n / 2;
	uint32_t k = c[border].start;
	uint32_t low = search(g, c, border);
	uint32_t high = search(g, c + border, n - border);

	return graph_node(g, NODE_GE, k, high, low);
}

/* Take single values out until nothing is left to ask, cheapest first. */
static uint32_t line(struct graph *g, struct cell *c, size_t n)
{
	struct cell taken[LINE_MAX * 2 + 2];
	size_t count = 0;
	uint32_t rest;

	while (n > 2) {
		size_t i = 1;

		while (i + 1 < n && !is_point(c, n, i))
			i++;
		if (i + 1 == n)
			break;
		taken[count++] = c[i];
		for (size_t k = i; k + 1 < n; k++)
			c[k] = c[k + 1]; /* the one below grows: the value will not come here */
		n = merge(c, n - 1);
	}
	if (n == 1) {
		rest = c[0].node;
	} else if (n == 2) {
		rest = graph_node(g, NODE_GE, c[1].start, c[1].node, c[0].node);
	} else {
		uint32_t k = c[n / 2].start, low = search(g, c, n / 2);

		rest = graph_node(g, NODE_GE, k, search(g, c + n / 2, n - n / 2), low);
	}
	while (count--)
		rest = graph_node(g, NODE_EQ, taken[count].start, taken[count].node, rest);
	return rest;
}

uint32_t graph_search(struct graph *g, struct cell *cells, size_t count)
{
	return search(g, cells, count);
}
