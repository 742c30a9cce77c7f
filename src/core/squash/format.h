/* format.h - numbers of the squashfs 4.0 format, and how they are read
 *
 * All numbers on disk are little endian, nothing is aligned.
 */
#ifndef CORE_SQUASH_FORMAT_H
#define CORE_SQUASH_FORMAT_H

#include <stdint.h>

#define SQUASH_MAGIC 0x73717368u
#define SQUASH_SUPER 96u                 /* bytes of the superblock */
#define SQUASH_NONE UINT64_MAX           /* a table that is not there */
#define SQUASH_META 8192u                /* most a metadata block unpacks to */
#define SQUASH_META_STORED (SQUASH_META + 2u)
#define SQUASH_META_PLAIN 0x8000u        /* in a metadata header: not compressed */
#define SQUASH_DATA_PLAIN (1u << 24)     /* in the size of a data block: not compressed */
#define SQUASH_NO_FRAGMENT UINT32_MAX
#define SQUASH_DIR_EMPTY 3u              /* a listing's size says this much too much */
#define SQUASH_RUN_MAX 256u              /* names below one header of a listing */
#define SQUASH_NAME_MAX 255u
#define SQUASH_TARGET_MAX 4095u
#define SQUASH_EXTENDED 7                /* what to take off an extended inode type */

enum squash_flag {
	SQUASH_EXPORTABLE = 0x80,
	SQUASH_OPTIONS = 0x400, /* a metadata block of compressor options after the superblock */
};

static inline uint32_t le16(const uint8_t *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8;
}

static inline uint32_t le32(const uint8_t *p)
{
	return le16(p) | le16(p + 2) << 16;
}

static inline uint64_t le64(const uint8_t *p)
{
	return le32(p) | (uint64_t)le32(p + 4) << 32;
}

#endif
