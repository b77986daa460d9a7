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
	# resolver speaks to a DNS server: the tests of mx-send have one; manners stands before main
	complain "$(for f in $(ls src/lib/*.h | grep -v -e /resolver -e /manners); do
		grep -lq "\"${f#src/}\"" tests/*/*_test.c src/lib/*.h || echo "no test includes ${f#src/}"; done)"
}

atf_test_case every_program_has_a_line_in_readme
every_program_has_a_line_in_readme_body()
{
	enter_source
	complain "$(for p in $(programs); do
		grep -Eq "(^|[^a-z-])$p([^a-z-]|\$)" README || echo "README has no line about $p"; done)"
}

atf_test_case readme_and_house_know_the_rooms
readme_and_house_know_the_rooms_body()
{
	enter_source
	awk '/^The programs$/ { on = 1 } /^Each has a man page/ { on = 0 }
		on && match($0, /^  [a-z]+ +/) { room = $1; sub(/^  [a-z]+ +/, "") }
		on && $1 ~ /-/ && $1 !~ /^-/ { print room "/" $1 }' README | sort >"$HOME/told"
	find src -name '*-*.c' -o -name '*-*.sh' | sed 's|^src/||; s|\.[a-z]*$||' | sort >"$HOME/there"
	complain "$(diff "$HOME/told" "$HOME/there" | sed -n 's/^> /README does not tell of /p
		s/^< /README tells of what is not there: /p')"
	complain "$(for room in src/*/; do
		room=$(basename "$room")
		line=$(grep "^| $room |" doc/house.md) || echo "doc/house.md does not tell of $room"
		[ "$room" != policy ] || continue
		for p in $(sed -n "s|^$room/||p" "$HOME/there"); do
			case $line in *"$p"*) ;; *) echo "doc/house.md does not tell of $p in $room" ;; esac
		done
	done)"
}

atf_test_case every_target_has_a_line_in_make_help
every_target_has_a_line_in_make_help_body()
{
	enter_source
	export MAKEFLAGS= MAKELEVEL=
	make -s help >"$HOME/help" || atf_fail "make help fails"
	sed -n 's/^    make \([a-z]*\)  *[a-z].*/\1/p' "$HOME/help" | sort >"$HOME/told"
	awk '/^\.PHONY:/ { on = 1 } on { print; on = /\\$/ }' Makefile | tr -s '\\ \t' '\n' |
		grep -vx -e .PHONY: -e fuzz-targets -e '' | sort >"$HOME/targets"
	[ -s "$HOME/targets" ] || atf_fail "the Makefile names no targets"
	complain "$(diff "$HOME/told" "$HOME/targets" | sed -n 's/^> \(.*\)/make help does not tell of \1/p
		s/^< \(.*\)/make help tells of \1, which is not .PHONY/p')"
}

