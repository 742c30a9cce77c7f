/* test_kconfig.c - options of a kernel are found as its own tools find them */
#include "check.h"

#include <string.h>

#include "applets/lib/kconfig.h"
#include "core/gunzip.h"

static void options_are_whole_names(void **state)
{
	static const char text[] =
		"#\n# Automatically generated\n#\nCONFIG_SECCOMP=y\nCONFIG_SQUASHFS=m\n"
		"# CONFIG_SECCOMP_FILTER is not set\nCONFIG_LSM=\"landlock,apparmor\"\n"
		"CONFIG_HZ=1000\nCONFIG_TWICE=y\n# CONFIG_TWICE is not set\n CONFIG_BLANK=y\n"
		"CONFIG_LAST=y";
	static const struct {
		const char *option;
		enum kconfig_value value;
	} rows[] = {
		{"SECCOMP", KCONFIG_YES}, {"SQUASHFS", KCONFIG_MODULE}, {"SECCOMP_FILTER", KCONFIG_NO},
		{"LSM", KCONFIG_OTHER}, {"HZ", KCONFIG_OTHER}, {"TWICE", KCONFIG_NO},
		{"SECC", KCONFIG_NO}, {"BLANK", KCONFIG_NO}, {"LAST", KCONFIG_YES}, {"NO", KCONFIG_NO},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (kconfig_find(text, rows[i].option) != rows[i].value)
			fail_msg("%s", rows[i].option);
	assert_int_equal(kconfig_find("", "X"), KCONFIG_NO);
}

static void packed_text_comes_back_or_not_at_all(void **state)
{
	/* 2000 times "x" */
	unsigned char packed[] = {
		0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xab, 0xa8,
		0x18, 0x05, 0xa3, 0x60, 0x14, 0x8c, 0x82, 0x51, 0x30, 0x0a, 0x46, 0xc1,
		0x50, 0x07, 0x00, 0x7a, 0x65, 0x08, 0x29, 0xd0, 0x07, 0x00, 0x00,
	};
	char text[2000];
	size_t len = 0, n = sizeof packed;

	memset(text, 'x', sizeof text);
	assert_true(gunzip_is(packed, n));
	assert_false(gunzip_is("CONFIG", 6));
	char *back = gunzip(*state, packed, n, sizeof text, &len);
	assert_non_null(back);
	assert_int_equal(len, sizeof text);
	assert_memory_equal(back, text, len);
	assert_null(gunzip(*state, packed, n, sizeof text - 1, &len)); /* a bomb */
	assert_null(gunzip(*state, packed, n - 9, sizeof text, &len));
	packed[n - 5] ^= 1;
	assert_null(gunzip(*state, packed, n, sizeof text, &len));
}

int main(void)
{
	return RUN(UNIT(options_are_whole_names), UNIT(packed_text_comes_back_or_not_at_all));
}
