/* Any bytes as a profile: refused with a place, or policy, the same each time.
 *
 * Before a line "---" stands a features file, if there is such a line. */
#include <string.h>

#include "fuzz.h"
#include "policy/apparmor/compile.h"

static const char modern[] =
	"caps {mask {chown}} dbus {mask {send}} domain {stack {yes} attach_conditions {xattr {yes}}} "
	"io_uring {mask {sqpoll}} mount {mask {mount}} namespaces {mask {userns_create}} "
	"network_v8 {af_mask {inet}} network_v9 {af_unix {yes}} signal {mask {hup}} "
	"ptrace {mask {read}} policy {diff-encode {yes} outofband {1} permstable32 {allow} "
	"permstable32_version {3} state32 {1} versions {v5 {yes} v7 {yes}}}";

static size_t compile(struct arena *a, const char *features, size_t flen, const char *text,
		      size_t len, const char **why)
{
	const struct features *f = features_parse(a, features, flen, why);
	struct compile c;

	if (!f)
		return 0;
	compile_start(&c, a, f);
	c.override = f;
	if (!compile_profiles(&c, "t", text, len, len > 4096, why)) {
		must(!strncmp(*why, "t:", 2) && !c.binary.len);
		return 0;
	}
	*why = NULL;
	size_t half = c.binary.len / 2;
	return c.binary.len ? c.binary.len * 256 + (unsigned char)c.binary.data[half] : 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const char *text = (const char *)data, *features = modern, *why = NULL, *again = NULL;
	const char *line = memmem(text, len, "\n---\n", 5);
	size_t flen = sizeof modern - 1;
	struct arena *a = arena_new();

	if (line) {
		features = text;
		flen = (size_t)(line - text);
		len -= flen + 5;
		text = line + 5;
	}
	size_t once = compile(a, features, flen, text, len, &why);
	must(once == compile(a, features, flen, text, len, &again));
	must(!why == !again);
	arena_drop(a);
	return 0;
}