# doc/modules.md is what make map makes of the first sentences of the files.
atf_test_case the_map_shows_every_module
the_map_shows_every_module_body()
{
	enter_source
	tests/map >"$HOME/map" || atf_fail "tests/map fails"
	complain "$(sed -n 's/^- \*\*\(.*\)\*\*: *$/the first comment of \1 does not say what it is for/p' \
		"$HOME/map")"
	for f in src/*/*.[ch] src/*/*.sh; do
		name=${f##*/}; name=${name%.*}
		grep -q "^- \*\*$name\*\*: " "$HOME/map" || echo "the map lacks $f"
	done >"$HOME/lacks"
	complain "$(cat "$HOME/lacks")"
	cmp -s doc/modules.md "$HOME/map" || complain "doc/modules.md is not true any more: make map
$(diff doc/modules.md "$HOME/map")"
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

# The short list of checks of .clang-tidy, and what cppcheck warns of.
atf_test_case the_linters_have_nothing_to_say
the_linters_have_nothing_to_say_head()
{
	atf_set require.progs "clang-tidy cppcheck"
}
the_linters_have_nothing_to_say_body()
{
	enter_source
	atf_check -e ignore sh -c \
	    "ls src/*/*.c | xargs -P $(nproc) -n 8 sh -c 'clang-tidy --quiet \"\$@\" --' x"
	# It does not see that a pointer was set anew.
	atf_check cppcheck -q -j "$(nproc)" --enable=warning,performance,portability \
	    --inline-suppr --std=c11 -D_GNU_SOURCE -Isrc --error-exitcode=1 \
	    --suppress=missingInclude --suppress=nullPointerArithmeticRedundantCheck src
}

# A name or file that a comment speaks of and that is no more misleads whoever looks for it.
atf_test_case comments_name_what_exists
comments_name_what_exists_body()
{
	enter_source
	foreign='buffer_flush|crypt_gensalt|cert_cb|close_notify|b\.c'
	awk '
	function words(text, what,	name) {
		while (match(text, /[a-z][a-z0-9]*(_[a-z0-9]+)+(\.[ch])?|[a-z0-9]+\.[ch]/)) {
			name = substr(text, RSTART, RLENGTH)
			rest = substr(text, RSTART + RLENGTH)
			if (rest !~ /^[A-Za-z0-9_-]/ && substr(text, RSTART - 1, 1) !~ /[A-Z0-9_]/)
				print what, name, FILENAME ":" FNR
			text = rest
		}
	}
	FNR == 1 { file = FILENAME; sub(/.*\//, "", file); print "code", file, "-"
		sub(/\.[ch]$/, "", file); print "code", file, "-" }
	{
		line = $0
		while (line != "") {
			n = index(line, inside ? "*/" : "/*")
			words(n ? substr(line, 1, n - 1) : line, inside ? "comment" : "code")
			if (!n)
				break
			inside = !inside
			line = substr(line, n + 2)
		}
	}' src/*/*.[ch] >"$HOME/words"
	complain "$(awk '$1 == "code" { code[$2] = 1 } $1 == "comment" { at[$2] = $3 }
		END { for (name in at) if (!(name in code)) print name, at[name] }' "$HOME/words" |
		grep -vE "^($foreign) " | sed 's/\(.*\) \(.*\)/\2: a comment names \1, which is nowhere/')"
	[ "$(grep -c ^comment "$HOME/words")" -gt 100 ] || atf_fail "no names were found in comments"
}

# STYLE: one dialect, as far as a line shows it.
atf_test_case the_dialect_is_kept
the_dialect_is_kept_body()
{
	enter_source
	complain "$(grep -nE '!(str|strn|mem|strcase|strncase)cmp\(|!(mem|str|strr)chr\(|!strstr\(|!getenv\(' \
		src/*/*.[ch])"
	complain "$(grep -nE '\((const )?char \*\)0[^-x.0-9]' src/*/*.[ch])"
	complain "$(for f in src/*/*.[ch]; do awk -v f="$f" '
		/^#include "[^\/]*"/ { print f ": " $0 ": name its folder" }
		/^#include/ { kind = /"/ ? 2 : 1; if (kind < last) print f ": " $0 ": ours come last"
			last = kind }' "$f"; done)"
	complain "$(grep -nE 'explicit_bzero\([^,]*\.s, ' src/*/*.c | sed 's/$/: text_wipe/')"
	# an operand that begins like an option is none, whatever stands before it: glibc looks behind it
	complain "$(grep -nE 'getopt\(argc, argv, "[^+]|^#define LETTERS "[^+].*:' src/*/*.c)"
	complain "$(grep -nE 'getopt\(' src/*/*.c | grep -vE 'getopt\(argc, argv, ("|LETTERS\))')"
	# the formatter parts a field from its type when its comment is too long
	complain "$(grep -nE '^\t+(const |unsigned |struct )?[a-z0-9_]+( \*)?$' src/*/*.h |
		grep -vE ':(int|void|char|size_t|ssize_t|static.*|unsigned( long)*|enum .*)$')"
}

