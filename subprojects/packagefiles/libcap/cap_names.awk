# cap_names.awk - the table of capability names that libcap's sources include
/^#define[ \t]+CAP_[A-Z0-9_]+[ \t]+[0-9]+[ \t]*$/ {
	name[$3 + 0] = tolower($2)
	if ($3 + 0 > last)
		last = $3 + 0
	if (length($2) > longest)
		longest = length($2)
}

END {
	print "#define __CAP_BITS " last + 1
	print "#define __CAP_NAME_SIZE " longest + 1
	print "#ifdef LIBCAP_PLEASE_INCLUDE_ARRAY"
	printf "#define LIBCAP_CAP_NAMES {"
	for (i = 0; i <= last; i++)
		printf " %s,", i in name ? "\"" name[i] "\"" : "NULL"
	print " }"
	print "#endif"
}
