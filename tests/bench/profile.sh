# SPDX-License-Identifier: GPL-2.0
# The parts of tests/bench/profile. Their files are in $work.

# record OPERATION WHERE - the addresses of instructions to WHERE.insns, and the
# kernel's symbols to WHERE.symbols. The guest tells when it has begun, and is
# followed until there is enough.
record() {
	local monitor=$work/monitor guest enough=150000000 how groups=""
	case $2 in
	plain) how="rmmod capgov;" ;;
	idle) how="" ;;
	governed) how="govctl run --cap 2 --" ;;
	alone) how="" groups=1 ;;
	among) how="" groups=10000 ;;
	*) echo "profile: $2: no such place" >&2; return 1 ;;
	esac
	: >"$work/out"
	mkfifo "$monitor.in" "$monitor.out"
	exec 7<>"$monitor.in" 8<>"$monitor.out"
	cat "$monitor.out" >/dev/null 7>&- 8>&- &
	tests/vm/run ${KERNEL:+--kernel "$KERNEL"} --icount --monitor "$monitor" --mem 2048 --timeout 900 \
		--add build/tests/repeat:/repeat -- sh -c \
		"$how /repeat '$1' $groups; gzip -c /proc/kallsyms | base64" \
		>"$work/out" 2>"$work/err" 7>&- 8>&- &
	guest=$!
	while [ "$(head -n 1 "$work/out")" != ready ]; do
		kill -0 $guest 2>/dev/null ||
			{ cat "$work/err" >&2; return 1; }
		sleep 0.2
	done
	printf '%s\n' "logfile $work/log" "one-insn-per-tb on" \
		"log exec,nochain" >&7
	until [ "$(stat -c %s "$work/log" 2>/dev/null || echo 0)" -gt $enough ]; do
		kill -0 $guest 2>/dev/null || break
		sleep 0.2
	done
	printf '%s\n' "log none" "one-insn-per-tb off" >&7
	wait $guest
	exec 7>&- 8>&-
	rm "$monitor".*
	sed 1d "$work/out" | base64 -d | gzip -dc |
		awk 'tolower($2) ~ /[tw]/ { print $1, $3 }' | sort >"$work/$2.symbols"
	awk -F/ '/^Trace/ { print $2 }' "$work/log" >"$work/$2.insns"
	rm "$work/log"
	[ -s "$work/$2.symbols" ] && [ -s "$work/$2.insns" ]
}

# count FUNCTION TIMES WHERE - by function, how many instructions lie between
# TIMES begins of FUNCTION, to WHERE.counts: the mean of all such stretches but
# those that an interrupt is in, which are longer than the median by 5%.
count() {
	awk -v start="$1" -v times="$2" '
		FNR == NR {
			if ($2 == start)
				begin = $1
			at[++n] = $1
			name[n] = $2
			next
		}
		# The last symbol that is not above an address.
		function symbol(pc,    low, high, mid) {
			if (pc in known)
				return known[pc]
			if (pc < "8")
				return known[pc] = "(user)"
			low = 1
			high = n + 1
			while (high - low > 1) {
				mid = int((low + high) / 2)
				if (at[mid] <= pc)
					low = mid
				else
					high = mid
			}
			return known[pc] = name[low]
		}
		$1 == begin && ++seen % times == 0 { cycle++ }
		cycle {
			length_of[cycle]++
			of[cycle, symbol($1)]++
			names[symbol($1)]
		}
		END {
			if (cycle < 4) {
				print "profile: " start ": not seen often" >"/dev/stderr"
				exit 1
			}
			# What was cut off at the end is none.
			for (i = 1; i < cycle; i++) {
				less = equal = 0
				for (j = 1; j < cycle; j++) {
					less += length_of[j] < length_of[i]
					equal += length_of[j] == length_of[i]
				}
				if (less * 2 <= cycle && (less + equal) * 2 >= cycle)
					break
			}
			most = length_of[i] * 1.05
			for (f in names) {
				sum = stretches = 0
				for (i = 1; i < cycle; i++) {
					if (length_of[i] > most)
						continue
					stretches++
					sum += of[i, f]
				}
				print f, sum / stretches
			}
		}' "$work/$3.symbols" "$work/$3.insns" | sort >"$work/$3.counts"
	[ -s "$work/$3.counts" ]
}

# table OPERATION WHERE WHERE - both counts, what was added first
table() {
	echo "$1: instructions"
	printf '%9s %9s %9s  %s\n' "${2^^}" "${3^^}" ADDED FUNCTION
	join -a 1 -a 2 -e 0 -o 0,1.2,2.2 "$work/$2.counts" "$work/$3.counts" |
		awk '{
			added = $3 - $2
			if (added * added < 0.25)
				added = 0
			if ($2 >= 0.5 || $3 >= 0.5)
				printf "%9.0f %9.0f %+9.0f  %s\n", $2, $3,
					added, $1
			one += $2
			other += $3
		}
		END {
			printf "%9.0f %9.0f %+9.0f  (all)\n", one, other, other - one
		}' | sort -k 3,3gr -k 2,2nr
}
