/* bits.h - kinds of rules, the bits of their permissions, flags of profiles */
#ifndef POLICY_APPARMOR_BITS_H
#define POLICY_APPARMOR_BITS_H

#include <stdbool.h>

enum ap_kind {
	AP_FILE,
	AP_CHANGE_PROFILE,
	AP_NETWORK,
	AP_UNIX,
	AP_DBUS,
	AP_SIGNAL,
	AP_PTRACE,
	AP_MOUNT,
	AP_USERNS,
	AP_MQUEUE,
	AP_IO_URING,
	AP_KINDS,
};

enum ap_mode { AP_UNSAID, AP_ALLOW, AP_DENY, AP_PROMPT };
enum ap_owner { AP_ANYONE, AP_OWNER, AP_OTHER };

struct ap_prefix {
	int priority; /* -1000..1000 */
	bool audit;
	enum ap_mode mode;
	enum ap_owner owner;
};

#define AP_PRIORITY_MAX 1000

/* Permissions of file rules, one half; the other half is shifted by AP_OTHER_SHIFT.
 * These are the kernel's accept bits (abi 5 to 8). */
#define AP_X 0x1u
#define AP_W 0x2u
#define AP_R 0x4u
#define AP_A 0x8u
#define AP_L 0x10u
#define AP_K 0x20u
#define AP_M 0x40u
#define AP_PUX 0x80u
#define AP_UNSAFE 0x100u
#define AP_IX 0x200u
#define AP_INDEX 0x3c00u /* 1 unconfined, 2 profile, 3 child, from 4 by name */
#define AP_INDEX_SHIFT 10
#define AP_XTYPE (AP_PUX | AP_UNSAFE | AP_IX | AP_INDEX)
#define AP_HALF 0x3fffu
#define AP_OTHER_SHIFT 14
#define AP_BOTH(p) ((p) | (p) << AP_OTHER_SHIFT)
#define AP_ONEXEC 0x40000000u
#define AP_CHANGE 0x80000000u

/* Permissions of the other classes: the kernel's internal bits. */
#define AP_NET_SEND 0x2u
#define AP_NET_RECEIVE 0x4u
#define AP_NET_CREATE 0x10u
#define AP_NET_SHUTDOWN 0x20u
#define AP_NET_CONNECT 0x40u
#define AP_NET_SETATTR 0x100u
#define AP_NET_GETATTR 0x200u
#define AP_NET_ACCEPT 0x100000u
#define AP_NET_BIND 0x200000u
#define AP_NET_LISTEN 0x400000u
#define AP_NET_SETOPT 0x1000000u
#define AP_NET_GETOPT 0x2000000u
#define AP_NET_ALL 0x3700376u
#define AP_NET_PEER (AP_NET_SEND | AP_NET_RECEIVE | AP_NET_CONNECT | AP_NET_ACCEPT)
#define AP_DBUS_SEND 0x2u
#define AP_DBUS_RECEIVE 0x4u
#define AP_DBUS_EAVESDROP 0x20u
#define AP_DBUS_BIND 0x40u
#define AP_MAY_PIVOT 0x1u
#define AP_MAY_MOUNT 0x2u
#define AP_MAY_UMOUNT 0x4u

/* Which string of ap_rule.str is what. */
enum {
	AP_PATH = 0, AP_LINK = 1, AP_TARGET = 2,                    /* file */
	AP_LABEL = 0, AP_EXEC = 1,                                  /* change_profile */
	AP_ADDR = 0, AP_OWN_LABEL = 1, AP_PEER_ADDR = 2, AP_PEER = 3, /* unix, signal, ptrace */
	AP_IP = 0, AP_PORT = 1, AP_PEER_IP = 2, AP_PEER_PORT = 3,   /* network */
	AP_BUS = 0, AP_NAME = 1, AP_DBUS_PEER = 2, AP_DBUS_PATH = 3, AP_INTERFACE = 4,
	AP_MEMBER = 5,                                              /* dbus */
	AP_MOUNTPOINT = 0, AP_SOURCE = 1, AP_PIVOT_TARGET = 2,      /* mount */
	AP_QNAME = 0, AP_QLABEL = 1,                                /* mqueue, io_uring */
	AP_STRINGS = 6,
};

enum ap_profile_mode {
	AP_MODE_NONE, AP_ENFORCE, AP_COMPLAIN, AP_KILL, AP_UNCONFINED, AP_MODE_PROMPT,
	AP_DEFAULT_ALLOW,
};

#define AP_FLAG_HAT 1u
#define AP_FLAG_DEBUG 2u
#define AP_FLAG_INTERRUPTIBLE 8u

enum { /* path flags, before packing */
	AP_PATH_CHROOT_REL = 1, AP_PATH_NS_REL = 2, AP_PATH_MEDIATE = 4, AP_PATH_DELEGATE = 8,
	AP_PATH_ATTACH = 16, AP_PATH_NO_ATTACH = 32, AP_PATH_CHROOT_ATTACH = 64,
	AP_PATH_CHROOT_NO_ATTACH = 128, AP_PATH_ATTACH_IPC = 256,
};

#endif
