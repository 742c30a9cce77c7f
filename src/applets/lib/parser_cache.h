/* parser_cache.h - the cache that an apparmor_parser command line asks for */
#ifndef APPLETS_LIB_PARSER_CACHE_H
#define APPLETS_LIB_PARSER_CACHE_H

#include "applets/lib/parser_options.h"
#include "policy/apparmor/cache.h"

/* -K: none. Else it is read, but for -T, -S and -o, and with -W written. The directory is
 * made for -W. */
void parser_cache_open(struct arena *a, const struct parser_options *o, struct cache *k);
void parser_cache_close(struct cache *k);

/* Where it is. */
const char *parser_cache_path(struct arena *a, const struct parser_options *o);

#endif
