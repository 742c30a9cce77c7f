/* mount_control.c - plugs of mount-control: do type and options of each mount fit?
 *
 * The options that a filesystem has are facts of Linux, collected from mount(8),
 * the manuals of filesystems and their sources. What is in no table is refused,
 * so that nothing like suid or dev gets through as some filesystem's option.
 */
#include <stdio.h>
#include <string.h>

#include "core/str.h"
#include "policy/native/all.h"

/* Options of all filesystems that are flags of mount(2). set and clear name the bits:
 * two options that want a bit both ways contradict each other. */
#define RDONLY 1u
#define SYNC 2u
#define NOATIME 4u
#define NODIRATIME 8u
#define RELATIME 16u
#define STRICTATIME 32u
#define LAZYTIME 64u
#define IVERSION 128u
static const struct {
	const char *name;
	unsigned set, clear;
} flags[] = {
	{"ro", RDONLY, 0}, {"rw", 0, RDONLY}, {"sync", SYNC, 0}, {"async", 0, SYNC},
	{"noatime", NOATIME, 0}, {"atime", 0, NOATIME}, {"nodiratime", NODIRATIME, 0},
	{"diratime", 0, NODIRATIME}, {"relatime", RELATIME, 0}, {"norelatime", 0, RELATIME},
	{"strictatime", STRICTATIME, 0}, {"nostrictatime", 0, STRICTATIME},
	{"lazytime", LAZYTIME, 0}, {"nolazytime", 0, LAZYTIME}, {"iversion", IVERSION, 0},
	{"noiversion", 0, IVERSION}, {"bind", 0, 0}, {"dirsync", 0, 0}, {"nodev", 0, 0},
	{"noexec", 0, 0}, {"nomand", 0, 0}, {"nosuid", 0, 0}, {"nouser", 0, 0},
};

/* What only mount(8) reads. */
static const char *const for_programs[] = {
	"auto", "defaults", "noauto", "nofail", "nogroup", "noowner", "nousers", NULL,
};

/* What a mount may be when it does not say. The interface's file has them too. */
static const char *const usual[] = {
	"aufs", "autofs", "btrfs", "ext2", "ext3", "ext4", "hfs", "iso9660", "jfs", "msdos", "ntfs",
	"ramfs", "reiserfs", "squashfs", "tmpfs", "ubifs", "udf", "ufs", "vfat", "xfs", "zfs", NULL,
};

#define FAT " blocksize= uid= gid= umask= dmask= fmask= allow_utime= check= codepage= conv=" \
	" cvf_format= cvf_option debug discard dos1xfloppy errors= fat= iocharset= nfs= tz=" \
	" time_offset= quiet rodir showexec sys_immutable flush usefree dots nodots "
#define EXT " acl noacl bsddf minixdf debug errors= grpid bsdgroups nogrpid sysvgroups grpquota" \
	" noquota quota usrquota nouid32 oldalloc orlov resgid= resuid= sb= user_xattr" \
	" nouser_xattr "
#define JOURNAL " journal_dev= journal_path= norecovery noload data= data_err= barrier= commit=" \
	" jqfmt= usrjquota= grpjquota= "
