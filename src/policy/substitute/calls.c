/* calls.c - what of a profile's rules the system call filter can say */
#include "policy/substitute/calls.h"

#include "core/buf.h"

/* Every family that the strict template knows, but the machine's own. */
static const struct {
	int family;
	const char *name;
} families[] = {
	{2, "AF_INET"}, {3, "AF_AX25"}, {4, "AF_IPX"}, {5, "AF_APPLETALK"}, {6, "AF_NETROM"},
	{7, "AF_BRIDGE"}, {8, "AF_ATMPVC"}, {9, "AF_X25"}, {10, "AF_INET6"}, {11, "AF_ROSE"},
	{13, "AF_NETBEUI"}, {14, "AF_SECURITY"}, {15, "AF_KEY"}, {16, "AF_NETLINK"},
	{17, "AF_PACKET"}, {18, "AF_ASH"}, {19, "AF_ECONET"}, {21, "AF_RDS"}, {22, "AF_SNA"},
	{23, "AF_IRDA"}, {24, "AF_PPPOX"}, {25, "AF_WANPIPE"}, {26, "AF_LLC"}, {27, "AF_IB"},
	{28, "AF_MPLS"}, {29, "AF_CAN"}, {30, "AF_TIPC"}, {31, "AF_BLUETOOTH"}, {32, "AF_IUCV"},
	{33, "AF_RXRPC"}, {34, "AF_ISDN"}, {35, "AF_PHONET"}, {36, "AF_IEEE802154"},
	{37, "AF_CAIF"}, {38, "AF_ALG"}, {39, "AF_NFC"}, {40, "AF_VSOCK"}, {42, "AF_QIPCRTR"},
	{44, "AF_XDP"},
};

#define FAMILIES (sizeof families / sizeof families[0])

static bool allows(const struct ap_profile *profile, int family)
{
	for (size_t i = 0; i < profile->rules.len; i++) {
		const struct ap_rule *r = profile->rules.at[i];

		if (r->kind == AP_NETWORK && r->prefix.mode != AP_DENY && r->sockets &&
		    family < AP_FAMILIES && r->sockets->types[family])
			return true;
	}
	return false;
}

const char *calls_without_network(struct arena *a, const struct ap_profile *profile)
{
	struct buf out = buf_new(a);

	for (size_t i = 0; i < FAMILIES; i++)
		if (!allows(profile, families[i].family))
			buf_printf(&out, "~socket %s\n", families[i].name);
	return buf_text(&out);
}

bool calls_has_rule(const struct ap_profile *profile, enum ap_kind kind)
{
	for (size_t i = 0; i < profile->rules.len; i++)
		if (profile->rules.at[i]->kind == kind &&
		    profile->rules.at[i]->prefix.mode != AP_DENY)
			return true;
	return false;
}

const char *calls_without_userns(const struct ap_profile *profile)
{
	if (calls_has_rule(profile, AP_USERNS))
		return "";
	return "~clone |CLONE_NEWUSER\n~unshare |CLONE_NEWUSER\n~setns - |CLONE_NEWUSER\n?clone3\n";
}
