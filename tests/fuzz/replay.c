/* replay.c - a fuzz target over the files of directories, without a fuzzer
 *
 *	fuzz_NAME DIR...
 *
 * Each file is tried whole, cut short at many places, and with single bytes
 * changed. Prints the number of inputs.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "fuzz.h"

#define SIZE_MAX_READ ((size_t)2 << 20)
#define VARIANTS 64

static unsigned tried;

static void try(const uint8_t *data, size_t len)
{
	uint8_t *copy = malloc(len ? len : 1); /* its own block, so that ASan sees its end */

	if (!copy)
		abort();
	memcpy(copy, data, len);
	LLVMFuzzerTestOneInput(copy, len);
	free(copy);
	tried++;
}

static void try_around(uint8_t *data, size_t len)
{
	static const uint8_t odd[] = {0, '\n', '\t', ' ', ':', '\\', '"', '{', 0xff, '$', '/', '.'};

	try(data, len);
	for (size_t i = 0; i < VARIANTS && len; i++) {
		size_t at = len * i / VARIANTS;
		uint8_t was = data[at];

		try(data, at);
		data[at] = odd[i % sizeof odd];
		try(data, len);
		data[at] = was;
	}
}

static void replay_file(const char *path)
{
	static uint8_t data[SIZE_MAX_READ];
	FILE *f = fopen(path, "rb");

	if (!f)
		abort();
	size_t len = fread(data, 1, sizeof data, f);
	fclose(f);
	try_around(data, len);
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		DIR *d = opendir(argv[i]);
		char path[4096];
		struct stat st;

		if (!d) {
			perror(argv[i]);
			return 1;
		}
		for (struct dirent *e; (e = readdir(d));) {
			snprintf(path, sizeof path, "%s/%s", argv[i], e->d_name);
			if (!stat(path, &st) && S_ISREG(st.st_mode))
				replay_file(path);
		}
		closedir(d);
	}
	printf("%u inputs\n", tried);
	return tried ? 0 : 1; /* no input is no test */
}
