#! /usr/bin/env atf-sh
# What the source tree promises of itself: STYLE and doc/house.md as far as a program can see.

# Enter the source tree, which tests/run names.
enter_source()
{
	[ -n "$FACTEUR_SOURCE" ] || atf_fail "FACTEUR_SOURCE, the source tree, is not set"
	cd "$FACTEUR_SOURCE" || atf_fail "no source tree in $FACTEUR_SOURCE"
}

programs()
{
	ls src/*/*-*.c src/*/*-*.sh 2>/dev/null | sed 's|.*/||; s|\.[a-z]*$||'
}

# complain LINES: fail when there are any.
complain()
{
	[ -z "$1" ] || { printf '%s\n' "$1" >&2; atf_fail "$(printf '%s\n' "$1" | head -n 1)"; }
}

atf_test_case every_program_has_a_man_page
every_program_has_a_man_page_body()
{
	enter_source
	complain "$(for p in $(programs); do
		[ -f "doc/$p.8" ] || [ -f "doc/$p.1" ] || echo "doc/$p.8 is missing"; done)"
}

atf_test_case every_program_has_a_test_program
every_program_has_a_test_program_body()
{
	enter_source
	complain "$(for p in $(programs); do
		ls tests/*/"$p"_test.sh >/dev/null 2>&1 || echo "tests/*/${p}_test.sh is missing"; done)"
}

atf_test_case every_module_of_lib_has_a_test
every_module_of_lib_has_a_test_body()
{
	enter_source
	# resolver speaks to a DNS server: the tests of mx-send have one
	complain "$(for f in $(ls src/lib/*.h | grep -v /resolver); do
		grep -lq "\"${f#src/}\"" tests/*/*_test.c src/lib/*.h || echo "no test includes ${f#src/}"; done)"
}

atf_test_case every_program_has_a_line_in_readme
every_program_has_a_line_in_readme_body()
{
	enter_source
	complain "$(for p in $(programs); do
		grep -Eq "(^|[^a-z-])$p([^a-z-]|\$)" README || echo "README has no line about $p"; done)"
}

atf_test_case man_pages_are_sound
man_pages_are_sound_head()
{
	atf_set require.progs mandoc
}
man_pages_are_sound_body()
{
	enter_source
	atf_check mandoc -Tlint -W warning doc/*.[578]
}

atf_test_case man_pages_of_programs_have_their_sections
man_pages_of_programs_have_their_sections_body()
{
	enter_source
	complain "$(for p in $(programs); do
		for s in 'EXIT STATUS' ENVIRONMENT FILES EXAMPLES; do
			[ ! -f "doc/$p.8" ] || grep -q "^\.Sh $s\$" "doc/$p.8" ||
				echo "doc/$p.8 has no section $s"; done; done)"
}

atf_test_case man_pages_name_pages_that_exist
man_pages_name_pages_that_exist_body()
{
	enter_source
	foreign='s6-.*|tcp.*|rblsmtpd|recordio|qmail.*|sendmail|crypt|cdb|kyua|atf.*|mandoc|newaliases'
	foreign="$foreign|resolv.conf|passwd|signal|unix|.*\.[123]"
	complain "$(sed -n 's/^\.Xr \([^ ]*\) \([0-9]\).*/\1.\2/p' doc/*.[578] | sort -u |
		while read -r page; do
			[ -f "doc/$page" ] || echo "a man page refers to $page, which is missing"
		done | grep -vE " to ($foreign)(\.[0-9])?,")"
}

atf_test_case nothing_lies_at_top_level_that_does_not_belong
nothing_lies_at_top_level_that_does_not_belong_body()
{
	enter_source
	complain "$(ls | grep -vxE 'Makefile|README|conf-cc|conf-home|src|service|tests|doc|build' |
		sed 's/$/ does not belong at top level/')"
	for name in Makefile README conf-cc conf-home src service tests doc; do
		[ -e "$name" ] || atf_fail "$name is missing"
	done
}

atf_test_case the_formatter_changes_nothing
the_formatter_changes_nothing_head()
{
	atf_set require.progs clang-format
}
the_formatter_changes_nothing_body()
{
	enter_source
	atf_check clang-format --dry-run --Werror src/*/*.[ch] tests/*/*.c
}

