# SPDX-License-Identifier: GPL-2.0
# From KTAP to TAP: a line for each case, with its suite's name. Cases are one
# level in, suites on the left; a parameter is part of its case. A suite that did
# not run, or failed without a case that did, has failed.
BEGIN {
	n = split("bucket policy group fault sysfs charge throttle stats " \
		"account member clock sampled", suites, " ")
}
{ sub(/\r$/, "") }
/^    # Subtest: / { suite = $3; bad = 0; next }
/^    (not )?ok [0-9]+ / {
	sub(/^    /, "")
	if (/^not/)
		bad = failed = 1
	sub(/ok [0-9]+ /, "&" suite ": ")
	print
	next
}
/^(not )?ok [0-9]+ / {
	ran[$NF] = 1
	if (/^not/ && !bad) {
		print "not ok - " $NF
		failed = 1
	}
	bad = 0
}
END {
	for (i = 1; i <= n; i++)
		if (!ran["capgov_" suites[i]]) {
			print "not ok - capgov_" suites[i] " did not run"
			failed = 1
		}
	exit failed
}
