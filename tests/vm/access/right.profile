# Capabilities one by one, mounts, user namespaces.
@{PROC}=/proc/
profile t.nocaps {
  /bin/access mr,
  /t/** rw,
  network inet dgram,
}

profile t.caps {
  /bin/access mr,
  /t/** rw,
  / r,
  network inet dgram,
  capability chown setuid sys_nice,
  capability syslog,
  deny capability sys_admin,
}

profile t.allcaps {
  /bin/access mr,
  /t/** rw,
  / r,
  @{PROC}/** r,
  network inet dgram,
  ptrace,
  capability,
  deny capability sys_time,
}

profile t.nomounts {
  /bin/access mr,
  /t/** rw,
  capability sys_admin,
}

profile t.mounts {
  /bin/access mr,
  /t/** rw,
  capability sys_admin,
  mount fstype=tmpfs -> /t/tmpfs/,
  mount fstype=tmpfs options=(ro, nosuid) -> /t/ro/,
  mount options=(rw, bind) /t/from/ -> /t/bound/,
  mount options=(rw, rbind) /t/from/ -> /t/rbound/,
  mount fstype=(proc, sysfs) -> /t/kernel*/,
  mount options=(private) -> /t/tmpfs/,
  mount options=(rw, rslave) -> /t/,
  remount options=(ro, bind) /t/bound/,
  mount options=(rw, move) /t/movable/ -> /t/from/,
  umount /t/tmpfs/,
  umount /t/deep/**,
}

profile t.allmounts {
  /bin/access mr,
  /t/** rw,
  / r,
  capability sys_admin,
  mount,
  umount,
  pivot_root,
  deny mount fstype=proc,
  deny umount /t/mounted/,
}

profile t.pivot {
  /bin/access mr,
  /t/** rw,
  capability sys_admin,
  mount options=(rw, bind) /t/from/ -> /t/from/,
  pivot_root oldroot=/t/from/old/ /t/from/,
}

profile t.userns {
  /bin/access mr,
  userns,
}
