/* stream.h - what the reader of an image tells the maker of a tree
 *
 * Messages: a head, then len bytes. The order is BEGIN, then for every name
 * from the root downwards ENTRY, each new file's followed by DATA and HOLE
 * until its size is reached, then END. REFUSED may come at any time, and last.
 */
#ifndef CORE_SQUASH_STREAM_H
#define CORE_SQUASH_STREAM_H

#include <stdbool.h>
#include <stdint.h>

enum stream_kind {
	STREAM_BEGIN = 1, /* struct stream_begin */
	STREAM_ENTRY,     /* struct stream_entry, name, target */
	STREAM_DATA,      /* bytes of the file */
	STREAM_HOLE,      /* a uint64_t: how many zero bytes of the file */
	STREAM_END,       /* nothing */
	STREAM_REFUSED,   /* text */
};

#define STREAM_MAX (1u << 20) /* bytes in one message: the largest block */

struct stream_head {
	uint32_t kind, len;
};

struct stream_begin {
	uint64_t bytes; /* that will come as DATA, all files together */
	uint32_t inodes, unused;
};

struct stream_entry {
	uint64_t size;
	uint32_t type, mode, uid, gid, mtime, depth, number;
	uint32_t links; /* names of the inode: more than one must be remembered */
	uint32_t again; /* a further name of an inode that was made before */
	uint16_t name_len, target_len;
};

/* Runs in the jail: reads the image from arg, an int, and writes messages. */
bool stream_send(int out, void *arg);

#endif
