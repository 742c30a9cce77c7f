/* outdir.h - a directory of results that is there as a whole or not at all */
#ifndef APPLETS_LIB_OUTDIR_H
#define APPLETS_LIB_OUTDIR_H

#include "core/arena.h"

/* A new directory beside path, to be filled; gone again if the command dies. ours
 * says which names path may hold already, if it is there: dies when it holds any
 * other, or is no directory. Nothing is changed yet. */
struct outdir;
struct outdir *outdir_begin(struct arena *a, const char *path,
			    bool (*ours)(struct arena *a, const char *name));

/* One file of it, 0644. */
void outdir_write(struct outdir *o, const char *name, const void *bytes, size_t len);

/* Take the place of path: what was there before goes, all at once. Dies. */
void outdir_commit(struct outdir *o);

#endif
