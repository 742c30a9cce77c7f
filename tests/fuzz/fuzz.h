/* fuzz.h - what a target promises, checked for any input
 *
 * A target is tests/fuzz/fuzz_NAME.c with one function. `tools/fuzz NAME SECONDS`
 * looks for inputs that break it; what was found once, and good examples, lie in
 * tests/fuzz/corpus/NAME and are tried by every run of the tests.
 */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* Ends the run, with the place, when a promise does not hold. */
#define must(x) ((x) ? (void)0 : __builtin_trap())

#endif
