/* mount_flags.h - the bits of mount(2), as the kernel and the pattern of a rule number them */
#ifndef POLICY_APPARMOR_MOUNT_FLAGS_H
#define POLICY_APPARMOR_MOUNT_FLAGS_H

#define AP_MS_RDONLY (1u << 0)
#define AP_MS_NOSUID (1u << 1)
#define AP_MS_NODEV (1u << 2)
#define AP_MS_NOEXEC (1u << 3)
#define AP_MS_SYNC (1u << 4)
#define AP_MS_REMOUNT (1u << 5)
#define AP_MS_MAND (1u << 6)
#define AP_MS_DIRSYNC (1u << 7)
#define AP_MS_NOSYMFOLLOW (1u << 8)
#define AP_MS_NOATIME (1u << 10)
#define AP_MS_NODIRATIME (1u << 11)
#define AP_MS_BIND (1u << 12)
#define AP_MS_MOVE (1u << 13)
#define AP_MS_REC (1u << 14)
#define AP_MS_SILENT (1u << 15)
#define AP_MS_ACL (1u << 16)
#define AP_MS_UNBINDABLE (1u << 17)
#define AP_MS_PRIVATE (1u << 18)
#define AP_MS_SLAVE (1u << 19)
#define AP_MS_SHARED (1u << 20)
#define AP_MS_RELATIME (1u << 21)
#define AP_MS_IVERSION (1u << 23)
#define AP_MS_STRICTATIME (1u << 24)
#define AP_MS_LAZYTIME (1u << 25)
#define AP_MS_NOUSER (1u << 31)

#define AP_MS_MAKE (AP_MS_UNBINDABLE | AP_MS_PRIVATE | AP_MS_SLAVE | AP_MS_SHARED)
#define AP_MS_ALL \
	(AP_MS_RDONLY | AP_MS_NOSUID | AP_MS_NODEV | AP_MS_NOEXEC | AP_MS_SYNC | AP_MS_REMOUNT | \
	 AP_MS_MAND | AP_MS_DIRSYNC | AP_MS_NOSYMFOLLOW | AP_MS_NOATIME | AP_MS_NODIRATIME | \
	 AP_MS_BIND | AP_MS_MOVE | AP_MS_REC | AP_MS_SILENT | AP_MS_ACL | AP_MS_MAKE | \
	 AP_MS_RELATIME | AP_MS_IVERSION | AP_MS_STRICTATIME | AP_MS_LAZYTIME)
#define AP_MS_BINDS (AP_MS_BIND | AP_MS_REC)
#define AP_MS_MAKES (AP_MS_MAKE | AP_MS_REC)
#define AP_MS_COMMANDS (AP_MS_MOVE | AP_MS_REMOUNT | AP_MS_BINDS | AP_MS_MAKES)
/* what of the flags the kernel hands on for each operation */
#define AP_MS_FOR_REMOUNT (AP_MS_ALL & ~AP_MS_MOVE)
#define AP_MS_FOR_NEW (AP_MS_ALL & ~AP_MS_COMMANDS)
#define AP_MS_FOR_MAKE \
	(AP_MS_ALL & ~(AP_MS_NOSUID | AP_MS_NODEV | AP_MS_NOEXEC | AP_MS_NOATIME | \
		       AP_MS_NODIRATIME | AP_MS_RELATIME | AP_MS_STRICTATIME))

#endif