/* Options of one filesystem's own, a blank around each; "=": takes a value. */
static const struct {
	const char *type, *options;
} own[] = {
	{"adfs", " uid= gid= ownmask= othmask= "},
	{"affs", " uid= gid= setuid= setgid= mode= protect usemp verbose prefix= volume= "
	 "reserved= root= bs= grpquota noquota quota usrquota "},
	{"aufs", " br: dirs= add: ins: del: mod: append: prepend: xino= noxino trunc_xib "
	 "notrunk_xib create_policy= create= copyup_policy= copyup= cpup= verbose v noverbose "
	 "quiet q silent sum nosum dirwh= plink noplink clean_plink udba= diropq= warn_perm "
	 "nowarm_perm coo= dlgt nodlgt shwh noshwh "},
	{"autofs", " "},
	{"btrfs", " acl noacl autodefrag noautodefrag barrier nobarrier check_int "
	 "check_int_data check_int_print_mask= clear_cache commit= compress compress= "
	 "compress-force compress-force= datacow nodatacow datasum nodatasum degraded device= "
	 "discard discard= nodiscard enospc_debug noenospc_debug fatal_errors= flushoncommit "
	 "noflushoncommit fragment= nologreplay max_inline= metadata_ratio= norecovery "
	 "rescan_uuid_tree rescue skip_balance space_cache space_cache= nospace_cache ssd "
	 "ssd_spread nossd nossd_spread subvol= subvolid= thread_pool= treelog notreelog "
	 "usebackuproot user_subvol_rm_allowed recovery inode_cache noinode_cache "},
	{"cifs", " username= user= password= pass= credentials= cred= uid= forceuid cruid= gid= "
	 "forcegid idsfromsid port= netbiosname= servern= file_mode= dir_mode= ip= addr= "
	 "domain= dom= workgroup= domainauto guest iocharset setuids nosetuids perm noperm "
	 "denperm cache= handlecache nohandlecache handletimeout rwpidforward mapchars "
	 "nomapchars mapposix intr nointr hard soft noacl cifsacl backupuid= backupgid= nocase "
	 "ignorecase sec= seal rdma resilienthandles noresilienthandles persistenthandles "
	 "nopersistenthandles snapshot= nobrl forcemandatorylock locallease nolease sfu "
	 "mfsymlinks echo_interval= serverino noserverino posix unix linux noposix nounix "
	 "nolinux nouser_xattr nodfs noautotune nosharesock noblocksend rsize= wsize= bsize= "
	 "max_credits= fsc multiuser actimeo= noposixpaths posixpaths vers= "},
	{"ext2", EXT "check= nocheck "},
	{"ext3", EXT "check= nocheck " JOURNAL},
	{"ext4", EXT JOURNAL "journal_checksum nojournal_checksum journal_async_commit "
	 "inode_readahead_blks= stripe= delalloc nodelalloc max_batch_time= min_batch_time= "
	 "journal_ioprio= abort auto_da_alloc noauto_da_alloc noinit_itable init_itable= "
	 "discard nodiscard block_validity noblock_validity dioread_lock dioread_nolock "
	 "max_dir_size_kb= i_version nombcache prjquota "},
	{"fat", FAT "dotsOK= "},
	{"functionfs", " no_disconnect= rmode= fmode= mode= uid= gid= "},
	{"fuse", " default_permissions allow_other rootmode= blkdev blksize= max_read= fd= "
	 "user_id= fsname= subtype= allow_root auto_unmount kernel_cache auto_cache umask= uid= "
	 "gid= entry_timeout= negative_timeout= attr_timeout= ac_attr_timeout= noforget "
	 "remember= modules= setuid= drop_privileges "},
	{"hfs", " creator= type= uid= gid= dir_umask= file_umask= umask= session= part= quiet "},
	{"hpfs", " uid= gid= umask= case= conv= nocheck "},
	{"iso9660", " norock nojoliet check= uid= gid= map= mode= unhide block= conv= cruft "
	 "session= sbsector= iocharset= utf8 "},
	{"jfs", " iocharset= resize= nointegrity integrity errors= noquota quota usrquota "
	 "grpquota "},
	{"msdos", FAT "dotsOK= "},
	{"nfs", " nfsvers= vers= soft hard softreval nosoftreval intr nointr timeo= retrans= "
	 "rsize= wsize= ac noac acregmin= acregmax= acdirmin= acdirmax= actimeo= bg fg "
	 "nconnect= max_connect= rdirplus nordirplus retry= sec= sharecache nosharecache "
	 "revsport norevsport lookupcache= fsc nofsc sloppy proto= udp tcp rdma port= "
	 "mountport= mountproto= mounthost= mountvers= namlen= lock nolock cto nocto acl noacl "
	 "local_lock= minorversion= clientaddr= migration nomigration "},
	{"ntfs", " iocharset= nls= utf8 uni_xlate= posix= uid= gid= umask= "},
	{"ramfs", " "},
	{"reiserfs", " conv hash= hashed_relocation no_unhashed_relocation noborder nolog "
	 "notail replayonly resize= user_xattr acl barrier= "},
	{"squashfs", " "},
	{"tmpfs", " size= nr_blocks= nr_inodes= mode= gid= uid= huge= mpol= "},
	{"ubifs", " bulk_read no_bulk_read chk_data_crc no_chk_data_crc compr= "},
	{"udf", " uid= gid= umask= mode= dmode= bs= unhide undelete adinicb noadinicb shortad "
	 "longad nostrict iocharset= utf8 novrs session= anchor= lastblock= "},
	{"ufs", " ufstype= onerror= "},
	{"umsdos", FAT},
	{"usbfs", " devuid= devgid= devmode= busiud= busgid= busmode= listuid= listgid= "
	 "listmode= "},
	{"vfat", FAT "uni_xlate posix nonumtail utf8 shortname= "},
	{"xfs", " allocsize= attr2 noattr2 dax= discard nodiscard grpid bsdgroups nogrpid "
	 "sysvgroups filestreams ikeep noikeep inode32 inode64 largeio nolargeio logbufs= "
	 "logbsize= logdev= rtdev= noalign norecovery nouuid noquota unquota usrquota quota "
	 "uqnoenforce qnoenforce gquota grpquota gqnoenforce pquota prjquota pqnoenforce sunit= "
	 "swidth= sqalloc wsync "},
	{"zfs", " context= fscontext= defcontext= rootcontext= xattr noxattr "},
};

