# SPDX-License-Identifier: GPL-2.0
# Runs QEMU: which accelerator, which devices, and how long.

# Sets qemu_accel and says which. KVM is believed only after a guest has really
# booted with it; the answer holds until the host boots again.
qemu_choose_accel() {
	local verdict mark
	mark=$(cat /proc/sys/kernel/random/boot_id)
	verdict=$cache/kvm-$mark-$(qemu-system-x86_64 --version |
		sed -n '1s/.*version \([0-9.]*\).*/\1/p')
	if [ "$opt_icount" ]; then
		local shift=0
		while [ $((1 << shift)) -lt "$opt_ns" ]; do
			shift=$((shift + 1))
		done
		qemu_accel=(-accel tcg -icount "shift=$shift,sleep=off")
		say "TCG, counting instructions, $kernel_version"
		return
	fi
	if [ ! -f "$verdict" ] && [ -w /dev/kvm ]; then
		say "trying KVM"
		if qemu_probe_kvm; then echo yes; else echo no; fi >"$verdict"
	fi
	if [ -w /dev/kvm ] && [ "$(cat "$verdict")" = yes ]; then
		qemu_accel=(-accel kvm -cpu host)
		say "KVM, $kernel_version"
	else
		qemu_accel=(-accel tcg)
		say "TCG (no KVM that boots a guest), $kernel_version"
	fi
}

# The kernel has nothing to start, panics at once and says so, if it boots.
qemu_probe_kvm() {
	timeout -k 1 15 qemu-system-x86_64 -M q35 -nodefaults -accel kvm \
		-cpu host -m 256 -display none -no-reboot -serial stdio \
		-kernel "$kernel_image" -append "console=ttyS0 panic=-1" \
		</dev/null 2>/dev/null | grep -q 'Kernel panic.*VFS: Unable to mount root'
}

# Sets qemu_machine. Kernels of our own boot in half the time on one with hardly
# any ACPI; the host's files come by PCI, and Debian's kernels need a PC, whose
# own firmware would take a third of their boot.
qemu_choose_machine() {
	qemu_machine=(-M q35 -bios qboot.rom)
	if [ "${source_package:-}" ] && [ ! "$opt_host_root" ]; then
		qemu_machine=(-M microvm,acpi=on,rtc=on,isa-serial=off)
		opt_append="pci=off $opt_append"
	fi
}

qemu_append() {
	# A busy host may give no timer interrupt while the kernel looks for one,
	# and half of a boot would be tests of ciphers.
	local args="console=ttyS0 panic=-1 log_buf_len=8M"
	args="$args no_timer_check cryptomgr.notests"
	if [ "${source_package:-}" ]; then
		# A warning in an interrupt must not get to the console under
		# lockdep. 256 old pseudoterminals take seconds.
		args="$args loglevel=4 pty.legacy_count=0"
	else
		args="$args loglevel=5"
	fi
	if [ "$opt_icount" ]; then
		args="$args tsc=reliable mitigations=off nokaslr"
		args="$args random.trust_cpu=on"
		# Without REP_GOOD: QEMU takes each step of a rep by itself then,
		# and whoever clears pages spends most of its time in that.
		args="$args clearcpuid=112"
	else
		args="$args tsc=reliable"
	fi
	echo "$args${opt_append:+ $opt_append}"
}

# One isa-serial port each for console, output, errors and verdict.
qemu_serials() {
	local i=0 dev out=file,path=$work/out
	[ -z "$opt_shell" ] || out=stdio,mux=off,signal=off
	for dev in "file,path=$work/console" "$out" \
		   "file,path=$work/err" "file,path=$work/verdict"; do
		echo "-chardev"
		echo "$dev,id=tty$i"
		echo "-device"
		echo "isa-serial,chardev=tty$i,index=$i"
		i=$((i + 1))
	done
}

# Pass on what comes from $1, and when nobody wants it any more, take it all
# the same: the guest must not wait.
qemu_relay() {
	cat "$1" 2>/dev/null || cat "$1" >/dev/null
}

# Boot the guest. Return: 0 if it ended by itself, 124 if time was up.
qemu_run() {
	local serials share=()
	mapfile -t serials < <(qemu_serials)
	[ -z "$opt_host_root" ] || share=(-virtfs "local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap")
	: >"$work/console"
	: >"$work/verdict"
	# Held open here, so that who reads them ends when QEMU has, even if it
	# never started.
	mkfifo "$work/out" "$work/err"
	exec 5<>"$work/out" 6<>"$work/err"
	qemu_relay "$work/out" 5>&- 6>&- &
	qemu_relay "$work/err" >&2 5>&- 6>&- &
	timeout -k 5 ${opt_shell:+--foreground} "$opt_timeout" \
		qemu-system-x86_64 "${qemu_machine[@]}" -nodefaults -no-user-config \
		-display none -no-reboot "${qemu_accel[@]}" \
		-smp "$opt_cpus" -m "$opt_mem" \
		-rtc "base=2024-01-01,clock=vm" \
		-kernel "$kernel_image" -initrd "$initrd" \
		-append "$(qemu_append)" \
		"${serials[@]}" "${share[@]}" -monitor "$opt_monitor" \
		<&0 2>"$work/qemu.err" &
	qemu_pid=$!
	wait "$qemu_pid"
	qemu_status=$?
	qemu_pid=
	exec 5>&- 6>&-
	wait
}
