# SPDX-License-Identifier: GPL-2.0
# Counts TAP lines, or takes a summary, which then counts alone. What ended badly
# (-v status=N) or tested nothing has failed.
/^ok .*# [sS][kK][iI][pP]/ { s++; next }
/^ok / { p++ }
/^not ok / { f++ }
/^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$/ {
	p = $1; f = $3; s = $5
}
END {
	if ((status && !f) || !(p + f + s))
		f++
	printf "%d passed, %d failed, %d skipped\n", p, f, s
	exit f > 0
}
