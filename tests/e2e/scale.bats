#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# Many tasks in one group.
load helpers

tracing=/sys/kernel/tracing
event=$tracing/events/capgov/capgov_release/enable

# A slice is a millisecond, and stopping and letting go is paid for too. Who has
# had one waits behind all others: of so many nobody comes twice while there is
# one who has not come at all.
@test "10,000 parked tasks go on in turn, as many as the bucket pays for" {
	local used_us at_us from_us released window=4
	# Where there are fewer, so that all do not come in that time.
	[ $slow -eq 1 ] || window=0.4
	echo 20000 >/proc/sys/kernel/threads-max
	parked_many 10000
	echo >"$tracing/trace"
	govctl set web --cap 0.5
	# What it took to park them all.
	until_true 60 is web debt_ns -lt 2000000
	echo 1 >"$event"
	read_used
	from_us=$used_us
	nap $window
	read_used
	echo 0 >"$event"
	grep 'capgov_release: group=web .* released=1' "$tracing/trace" |
		sed 's/ *\[.*//' >released
	echo >"$tracing/trace"
	released=$(wc -l <released)
	[ "$released" -gt $((100 / slow)) ]
	near "$released * 1000 / ($used_us - $from_us)" 0.85 0.17
	[ "$(sort released | uniq -d | wc -l)" -eq 0 ]
}