# Left out: A && B || C, where B can't fail or C is meant for both; awk in single quotes; letters of
# ASCII, which are all that tr is to change.
atf_test_case shellcheck_has_nothing_to_say
shellcheck_has_nothing_to_say_head()
{
	atf_set require.progs shellcheck
}
shellcheck_has_nothing_to_say_body()
{
	build=$(cd "$(atf_get_srcdir)/../.." && pwd)
	enter_source
	for s in src/*/*-*.sh; do
		s=${s##*/}
		atf_check shellcheck -s sh -e SC2015,SC2016,SC2018,SC2019 "$build/bin/${s%.sh}"
	done
	atf_check shellcheck -s sh -e SC2015,SC2016 tests/map service/*/run service/*/finish service/*/log/run
}

atf_test_case scripts_are_cut_into_parts
scripts_are_cut_into_parts_body()
{
	enter_source
	complain "$(wc -l src/*/*.sh | awk '$1 > 300 && $2 != "total" { print $2 " has " $1 " lines" }')"
	complain "$(for part in $(ls src/*/*.sh | grep -v '/[^/]*-[^/]*$'); do
		grep -qx "\. \./${part##*/}" "${part%/*}"/*-*.sh || echo "no script has the part $part"; done)"
}

# What is to be found in a room must be found by who does not know it.
room_lines=5000
atf_test_case no_room_is_too_large_to_be_known
no_room_is_too_large_to_be_known_body()
{
	enter_source
	larger='' # those that are, for now: one that has shrunk is no exception any more
	complain "$(for room in $(ls src | grep -vx lib); do
		lines=$(find "src/$room" -name '*.[ch]' -exec cat {} + -o -name '*.sh' -exec cat {} + | wc -l)
		case " $larger " in
		*" $room "*) [ "$lines" -gt $room_lines ] ||
			echo "src/$room has $lines lines: it needs no exception any more" ;;
		*) [ "$lines" -le $room_lines ] || echo "src/$room has $lines lines, more than $room_lines" ;;
		esac
	done)"
}

# DESIGN: the compiled library appends garbage in these, or has no limit.
atf_test_case functions_of_libowfat_that_fail_are_not_called
functions_of_libowfat_that_fail_are_not_called_body()
{
	enter_source
	names='buffer_flush|buffer_putflush|buffer_putsaflush|fmt_ulong0|fmt_netstring|dns_(domain|ip4|ip6|mx|name|nd6|packet|random|rcip|rcrw|resolve|sortip|transmit|txt)[a-z0-9_]*|buffer_getnewline_sa|buffer_get_new_token_sa'
	names="$names|stralloc_cat(u?long0?|u?int0?|xlong0?|ulonglong0?)|msg|msgsys|errmsg_info(sys)?"
	complain "$(grep -nE "(^|[^a-z0-9_])($names) *\(" src/*/*.[ch])"
}

atf_test_case a_module_has_the_header_of_its_name
a_module_has_the_header_of_its_name_body()
{
	enter_source
	# relro.c is called by the linker only; fortify.h and reply.h need no code
	complain "$(for f in src/*/*.c; do
		case $f in *-*.c | */relro.c) continue ;; esac
		[ -f "${f%.c}.h" ] || echo "$f has no header"; done)"
	complain "$(for f in src/*/*.h; do
		case $f in */fortify.h | */reply.h) continue ;; esac
		[ -f "${f%.h}.c" ] || echo "$f has no module"; done)"
}

