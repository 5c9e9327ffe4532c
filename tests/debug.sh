#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# What runs in the guest of the debug kernel, TAP; in one, since it takes long to
# boot, and to look for leaks when the module has gone.
# Usage: debug.sh SEED SECONDS, of fuzzing
status=0
sh /core.sh 50 spinner chain stopped exec_among_parked deleted unloaded ||
	status=1
/faults || status=1
/abi --few || status=1
if /govfuzz --seed "$1" --seconds "$2"; then
	echo "ok - govfuzz"
else
	echo "not ok - govfuzz, seed $1"
	status=1
fi
sh /kunit | awk -f /cases.awk || status=1
/loads 10 || status=1
exit $status
