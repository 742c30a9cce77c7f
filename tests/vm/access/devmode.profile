# What it does is logged, and is not hindered.
profile t.devmode flags=(complain) {
  /bin/access mr,
}
