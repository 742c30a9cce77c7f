# The same name; what could be read before cannot be any more.
profile t.replaced {
  /bin/access mr,
  deny /access/file.rows r,
}
