# Unix sockets: one half of the network class on Linux 6.1, rules of their own on newer.
@{PROC}=/proc/
profile t.nonet {
  /bin/access mr,
  signal (receive) set=(kill) peer=unconfined,
  /t/** rw,
}

profile t.unix {
  /bin/access mr,
  signal (receive) set=(kill) peer=unconfined,
  /t/s/** rw,
  unix (create, getopt, setopt) type=stream,
  unix (bind, listen) type=stream addr=@own*,
  unix (connect, send, receive) type=stream addr=none peer=(addr=@peer, label=t.peer),
  unix (connect, send, receive) type=stream peer=(addr=@open*),
  unix (create, bind) type=dgram addr=@dgram[0-9],
  unix (create) type=dgram,
  unix (send) type=dgram peer=(label=t.peer),
}

profile t.unixall {
  /bin/access mr,
  /t/s/** rw,
  unix,
}

profile t.peer {
  /bin/access mr,
  /t/s/** rw,
  unix,
  signal (receive) peer=t.signal,
  signal (receive) set=(kill) peer=*,
  ptrace (readby, tracedby),
}

profile t.stranger {
  /bin/access mr,
  /t/s/** rw,
  unix,
  signal,
  ptrace,
}

# Signals need a rule on both sides.
profile t.signal {
  /bin/access mr,
  signal (send) set=(term, usr1, exists, rtmin+3) peer=t.peer,
  signal (send) set=(hup) peer=t.stranger,
  signal (send) set=(cont) peer=unconfined,
  signal (send, receive) set=(usr1, kill) peer=@{profile_name},
}

profile t.trace {
  /bin/access mr,
  @{PROC}/** r,
  ptrace (trace, read) peer=t.peer,
  ptrace (read) peer=t.stranger,
  ptrace (trace, tracedby) peer=@{profile_name},
  signal (send) set=(kill) peer=@{profile_name},
  signal (receive) set=(kill) peer=@{profile_name},
}

profile t.notrace {
  /bin/access mr,
  signal (receive) set=(kill) peer=unconfined,
  @{PROC}/** r,
}

# Families, types and protocols.
profile t.families {
  /bin/access mr,
  network inet stream,
  network inet6 dgram,
  network netlink raw,
  network packet,
  deny network alg,
  capability net_raw,
  capability net_bind_service,
}

profile t.allnet {
  /bin/access mr,
  network,
  deny network inet6,
  capability net_raw,
}

profile t.deputy {
  /bin/access mr,
  network inet,
  mqueue,
  io_uring,
}
