/* copytree.h - a directory with all that is in it, once more
 *
 * For data that apps wrote: nothing is followed, other filesystems are not
 * entered, blocks are shared where the filesystem can. Owners, modes, times,
 * links and FIFOs are kept; extended attributes, hard links, sockets and
 * devices are not.
 */
#ifndef APPLETS_LIB_COPYTREE_H
#define APPLETS_LIB_COPYTREE_H

/* Copy the directory name in from to the new directory copy in to. Dies. */
void copytree(int from, const char *name, int to, const char *copy);

#endif
