#! /usr/bin/env atf-sh
# What tests/run counts on: whatever a sanitizer says of a program stands in a file where it looks.

atf_test_case what_a_sanitizer_says_is_found
what_a_sanitizer_says_is_found_head()
{
	atf_set require.progs 'gcc make'
}
what_a_sanitizer_says_is_found_body()
{
	[ -n "$FACTEUR_SOURCE" ] || atf_fail "FACTEUR_SOURCE, the source tree, is not set"
	flags=$(make -s -C "$FACTEUR_SOURCE" B="$PWD/build" --eval='flags:; @echo $(CFLAGS_TEST)' flags) ||
		atf_fail "no flags"
	cat >fault.c <<-'END'
		#include <stdlib.h>
		#include <string.h>
		int main(int argc, char **argv)
		{
			char *few = malloc((size_t)argc), *from = argv[1][0] != 'u' ? argv[1] : NULL;
			memcpy(few, from, from != NULL ? 1 : 0);
			few[argv[1][0] == 'a' ? argc : 0] = 'x';
			return argv[1][0] == few[0];
		}
	END
	gcc $flags -o fault fault.c || atf_fail "fault.c"
	ASAN_OPTIONS=detect_leaks=0:exitcode=99:log_path=$PWD/address UBSAN_OPTIONS=log_path=$PWD/undefined
	export ASAN_OPTIONS UBSAN_OPTIONS
	atf_check ./fault none
	atf_check_equal 0 "$(find . -name 'address.*' -o -name 'undefined.*' | wc -l)"
	atf_check -s not-exit:0 ./fault undefined
	atf_check -o match:'runtime error: null pointer' cat undefined.*
	atf_check -s exit:99 ./fault address
	atf_check -o match:'heap-buffer-overflow' -o match:'#0 .*fault.c:7' cat address.*
}

atf_init_test_cases()
{
	atf_add_test_case what_a_sanitizer_says_is_found
}
