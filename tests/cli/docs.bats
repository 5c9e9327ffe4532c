#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# --help, man page and completion name the same commands and options.
bats_require_minimum_version 1.5.0

setup() {
	TOP=$BATS_TEST_DIRNAME/../..
	MAN=$TOP/userspace/man/govctl.8.rst
	export PATH="$TOP/build/userspace${SANITIZE:+-sanitized}:$PATH"
	# shellcheck source=/dev/null
	source "$TOP/userspace/completion/govctl"
}

commands_of_help() {
	govctl --help | sed -n 's/^  \([a-z][a-z-]*\)  .*/\1/p' | sort
}

# options TEXT - the long options in it
options() {
	grep -oE -- '--[a-z][a-z-]+' <<<"$1" | sort -u
}

# complete_words WORD... - what is offered for the last of them
complete_words() {
	COMP_WORDS=("$@")
	COMP_CWORD=$(($# - 1))
	_govctl
	printf '%s\n' "${COMPREPLY[@]}"
}

@test "the same commands everywhere" {
	help=$(commands_of_help)
	[ "$(wc -l <<<"$help")" -eq 14 ]
	[ "$(sed -n 's/^| \*\*govctl \([a-z-]*\)\*\*.*/\1/p' "$MAN" | sort)" = \
		"$help" ]
	[ "$(sed -n '/^COMMANDS/,/^OPTIONS/s/^\([a-z][a-z-]*\)$/\1/p' "$MAN" |
		sort)" = "$help" ]
	[ "$(complete_words govctl "" | grep -v '^-' | sort)" = "$help" ]
}

@test "the same options in every command's help and completion" {
	for command in $(commands_of_help); do
		help=$(options "$(govctl "$command" --help |
			grep -E '^  -|^Usage')")
		offered=$(options "$(complete_words govctl "$command" --)")
		diff <(echo "$help") <(echo "$offered") ||
			{ echo "of $command"; return 1; }
	done
}

@test "the same options in help and man page" {
	help=$(options "$(for command in "" $(commands_of_help); do
		# shellcheck disable=SC2086
		govctl $command --help
	done)")
	man=$(options "$(sed -n '/^OPTIONS/,/^EXIT/p' "$MAN" | grep '^-')")
	diff <(echo "$help") <(echo "$man")
}

@test "every option in the help is taken" {
	for command in $(commands_of_help); do
		for option in $(options "$(govctl "$command" --help |
			grep -E '^  -')"); do
			run govctl "$command" "$option" --help
			[[ $output != *"unknown option"* ]]
		done
	done
}

@test "the man pages are well formed" {
	for page in "$TOP"/userspace/man/*.rst; do
		run --separate-stderr rst2man --halt=2 "$page"
		[ "$status" -eq 0 ]
		[ -z "$stderr" ]
	done
}

@test "a group's name is completed as it is, and never run" {
	_govctl_groups() { printf '%s\n' "\$(touch $BATS_TEST_TMPDIR/ran)" 'a*' "it's"; }
	run complete_words govctl show ""
	[[ $output == *'a\*'*"it\\'s"* ]]
	[ ! -e "$BATS_TEST_TMPDIR/ran" ]
}

@test "what follows run -- is completed as a command" {
	complete_words govctl run --cap 0.5 -- ls | grep -qx ls
}
