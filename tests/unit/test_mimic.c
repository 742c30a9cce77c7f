/* Rules that let a directory be replaced so that something can be mounted in it. */
#include "check.h"
#include "policy/mimic.h"

static const char *rules(struct arena *a, void (*make)(struct buf *, const char *, unsigned),
			 const char *path, unsigned present)
{
	struct buf b = buf_new(a);

	make(&b, path, present);
	return buf_text(&b);
}

static void every_directory_above_may_be_the_one(void **state)
{
	const char *text = rules(*state, mimic_dir, "/usr/share/x", 2);

	assert_non_null(strstr(text, "\"/\" r,\n"));
	assert_null(strstr(text, "-> \"/\""));
	assert_non_null(strstr(text, "mount fstype=tmpfs options=(rw) tmpfs -> \"/usr/\",\n"));
	assert_non_null(strstr(text, "mount options=(rbind, rw) \"/usr/share/\" -> "
				     "\"/tmp/.snap/usr/share/\",\n"));
	assert_non_null(strstr(text, "umount \"/usr/share/{,*,*/}\",\n"));
	assert_null(strstr(text, "share/x"));
	assert_string_equal(text, rules(*state, mimic_file, "/usr/share/x", 2));
}

static void the_root_too_when_nothing_is_given(void **state)
{
	const char *text = rules(*state, mimic_dir, "/opt", 1);

	assert_non_null(strstr(text, "mount options=(rbind, rw) \"/\" -> \"/tmp/.snap/\",\n"));
	assert_string_equal(rules(*state, mimic_dir, "/", 1), "");
}

static void data_is_written_not_replaced(void **state)
{
	assert_string_equal(rules(*state, mimic_dir, "/var/snap/foo/common/x", 1),
			    "\"/var/snap/foo/common/x/\" rw,\n\"/var/snap/foo/common/\" rw,\n"
			    "\"/var/snap/foo/\" rw,\n");
	assert_string_equal(rules(*state, mimic_file, "/var/snap/foo/f", 1),
			    "\"/var/snap/foo/f\" rw,\n\"/var/snap/foo/\" rw,\n");
}

int main(void)
{
	return RUN(UNIT(every_directory_above_may_be_the_one),
		   UNIT(the_root_too_when_nothing_is_given), UNIT(data_is_written_not_replaced));
}
