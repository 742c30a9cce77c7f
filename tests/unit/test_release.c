/* What kind of system os-release says it is. */
#include "check.h"
#include "applets/lib/release.h"

static void a_system_is_classic_unless_it_says_core(void **state)
{
	struct connect_on on = release_parse(*state, "");

	assert_true(on.classic && !on.core_desktop);
	assert_string_equal(on.distro, "");
	on = release_parse(*state, "NAME=\"Debian\"\nVERSION_ID=\"12\"\nID=debian\nID_LIKE=x\n");
	assert_true(on.classic);
	assert_string_equal(on.distro, "debian");
	on = release_parse(*state, "VARIANT_ID=ubuntu-core\nID='ubuntu'\n");
	assert_true(on.classic);
	assert_string_equal(on.distro, "ubuntu");
	on = release_parse(*state, "ID=\"ubuntu-core\"\nVERSION_ID=22\n");
	assert_false(on.classic || on.core_desktop);
	on = release_parse(*state, "ID=ubuntu-core\nVARIANT_ID=desktop\n");
	assert_true(!on.classic && on.core_desktop);
	on = release_parse(*state, "ID=ubuntu\nVARIANT_ID=desktop\n");
	assert_true(on.classic && !on.core_desktop);
	on = release_parse(*state, "ID=\"\n\nID");
	assert_true(on.classic);
}

int main(void)
{
	return RUN(UNIT(a_system_is_classic_unless_it_says_core));
}