# DESIGN: the compiled library appends garbage in these, or has no limit.
atf_test_case functions_of_libowfat_that_fail_are_not_called
functions_of_libowfat_that_fail_are_not_called_body()
{
	enter_source
	names='buffer_flush|buffer_putflush|buffer_putsaflush|fmt_ulong0|fmt_netstring|dns_[a-z0-9_]*|buffer_getnewline_sa|buffer_get_new_token_sa'
	names="$names|stralloc_cat(u?long0?|u?int0?|xlong0?|ulonglong0?)|msg|msgsys|errmsg_info(sys)?"
	complain "$(grep -nE "(^|[^a-z0-9_])($names) *\(" src/*/*.[ch])"
}

atf_test_case a_stage_includes_lib_and_itself_only
a_stage_includes_lib_and_itself_only_body()
{
	enter_source
	complain "$(for f in src/*/*.[ch]; do
		stage=${f#src/}; stage=${stage%%/*}
		sed -n 's|^#include "\(.*\)"|\1|p' "$f" | grep -vE "^(lib|$stage)/" |
			sed "s|^|$f includes |"; done)"
}

# They cost a small program its speed, or do not exist in a static one.
atf_test_case small_programs_use_no_stdio_and_no_name_service
small_programs_use_no_stdio_and_no_name_service_body()
{
	enter_source
	complain "$(grep -nE '[^a-z_](v?f?printf|fopen|fgets|getpw(nam|uid)|getgr(nam|gid)|getaddrinfo) *\(' \
		$(ls src/*/*.c | grep -v -e mail-user -e auth-check -e mx-send))"
}

atf_test_case names_are_not_those_of_libraries
names_are_not_those_of_libraries_body()
{
	enter_source
	complain "$(ls src/*/*.h | while read -r f; do
		n=$(basename "$f")
		[ ! -f "/usr/include/$n" ] && [ ! -f "/usr/include/libowfat/$n" ] ||
			echo "$f has the name of a header of the system"; done)"
	complain "$(ls src/*/*.c | sed 's|.*/||' | sort | uniq -d | sed 's/$/ exists twice/')"
}

# Built from nothing, in a copy, with what a newcomer sees.
atf_test_case the_compiler_has_nothing_to_say
the_compiler_has_nothing_to_say_head()
{
	atf_set require.progs "make gcc"
}
the_compiler_has_nothing_to_say_body()
{
	enter_source
	here=$OLDPWD
	mkdir "$here/copy" &&
	    cp -R Makefile conf-cc conf-home src service doc README tests "$here/copy" &&
	    cd "$here/copy" || atf_fail "unable to copy $FACTEUR_SOURCE"
	export MAKEFLAGS= MAKELEVEL=
	atf_check -o ignore make -j2 all
	atf_check make -q all

	# what depends on a header is made anew, what does not is not
	touch src/lib/ipaddress.h
	atf_check -o match:'ipaddress.c' -o not-match:'deadline\.c' make -n all
	atf_check -o ignore make all

	atf_check -o ignore make install DESTDIR="$here/root"
	home=$here/root$(head -n 1 conf-home)
	for p in $(programs); do
		[ -x "$home/bin/$p" ] || atf_fail "$p is not installed"
	done
	[ -d "$home/share/service" ] && [ -f "$home/share/man/man8/smtp-recv.8" ] ||
		atf_fail "services or man pages are not installed"
}

atf_test_case tests_compile_without_warnings
tests_compile_without_warnings_head()
{
	atf_set require.progs gcc
}
tests_compile_without_warnings_body()
{
	enter_source
	for f in tests/*/*.c; do
		atf_check gcc -fsyntax-only -Wall -Wextra -std=c11 -D_GNU_SOURCE -Dpure= \
		    -D_FILE_OFFSET_BITS=64 -DCONF_HOME='"/x"' -Isrc "$f"
	done
}

# One that is declared and not added never fails.
atf_test_case every_test_case_is_run
every_test_case_is_run_body()
{
	complain "$(cd "$(atf_get_srcdir)/.." && for t in */*_test; do
		[ "$(head -c 2 "$t")" = '#!' ] || continue
		"$t" -l | sed -n 's/^ident: //p' >"$HOME/run" || echo "$t does not list its cases"
		sed -n 's/^atf_test_case \([a-zA-Z0-9_]*\).*/\1/p' "$t" |
			grep -vxFf "$HOME/run" | sed "s|^|$t never runs |"
	done)"
	enter_source
	complain "$(for t in tests/*/*_test.c; do
		sed -n 's/^ATF_TC[A-Z_]*(\([a-z0-9_]*\));.*/\1/p' "$t" | while read -r case; do
			grep -q "ATF_TP_ADD_TC(tp, $case)" "$t" || echo "$t never runs $case"
		done
	done)"
}

atf_init_test_cases()
{
	atf_add_test_case every_test_case_is_run
	atf_add_test_case every_program_has_a_man_page
	atf_add_test_case every_program_has_a_test_program
	atf_add_test_case every_module_of_lib_has_a_test
	atf_add_test_case every_program_has_a_line_in_readme
	atf_add_test_case man_pages_are_sound
	atf_add_test_case man_pages_of_programs_have_their_sections
	atf_add_test_case man_pages_name_pages_that_exist
	atf_add_test_case nothing_lies_at_top_level_that_does_not_belong
	atf_add_test_case the_formatter_changes_nothing
	atf_add_test_case functions_of_libowfat_that_fail_are_not_called
	atf_add_test_case a_stage_includes_lib_and_itself_only
	atf_add_test_case small_programs_use_no_stdio_and_no_name_service
	atf_add_test_case names_are_not_those_of_libraries
	atf_add_test_case the_compiler_has_nothing_to_say
	atf_add_test_case tests_compile_without_warnings
}
