/* str_like.c - regular expressions: apart from str.c, so that the privileged copy has none */
#include <regex.h>
#include <stdio.h>

#include "core/str.h"

bool str_like(const char *s, const char *pattern)
{
	char whole[2048];
	regex_t re;

	if (snprintf(whole, sizeof whole, "^(%s)$", pattern) >= (int)sizeof whole ||
	    regcomp(&re, whole, REG_EXTENDED | REG_NOSUB))
		die("%s: not a regular expression", pattern);
	bool like = !regexec(&re, s, 0, NULL, 0);
	regfree(&re);
	return like;
}
