# SPDX-License-Identifier: GPL-2.0
# Kernels of our own, built from Debian's source with the fragments in configs/
# on top of tinyconfig. Sources and results are kept in the cache, keyed by
# version, fragments, make's arguments and compiler.

# Version of the source: what apt would install, else the newest that is here.
source_version() {
	local version
	version=$(apt-cache policy "$source_package" 2>/dev/null |
		awk '$1 == "Candidate:" && $2 != "(none)" { print $2 }')
	[ -n "$version" ] || version=$(ls "$cache/source" 2>/dev/null |
		sed -n "s/^$source_package=//p" | sort -V | tail -n 1)
	echo "$version"
}

# Unpack the source of version $1 to $2, whole or not at all.
source_fetch() {
	local tmp=$cache/source/.fetch
	rm -rf "$tmp"
	mkdir -p "$tmp"
	say "fetching $source_package $1"
	if (cd "$tmp" && apt-get -qq -o APT::Sandbox::User=root \
		download "$source_package=$1" >/dev/null) &&
	   dpkg-deb -x "$tmp"/*.deb "$tmp/deb"; then
		say "unpacking it"
		mkdir "$tmp/tree"
		tar -C "$tmp/tree" --strip-components 1 -xf \
			"$tmp/deb/usr/src/$source_package".tar.* &&
			mv -T "$tmp/tree" "$2"
	fi
	rm -rf "$tmp"
	[ -d "$2" ]
}

# Configure in folder $2 from source $1. Each line of a fragment must hold.
source_configure() {
	local fragments line
	mapfile -t fragments < <(printf "$here/configs/%s\n" $configs)
	make -s -C "$1" O="$2" tinyconfig >/dev/null 2>&1 &&
	(cd "$1" && KCONFIG_CONFIG=$2/.config scripts/kconfig/merge_config.sh \
		-m -O "$2" "$2/.config" "${fragments[@]}") >/dev/null 2>&1 &&
	make -s -C "$1" O="$2" olddefconfig >/dev/null 2>&1 || return
	while read -r line; do
		case $line in
		CONFIG_*=n) ! grep -q "^${line%n}" "$2/.config" ;;
		CONFIG_*) grep -qxF "$line" "$2/.config" ;;
		esac || { say "$line does not hold"; return 1; }
	done < <(cat "${fragments[@]}")
}

# Build kernel $1 in folder $3 from source $2, and keep what modules are built
# with, and the kernel.
source_compile() {
	local log=$3.log
	source_configure "$2" "$3" || return
	say "building kernel $1: several minutes"
	make -C "$2" O="$3" -j"$(nproc)" $make_args bzImage modules_prepare \
		2>"$log" |
		awk -v kernel="$1" '$1 == "CC" && !(++n % 250) {
			print "vm: kernel " kernel ": " n " files compiled"
			fflush()
		}' >&2
	if [ "${PIPESTATUS[0]}" -ne 0 ]; then
		grep -B 5 -E 'error:|Error ' "$log" >&2
		return 1
	fi
	rm "$log"
	cp "$3/vmlinux.symvers" "$3/Module.symvers"
	find "$3" -name '*.[oa]' ! -path '*/scripts/*' ! -path '*/tools/*' \
		-delete
	mkdir -p "$3/lib/modules"
}

# Sets kernel_version, kernel_tree, kernel_image and kdir for kernel $1, which
# needs no module to find its root.
source_find() {
	local version source key
	version=$(source_version)
	[ -n "$version" ] || die "$1: apt knows no $source_package"
	source=$cache/source/$source_package=$version
	key=$({ cd "$here/configs" && cat $configs
		printf %s "$make_args"; gcc -dumpfullversion; } |
		md5sum | head -c 8)
	kernel_version=$1-$version-$key
	kernel_tree=$cache/kernels/$kernel_version
	if [ ! -d "$kernel_tree" ]; then
		mkdir -p "$cache/source"
		exec 7>"$cache/source/.lock"
		flock 7
		[ -d "$source" ] || source_fetch "$version" "$source" ||
			die "$1: cannot fetch $source_package $version"
		exec 7>&-
		rm -rf "$kernel_tree.tmp"
		mkdir "$kernel_tree.tmp"
		source_compile "$1" "$source" "$kernel_tree.tmp" ||
			die "$1: cannot build the kernel"
		mv -T "$kernel_tree.tmp" "$kernel_tree"
	fi
	kernel_image=$kernel_tree/arch/x86/boot/bzImage
	kernel_modules=
	kdir=$kernel_tree
}
