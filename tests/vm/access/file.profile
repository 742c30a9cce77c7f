# Files: each way in by itself, owners, deny, alternations, links.
@{ATTR}=/proc/[0-9]*/{,task/[0-9]*/}attr/apparmor
profile t.none {
  /bin/access mr,
}

profile t.file {
  /bin/access mr,
  @{ATTR}/current r,
  /t/ r,
  /t/r r,
  /t/w w,
  /t/rw rw,
  /t/a a,
  /t/rk rk,
  /t/rwk rwk,
  /t/rm rm,
  /t/rmx rmix,
  /t/d/ rw,
  /t/d/* rw,
  /t/d/deep/** r,
  /t/alt/{one,two,thr{ee,ow}} r,
  /t/class/[a-c]? r,
  /t/class/[^x-z]1 w,
  /t/word/n* r,
  /t/word/**.txt rw,
  "/t/word/a b" r,
  /t/all/** rw,
  deny /t/all/secret* rw,
  deny /t/all/half* w,
  /t/x/** rwlkm,
  audit /t/au r,
}

profile t.owner {
  /bin/access mr,
  owner /t/o/** rw,
  owner /t/both/* r,
  /t/both/* w,
  /t/o/shared* r,
  owner /t/dir/ rw,
  owner /t/dir/** rwl,
  deny owner /t/o/never rw,
}

profile t.link {
  /bin/access mr,
  /t/src/* rw,
  /t/to/l* rwl,
  /t/to/n* rw,
  link /t/to/x* -> /t/src/ok*,
  link subset /t/sub/** -> /t/src/**,
  /t/sub/fewer rl,
  /t/sub/more rwlk,
  owner /t/own/* rwl,
}

profile t.open {
  file,
  deny /t/r rwklmx,
  deny /t/d/** w,
}

profile t.complain flags=(complain) {
  /bin/access mr,
  /t/r r,
  deny /t/w w,
}
