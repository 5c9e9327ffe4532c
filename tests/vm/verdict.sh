# SPDX-License-Identifier: GPL-2.0
# What to think of a guest that has ended: the command's status, and whether
# the kernel complained. A check that cannot be made is a failure.

# What a kernel in trouble prints.
splats='BUG:|WARNING:|Oops|Kernel panic|general protection|double fault'
splats="$splats|KASAN:|KCSAN:|UBSAN:|unreferenced object"
splats="$splats|possible circular locking|possible recursive locking"
splats="$splats|inconsistent lock state|suspicious RCU usage|sleeping function"
splats="$splats|scheduling while atomic|rcu.* detected stall|self-detected stall"
splats="$splats|soft lockup|hard LOCKUP|blocked for more than|ODEBUG:"
splats="$splats|refcount_t:|list_(add|del) corruption|Unable to handle"
splats="$splats|Call Trace:|cut here|unregister_netdevice: waiting"

# What is the kernel's own: that the OOM killer and kmem_cache_create() show where
# they were called, within 80 lines; a name is lost when memory runs out in
# sysfs_slab_add(). Of what lockdep says of contexts, where we have no part. A
# fault in user mode, as glibc ends a program that gets no memory to start, is none.
innocent='
	/BUG: Invalid wait context/ {
		if (context)
			print context
		context = $0
		ours = 0
		next
	}
	context && !/BUG:|KASAN:|UBSAN:/ {
		context = context "\n" $0
		ours += /\[capgov\]/
		if (/<\/TASK>/) {
			if (ours)
				print context
			context = ""
		}
		next
	}
	/traps: .* general protection fault ip:/ { next }
	/invoked oom-killer|kmem_cache_create.* failed with/ { shown = NR + 80 }
	/unreferenced object/ {
		if (lost && !name)
			print lost
		lost = $0
		name = 0
		next
	}
	lost && /^ / { lost = lost "\n" $0; name += /sysfs_slab_add/; next }
	lost { if (!name) print lost; lost = "" }
	NR > shown || !/Call Trace:/ { print }
	/<\/TASK>/ { shown = 0 }
	END {
		if (lost && !name)
			print lost
		if (context)
			print context
	}'

# Print the last of the console, to tell what the guest was doing.
verdict_tail() {
	say "the last the guest said:"
	tail -n 25 "$work/console" | tr -d '\r' | sed 's/^/    /' >&2
}

# Return: the status for the user, from what is in $work.
verdict() {
	local status log found
	tr -d '\r' <"$work/verdict" | awk "$innocent" >"$work/v"
	tr -d '\r' <"$work/console" | awk "$innocent" >"$work/c"
	# The console has only the worst, but has it after a panic too.
	for log in "$work/v" "$work/c"; do
		# Races in which we have no part are the kernel's own.
		found=$(grep -nE "$splats" "$log" |
			grep -vE 'KCSAN: [^[]*$' | head -n 1)
		[ "$found" ] || continue
		say "the kernel complained:"
		sed -n "${found%%:*},+40p" "$log" | sed 's/^/    /' >&2
		return 125
	done
	if [ "$qemu_status" -eq 124 ] || [ "$qemu_status" -eq 137 ]; then
		say "time is up after $opt_timeout s"
		verdict_tail
		return 124
	fi
	if grep '^failed: ' "$work/v" >&2; then
		verdict_tail
		return 125
	fi
	status=$(sed -n 's/^exit \([0-9]*\)$/\1/p' "$work/v" | tail -n 1)
	if [ -z "$status" ] ||
	   ! grep -q 'capgov-vm: the guest is up' "$work/v" ||
	   ! grep -q 'capgov-vm: the guest is done' "$work/v"; then
		say "the guest ended without a verdict"
		cat "$work/qemu.err" >&2
		verdict_tail
		return 125
	fi
	return "$status"
}
