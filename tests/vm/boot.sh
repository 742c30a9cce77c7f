#!/bin/bash
# boot.sh - every *.steps file on every kernel
exec "$(dirname "$0")/run"
