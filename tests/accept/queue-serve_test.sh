#! /usr/bin/env atf-sh
# What queue-serve does for its clients, who are played by serve.py: a case here for each of its cases.
PATH=$(cd "$(atf_get_srcdir)/../../bin" && pwd):$PATH
here=$(cd "$(atf_get_srcdir)" && pwd)

# case NAME
play()
{
	python3 "$here/serve.py" "$1"
	case $? in
	0) ;;
	77) atf_skip "it needs to be root, with a mount namespace" ;;
	*)
		cat home/log >&2
		atf_fail "$1"
		;;
	esac
}

atf_init_test_cases()
{
	for name in $(sed -n '/^# The cases/,$s/^def \([a-z0-9][a-z0-9_]*\)():.*/\1/p' "$here/serve.py"); do
		eval "atf_test_case $name; ${name}_head() { atf_set require.progs python3; }
			${name}_body() { play $name; }"
		atf_add_test_case "$name"
	done
}
