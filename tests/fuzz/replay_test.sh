#! /usr/bin/env atf-sh
# Each fuzz target with its corpus and mutations of it, without libFuzzer.

MUTATIONS=2000

replay()
{
	[ -n "$FACTEUR_SOURCE" ] || atf_fail "FACTEUR_SOURCE, the source tree, is not set"
	atf_check -o match:'[1-9][0-9]* files replayed' "$(atf_get_srcdir)/$1_fuzz" \
	    "$FACTEUR_SOURCE/tests/fuzz/corpus/$1" $MUTATIONS
}

atf_init_test_cases()
{
	for target in "$(atf_get_srcdir)"/*_fuzz; do
		name=$(basename "$target" _fuzz)
		eval "atf_test_case ${name}_survives; ${name}_survives_body() { replay $name; }"
		atf_add_test_case "${name}_survives"
	done
}
