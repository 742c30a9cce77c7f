/* escape.h - text of strangers made visible */
#ifndef CORE_ESCAPE_H
#define CORE_ESCAPE_H

#include <stddef.h>
#include <stdint.h>

/* The length in bytes of the character of UTF-8 that s begins with, or 0 when the
 * bytes are not one. s is not empty. */
size_t escape_utf8(const char *s);

/* The character that s, not empty and valid, begins with; 0 when it cannot steer a
 * terminal or fake a line. */
uint32_t escape_harmful(const char *s);

/* Write s to out with all that could steer a terminal or fake a line made
 * visible: control bytes, DEL, C1, bidirectional and zero-width marks, and
 * bytes that are not UTF-8 become \xNN or \u{N}. Printable UTF-8 stays.
 * Cut to size, always NUL-terminated. Returns the length written. */
size_t escape_text(char *out, size_t size, const char *s);

#endif
