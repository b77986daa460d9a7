#! /usr/bin/env atf-sh
# What the tools make of messages that stand only in the journal of a queue-serve: a case here for each
# of the cases of journal.py.
PATH=$(cd "$(atf_get_srcdir)/../../bin" && pwd):$PATH
here=$(cd "$(atf_get_srcdir)" && pwd)

# play NAME
play()
{
	python3 "$here/journal.py" "$1" && return
	cat home/service.log >&2
	atf_fail "$1"
}

atf_init_test_cases()
{
	for name in $(sed -n '/^# The cases/,$s/^def \([a-z0-9][a-z0-9_]*\)():.*/\1/p' "$here/journal.py"); do
		eval "atf_test_case $name; ${name}_head() { atf_set require.progs python3; }
			${name}_body() { play $name; }"
		atf_add_test_case "$name"
	done
}
