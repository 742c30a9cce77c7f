/* progress.h - what a long step is at, for a person who watches
 *
 * One line on standard error that is replaced by the next, and gone at the end;
 * nothing at all when standard error is not a terminal.
 */
#ifndef APPLETS_LIB_PROGRESS_H
#define APPLETS_LIB_PROGRESS_H

#include <stdint.h>

#include "core/die.h"

void progress(const char *fmt, ...) PRINTF(1, 2);

/* The same with how much of it is done; often called, seldom printed. */
void progress_part(const char *what, uint64_t done, uint64_t all);

void progress_end(void);

#endif
