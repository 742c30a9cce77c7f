profile t.replaced {
  /bin/access mr,
  /access/file.rows r,
}