# What is public of a module begins with its name, so that a name says where it is.
atf_test_case functions_have_the_name_of_their_module
functions_have_the_name_of_their_module_body()
{
	build=$(cd "$(atf_get_srcdir)/../.." && pwd)
	enter_source
	ls src/*/*.c | sed 's|^src/\(.*\)/\(.*\)\.c$|\2 \1|' | sort >"$HOME/rooms"
	nm -gA "$build/small.a" "$build/large.a" 2>/dev/null |
		sed -n 's|^[^:]*:\([^:]*\)\.o:[0-9a-f]* [TDRBC] |\1 |p' | sort -u |
		join "$HOME/rooms" - >"$HOME/functions"
	[ "$(wc -l <"$HOME/functions")" -gt 500 ] || atf_fail "no functions in $build"
	# what --wrap makes of a name of ours is the linker's
	complain "$(awk '$3 != $1 && index($3, $1 "_") != 1 && $3 !~ /^__wrap_/ {
		print "src/" $2 "/" $1 ".c: " $3 " does not begin with its name" }' "$HOME/functions")"
}

# Types, constants and macros begin with the first word of their header's name, or its singular.
atf_test_case types_and_macros_have_the_name_of_their_header
types_and_macros_have_the_name_of_their_header_body()
{
	enter_source
	# what every program says, what stands everywhere, and a destination with its targets
	known='ACCEPT|REJECT|DEFER|DECIMAL_MAX|destination|DESTINATION_KEY_MAX|DESTINATION_TARGETS'
	awk '
	function judge(name,	low) {
		low = tolower(name)
		++judged
		if (low != first && index(low, first "_") != 1 && low != single && index(low, single "_") != 1)
			print FILENAME ": " name " does not begin with " first
	}
	FNR == 1 {
		first = FILENAME; sub(/.*\//, "", first); sub(/\.h$/, "", first)
		sub(/_.*/, "", first); single = first
		if (!sub(/ies$/, "y", single)) sub(/s$/, "", single)
		inside = listing = 0
	}
	{
		line = ""
		for (rest = $0; rest != ""; rest = substr(rest, n + 2)) {
			n = index(rest, inside ? "*/" : "/*")
			if (!inside) line = line (n ? substr(rest, 1, n - 1) : rest)
			if (!n) break
			inside = !inside
		}
	}
	line ~ /^(struct|union|enum) [a-z0-9_]+ *\{/ { split(line, w, /[ {]+/); judge(w[2]) }
	line ~ /^enum/ { listing = 1; sub(/^enum [a-z0-9_]*/, "", line) }
	listing { for (rest = line; match(rest, /[A-Z][A-Z0-9_]+/); rest = substr(rest, RSTART + RLENGTH))
		judge(substr(rest, RSTART, RLENGTH)) }
	line ~ /}/ { listing = 0 }
	line ~ /^#define / && line !~ /_H$/ { split(line, w, /[ (]+/); judge(w[2]) }
	line ~ /^typedef/ && match(line, /[a-z0-9_]+(\(|;)/) { judge(substr(line, RSTART, RLENGTH - 1)) }
	END { print judged + 0 >"/dev/stderr" }' src/*/*.h 2>"$HOME/judged" >"$HOME/types"
	[ "$(cat "$HOME/judged")" -gt 400 ] || atf_fail "only $(cat "$HOME/judged") names were found"
	complain "$(grep -vE ": ($known) " "$HOME/types")"
}

# For awk: may a module of the room HERE use those of the room THERE?
may_use='function may_use(here, there) {
	return there == here || there == "lib" ||
	    there == "queue" && here ~ /^(accept|schedule|turns|finding|report|inspect)$/ ||
	    there == "turns" && here ~ /^(schedule|finding)$/ ||
	    there == "finding" && here == "schedule" ||
	    there ~ /^(dkim|dmarc)$/ && here == "origin" ||
	    there == "spf" && here == "policy" ||
	    there ~ /^(way|sasl)$/ && here == "send" ||
	    there == "onward" && here == "deliver" ||
	    there == "control" && here == "admin"
}'

