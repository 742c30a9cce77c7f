#!/bin/sh
# af_protos.sh CC... - the IPPROTO_ names of the C library, for libaalogparse.c
echo '#include <netinet/in.h>' | "$@" -E -dD -x c - | awk '
	$1 == "#define" && $2 ~ /^IPPROTO_[A-Z0-9_]+$/ && $2 != "IPPROTO_MAX" && NF == 3 {
		name = tolower(substr($2, 9))
		printf "AA_GEN_PROTO_ENT(%s, \"%s\")\n", $2, name
	}'
