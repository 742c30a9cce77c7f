/* progress.c - what a long step is at, for a person who watches */
#include "applets/lib/progress.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/escape.h"

#define EVERY_MS 100

static bool shown;
static long long last_ms;

static long long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

static bool watched(void)
{
	static int answer = -1;

	if (answer < 0)
		answer = isatty(STDERR_FILENO);
	return answer;
}

/* In one write, so that lines of parallel commands do not mix. */
static void show(const char *text)
{
	char line[320], visible[256];

	escape_text(visible, sizeof visible, text);
	int n = snprintf(line, sizeof line, "\r\033[K%.*s", 78, visible);

	shown = write(STDERR_FILENO, line, (size_t)n) == n;
}

void progress(const char *fmt, ...)
{
	char text[256];
	va_list ap;

	if (!watched())
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	show(text);
	last_ms = now_ms();
}

void progress_part(const char *what, uint64_t done, uint64_t all)
{
	if (!watched() || now_ms() - last_ms < EVERY_MS)
		return;
	progress("%s %d%%", what, all ? (int)(done * 100 / all) : 100);
}

void progress_end(void)
{
	if (shown && write(STDERR_FILENO, "\r\033[K", 4) == 4)
		shown = false;
}