atf_test_case a_room_includes_lib_and_itself_only
a_room_includes_lib_and_itself_only_body()
{
	enter_source
	complain "$(awk "$may_use"' /^#include "/ {
		split(FILENAME, at, "/"); split($2, file, /["\/]/)
		if (!may_use(at[2], file[2])) print FILENAME " includes " $2 }' src/*/*.[ch])"
}

# A declaration repeated by hand gets past the includes, but not past the linker.
atf_test_case a_program_is_linked_with_lib_and_its_room_only
a_program_is_linked_with_lib_and_its_room_only_body()
{
	build=$(cd "$(atf_get_srcdir)/../.." && pwd)
	enter_source
	for kind in small large; do
		[ -d "$build/$kind" ] || atf_fail "no objects in $build/$kind"
		(cd "$build/$kind" && for o in */*.o; do
			[ ! -f "$FACTEUR_SOURCE/src/${o%.o}.c" ] || echo "$o"; done | xargs nm -gA) |
			sed -n 's|^\([a-z]*\)/[^:]*:[0-9a-f]* [TDRBC] |def \1 |p
			    s|^\([a-z]*\)/\([^:]*\): *U |use \1 \2 |p' >"$HOME/symbols"
		complain "$(awk "$may_use"' $1 == "def" { room[$3] = $2 } $1 == "use" { use[++n] = $0 }
			END { for (i = 1; i <= n; ++i) { split(use[i], u)
				r = room[u[4]]
				if (r != "" && !may_use(u[2], r))
					print u[2] "/" u[3] " calls " u[4] " of " r } }' "$HOME/symbols")"
		grep -q '^def lib ' "$HOME/symbols" && grep -q '^use send \|^use smtp ' "$HOME/symbols" ||
			atf_fail "no symbols in $build/$kind"
	done
}

# circles FILE: the circles in which modules call each other, from the lines "def MODULE NAME" and
# "use MODULE NAME" of FILE: a line "NUMBER MODULE..." each.
circles()
{
	awk '$1 == "def" { of[$3] = $2; module[$2] } $1 == "use" { user[++n] = $2; used[n] = $3 }
		END {
			for (i = 1; i <= n; ++i)
				if (used[i] in of)
					reaches[user[i], of[used[i]]]
			for (k in module) for (i in module) if ((i, k) in reaches)
				for (j in module) if ((k, j) in reaches) reaches[i, j]
			for (i in module) if (!(i in seen)) {
				circle = i; size = 1
				for (j in module)
					if (j != i && ((i, j) in reaches) && ((j, i) in reaches)) {
						circle = circle " " j; ++size; seen[j]
					}
				if (size > 1) print size, circle
			}
		}' "$1"
}

atf_test_case modules_of_a_room_call_each_other_in_no_circle
modules_of_a_room_call_each_other_in_no_circle_head()
{
	atf_set require.progs nm
}
modules_of_a_room_call_each_other_in_no_circle_body()
{
	build=$(cd "$(atf_get_srcdir)/../.." && pwd)
	enter_source
	# it would see one
	printf '%s\n' 'def a fa' 'def b fb' 'def c fc' 'def d fd' 'use a fb' 'use b fc' 'use c fd' \
		'use d fb' 'use c x' >"$HOME/symbols"
	circles "$HOME/symbols" >"$HOME/circles"
	atf_check -o match:'^3 ' -o match:b -o match:c -o match:d -o not-match:a cat "$HOME/circles"

	for room in src/*/; do
		room=${room#src/} room=${room%/}
		for o in "$build/small/$room"/*.o; do
			o=$room/${o##*/}
			[ ! -f "src/${o%.o}.c" ] || echo "$o"
		done | (cd "$build/small" && xargs -r nm -gA) |
			sed -n "s|^$room/\([^:]*\)\.o:[0-9a-f]* [TDRBC] |def \1 |p
				s|^$room/\([^:]*\)\.o: *U |use \1 |p" >"$HOME/symbols"
		circles "$HOME/symbols" | sed "s|^|$room: |"
	done >"$HOME/circles"
	# three or fewer are read as one
	complain "$(awk '$2 > 3 { print "a circle of modules in src/" $0 }' "$HOME/circles")"
	complain "$(sed -n '/^schedule: /s|^|a circle of modules in src/|p' "$HOME/circles")"
}

# doc/LICENSE: their licences exclude each other.
atf_test_case openssl_and_libowfat_never_meet
openssl_and_libowfat_never_meet_head()
{
	atf_set require.progs "readelf nm"
}
openssl_and_libowfat_never_meet_body()
{
	build=$(cd "$(atf_get_srcdir)/../.." && pwd)
	has_openssl() { nm "$1" | grep -qE ' [TU] (SSL_new|EVP_DigestInit_ex)(@|$)'; }
	complain "$(for p in "$build"/bin/*; do
		[ "$(head -c 2 "$p")" != '#!' ] || continue
		[ "${p##*/}" = tls-wrap ] || ! has_openssl "$p" ||
			echo "${p##*/} is linked with OpenSSL"; done)"
	has_openssl "$build/bin/tls-wrap" || atf_fail "tls-wrap is not linked with OpenSSL"
	nm /usr/lib/libowfat.a 2>/dev/null | sed -n 's/^[0-9a-f]* T //p' | sort -u >owfat
	[ -s owfat ] || atf_fail "libowfat has no symbols"
	nm "$build/bin/smtp-recv" | sed -n 's/^[0-9a-f]* T //p' | grep -qxFf owfat ||
		atf_fail "smtp-recv has nothing of libowfat"
	complain "$(nm "$build/bin/tls-wrap" | sed -n 's/^[0-9a-f]* T //p' | grep -xFf owfat |
		sed 's/^/tls-wrap has of libowfat /')"
}

# They cost a small program its speed, or do not exist in a static one.
atf_test_case small_programs_use_no_stdio_and_no_name_service
small_programs_use_no_stdio_and_no_name_service_body()
{
	enter_source
	complain "$(grep -nE '[^a-z_](v?f?printf|fopen|fgets|getpw(nam|uid)|getgr(nam|gid)|getaddrinfo) *\(' \
		$(ls src/*/*.c | grep -v -e mail-user -e auth-check -e mx-send))"
}

# DESIGN: root acts only in folders that are root's; what is another's he makes himself.
atf_test_case scripts_act_in_no_folder_of_another
scripts_act_in_no_folder_of_another_body()
{
	enter_source
	verbs='chown|chgrp|chmod|mkdir|mkfifo|mv|cp|ln|rm|touch|install|folder|own|put|tighten'
	others='(queue|log/[$a-z]+|state/[$a-z]+|mail/[^ ]+|tls/tickets)/'
	complain "$(grep -nE "(^|[;&|(]|do|then|else)[[:blank:]]*($verbs) (.*[ \"/])?$others" src/*/*.sh service/*/run \
		service/*/finish service/*/log/run)"
	complain "$(grep -nE ">>? *\"?([^ ]*/)?$others" src/*/*.sh service/*/run service/*/finish service/*/log/run)"
}

# run-alone closes what was open where s6-svscan was started.
atf_test_case every_service_closes_what_it_inherits
every_service_closes_what_it_inherits_body()
{
	enter_source
	complain "$(grep -LE '^exec run-alone' service/*/run service/*/log/run | sed 's/$/ has no run-alone/')"
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

# The Makefile keeps what the compiler and the linker said beside what they made.
atf_test_case the_compiler_has_nothing_to_say
the_compiler_has_nothing_to_say_body()
{
	build=$(cd "$(atf_get_srcdir)/../.." && pwd)
	enter_source
	for kind in small large test; do
		find "$build/$kind/lib" -name '*.o.said' | grep -q . || atf_fail "nobody keeps what is said of $kind"
	done
	find "$build/small" "$build/large" "$build/test" "$build/tests" -name '*.said' -size +0 |
		while read -r said; do
			f=${said#"$build"/*/} f=${f%.said} f=${f%.o}.c
			# of what is no more nobody speaks any more
			[ ! -f "src/$f" ] && [ ! -f "tests/$f" ] || cat "$said"
		done >"$HOME/said"
	complain "$(cat "$HOME/said")"
	# what make tests does not build
	atf_check gcc -fsyntax-only -Wall -Wextra -std=c11 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 \
	    tests/bench/*.c
}

# In a copy of the tree and of what was built.
atf_test_case make_builds_what_has_changed_and_installs_all
make_builds_what_has_changed_and_installs_all_body()
{
	build=$(cd "$(atf_get_srcdir)/../.." && pwd)
	enter_source
	here=$OLDPWD
	mkdir -p "$here/copy/build" &&
	    cp -a Makefile conf-cc conf-home src service doc README tests "$here/copy" &&
	    (cd "$build" && cp -a .dependencies bin share help version version.o small large small.a large.a "$here/copy/build") &&
	    cd "$here/copy" || atf_fail "unable to copy $FACTEUR_SOURCE"
	# where the objects think that they are
	old=${build#"$FACTEUR_SOURCE"/}
	[ "$old" = build ] || find build -name '*.d' -exec sed -i "s|$old/|build/|g" {} +
	export MAKEFLAGS= MAKELEVEL=
	atf_check -o ignore make all
	atf_check make -q all

	# what depends on a header is made anew, what does not is not
	touch src/lib/xtext.h
	atf_check -o match:'small/lib/xtext.o' -o not-match:'deadline\.c' make -n all
	atf_check -o ignore make all
	atf_check make -q all

	atf_check -o ignore make install DESTDIR="$here/root"
	home=$here/root$(head -n 1 conf-home)
	for p in $(programs); do
		[ -x "$home/bin/$p" ] || atf_fail "$p is not installed"
	done
	atf_check_equal "$(ls build/bin)" "$(ls "$home/bin")"
	[ -d "$home/share/service" ] && [ -f "$home/share/man/man8/smtp-recv.8" ] ||
		atf_fail "services or man pages are not installed"
}

# One that is declared and not added never fails.
atf_test_case every_test_case_is_run
every_test_case_is_run_body()
{
	# atf-sh would list them with all that they want, which takes ten times as long
	complain "$(cd "$(atf_get_srcdir)/.." && for t in */*_test; do
		[ "$(head -c 2 "$t")" = '#!' ] || continue
		sh -c 'atf_test_case() { :; }; atf_get_srcdir() { dirname "$0"; }
			atf_add_test_case() { echo "$1"; }
			. "$0" && atf_init_test_cases' "$PWD/$t" >"$HOME/run" && [ -s "$HOME/run" ] ||
			echo "$t does not list its cases"
		sed -n 's/^[a-z_]*_case \([a-zA-Z0-9_]\{1,\}\).*/\1/p' "$t" |
			grep -vxFf "$HOME/run" | sed "s|^|$t never runs |"
	done)"
	complain "$(cd "$(atf_get_srcdir)/.." && for t in */*_test; do
		sed -n 's/^\([a-z0-9_]*\)_journey()$/\1/p' "$t" | while read -r journey; do
			grep -qw "$journey" "$t" || echo "$t never makes the journey $journey"
		done
	done)"
	enter_source
	complain "$(awk 'FNR == 1 { for (c in declared) print at " never runs " c; split("", declared); at = FILENAME }
		/^ATF_TC[A-Z_]*\([a-z0-9_]*\);/ { split($0, part, /[()]/); declared[part[2]] }
		/ATF_TP_ADD_TC\(tp, / { split($0, part, /, |\)/); delete declared[part[2]] }
		END { for (c in declared) print at " never runs " c }' tests/*/*_test.c)"
}

atf_init_test_cases()
{
	atf_add_test_case every_test_case_is_run
	atf_add_test_case every_program_has_a_man_page
	atf_add_test_case every_program_has_a_test_program
	atf_add_test_case every_module_of_lib_has_a_test
	atf_add_test_case every_program_has_a_line_in_readme
	atf_add_test_case readme_and_house_know_the_rooms
	atf_add_test_case every_target_has_a_line_in_make_help
	atf_add_test_case the_map_shows_every_module
	atf_add_test_case man_pages_are_sound
	atf_add_test_case man_pages_of_programs_have_their_sections
	atf_add_test_case man_pages_name_pages_that_exist
	atf_add_test_case nothing_lies_at_top_level_that_does_not_belong
	atf_add_test_case the_formatter_changes_nothing
	atf_add_test_case the_linters_have_nothing_to_say
	atf_add_test_case comments_name_what_exists
	atf_add_test_case the_dialect_is_kept
	atf_add_test_case shellcheck_has_nothing_to_say
	atf_add_test_case scripts_are_cut_into_parts
	atf_add_test_case no_room_is_too_large_to_be_known
	atf_add_test_case functions_of_libowfat_that_fail_are_not_called
	atf_add_test_case a_module_has_the_header_of_its_name
	atf_add_test_case functions_have_the_name_of_their_module
	atf_add_test_case types_and_macros_have_the_name_of_their_header
	atf_add_test_case a_room_includes_lib_and_itself_only
	atf_add_test_case a_program_is_linked_with_lib_and_its_room_only
	atf_add_test_case modules_of_a_room_call_each_other_in_no_circle
	atf_add_test_case openssl_and_libowfat_never_meet
	atf_add_test_case small_programs_use_no_stdio_and_no_name_service
	atf_add_test_case scripts_act_in_no_folder_of_another
	atf_add_test_case every_service_closes_what_it_inherits
	atf_add_test_case names_are_not_those_of_libraries
	atf_add_test_case the_compiler_has_nothing_to_say
	atf_add_test_case make_builds_what_has_changed_and_installs_all
}
