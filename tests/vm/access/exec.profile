# Which label a program runs under, and with whose environment.
@{ATTR}=/proc/[0-9]*/{,task/[0-9]*/}attr/apparmor
profile t.exec {
  /bin/access mr,
  @{ATTR}/{current,exec} rw,
  /t/bin/none r,
  /t/bin/ix rmix,
  /t/bin/px rpx,
  /t/bin/bigpx rPx,
  /t/bin/named px -> t.other,
  /t/bin/bignamed Px -> t.other,
  /t/bin/cx rcx -> inner,
  /t/bin/ux rux,
  /t/bin/bigux rUx,
  /t/bin/pix rpix,
  /t/bin/pux rpux,
  /t/bin/cix rcix -> nochild,
  /t/bin/gone px -> t.gone,
  /t/bin/fallback pix -> t.gone,
  /t/bin/denied mrix,
  deny /t/bin/denied x,
  /t/bin/glob* rmix,
  /t/bin/globpx px -> t.other,
  owner /t/bin/own rmix,
  /t/scripts/* rmix,

  profile inner {
    /t/bin/cx rm,
    /t/bin/ix rmix,
    @{ATTR}/current r,
  }
}

profile t.other {
  /bin/access mr,
  /t/bin/* rm,
  /t/bin/ix ix,
  @{ATTR}/{current,exec} rw,
}

profile attached /t/bin/{,big}{px,pix,pux} {
  /t/bin/* rm,
  @{ATTR}/current r,
}

# change_profile: at once, at the next exec, from where to where.
profile t.change {
  /bin/access mr,
  /t/bin/* rmix,
  @{ATTR}/{current,exec} rw,
  change_profile -> t.other,
  change_profile /t/bin/ix -> t.onlyexec,
  change_profile -> snap.[a-z]*,
  change_profile -> &t.stacked,
}

profile t.onlyexec {
  /t/bin/* rmix,
  @{ATTR}/current r,
}

profile t.stacked {
  /bin/access mr,
  file,
}

profile snap.abc.app {
  /bin/access mr,
  file,
}

profile snap.0bc.app {
  /bin/access mr,
  file,
}

profile t.hats {
  /bin/access mr,
  @{ATTR}/current rw,
  ^hat {
    @{ATTR}/current rw,
  }
}

profile t.limits {
  /bin/access mr,
  set rlimit nofile <= 100,
}