static bool of_type(const char *type, const char *option)
{
	size_t n = strcspn(option, "=");
	char word[64];

	n += option[n] == '=';
	if (!strcmp(type, "aufs") && memchr(option, ':', n))
		n = strcspn(option, ":") + 1;
	if (!n || n + 3 > sizeof word || memchr(option, ' ', n))
		return false;
	snprintf(word, sizeof word, " %.*s ", (int)n, option);
	for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
		if (!strcmp(own[i].type, type))
			return strstr(own[i].options, word);
	return false;
}

/* Every type that it may be must know the option. */
static bool of_types(const struct node *types, const char *option)
{
	if (types && types->first) {
		for (const struct node *n = types->first; n; n = n->next)
			if (!of_type(n->text, option))
				return false;
		return true;
	}
	for (const char *const *t = usual; *t; t++)
		if (!of_type(*t, option))
			return false;
	return true;
}

/* The bits of flag i are not wanted the other way by any of those before. */
static bool flag_of(const char *option, size_t *i)
{
	for (*i = 0; *i < sizeof flags / sizeof flags[0]; ++*i)
		if (!strcmp(flags[*i].name, option))
			return true;
	return false;
}

static const char *mount_fault(const struct node *types, const struct node *options,
			       const char **which)
{
	unsigned set = 0, clear = 0;
	size_t i;

	for (const struct node *n = options->first; n; n = n->next) {
		*which = n->text;
		if (flag_of(n->text, &i)) {
			if ((flags[i].set & clear) || (flags[i].clear & set))
				return "contradicts another";
			set |= flags[i].set;
			clear |= flags[i].clear;
		} else if (!str_in(n->text, for_programs) && !of_types(types, n->text)) {
			return "is unknown or not allowed";
		}
	}
	return NULL;
}

static bool check(struct arena *a, const struct iface *i, const struct port *p, char *why)
{
	const struct node *mounts = node_get(p->attrs, "mount");
	size_t number = 0;

	(void)a;
	(void)i;
	for (const struct node *m = mounts ? mounts->first : NULL; m; m = m->next) {
		const char *which = "";
		const char *fault = mount_fault(node_get(m, "type"), node_get(m, "options"),
						&which);

		number++;
		if (!fault)
			continue;
		snprintf(why, WHY_MAX, "plug \"%.40s\" of interface mount-control: mount[%zu]: "
			 "option \"%.64s\" %s", p->name, number, which, fault);
		return false;
	}
	return true;
}

const struct native native_mount_control = {.name = "mount-control", .check = check};
