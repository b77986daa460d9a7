#! /usr/bin/env atf-sh
# What every program answers alike.
bin=$(cd "$(atf_get_srcdir)/../../bin" && pwd)

# all OPTION: each program with it, in an empty folder and without a home; its answer in NAME.out
all()
{
	mkdir empty out
	for program in "$bin"/*-*; do
		name=$(basename "$program")
		(cd empty && env -i PATH="$bin:/usr/bin:/bin" FACTEUR_HOME=/nonexistent "$program" "$1" >../out/"$name" \
		    2>../err </dev/null) || atf_fail "$name $1: $? $(cat err)"
		[ ! -s err ] || atf_fail "$name $1: $(cat err)"
		[ -z "$(ls -A empty)" ] || atf_fail "$name $1: has made $(ls -A empty)"
	done
	[ "$(ls out | wc -l)" -gt 50 ] || atf_fail "few programs were found"
}

atf_test_case every_program_says_how_it_is_used
every_program_says_how_it_is_used_body()
{
	all -h
	for file in out/*; do
		name=$(basename "$file")
		[ "$(sed -n 's/^\([^:]*\): ..*/\1/p;q' "$file")" = "$name" ] || atf_fail "$name: $(cat "$file")"
		grep -q "^usage: $name" "$file" || atf_fail "$name: no usage: $(cat "$file")"
		atf_check -o ignore grep "man $name, or doc/$name.8" "$file"
		# each option that the page has
		[ -n "$FACTEUR_SOURCE" ] || atf_fail "FACTEUR_SOURCE, the source tree, is not set"
		options=$(awk '/^\.Sh / { on = $2 == "DESCRIPTION" } on && /^\.It Fl / { n++ } END { print n + 0 }' \
		    "$FACTEUR_SOURCE/doc/$name.8")
		[ "$(grep -c '^  -' "$file")" = "$options" ] || atf_fail "$name has $options options: $(cat "$file")"
		# no line is left that has not been understood
		! grep -E ' (Fl|Ar|Op|Pa|Xr|Ns|Li) |\\' "$file" || atf_fail "$name: markup in its help"
	done
}

atf_test_case every_program_says_which_version_it_is
every_program_says_which_version_it_is_body()
{
	all -V
	for file in out/*; do
		grep -Eqx "$(basename "$file") facteur .+" "$file" || atf_fail "$(basename "$file"): $(cat "$file")"
	done
	[ "$(cat out/* | cut -d ' ' -f 2- | sort -u | wc -l)" = 1 ] || atf_fail "there are several versions"
}

# misused WHAT PROGRAM [ARGUMENT...]: is that answered by the usage, before anything is looked at?
misused()
{
	what=$1
	shift
	name=$(basename "$1")
	(cd empty && env -i PATH="$bin:/usr/bin:/bin" FACTEUR_HOME=/nonexistent timeout 20 "$@" >../out 2>../err </dev/null)
	code=$?
	[ "$code" != 0 ] && [ "$code" != 124 ] || atf_fail "$name $what: exit $code"
	grep -q "usage: $name" err || atf_fail "$name $what: no usage: $(cat err)"
	# of a server the client is told that it can't be served
	! grep -Evq '^(421|-ERR) ' out || atf_fail "$name $what: on descriptor 1: $(cat out)"
	[ -z "$(ls -A empty)" ] || atf_fail "$name $what: has made $(ls -A empty)"
}

# needs PAGE: does each form in its SYNOPSIS have an argument that is not optional?
needs()
{
	awk '
	function judge() { if (form && !needed) free = 1; form = needed = 0 }
	/^\.Sh / { judge(); on = $2 == "SYNOPSIS" }
	!on { next }
	/^\.Nm/ { judge(); form = 1 }
	/^\.(Ar|Cm|Fl)/ && $2 != "..." { needed = 1 }
	END { exit free }' "$1"
}

atf_test_case wrong_use_is_told_before_anything_is_done
wrong_use_is_told_before_anything_is_done_body()
{
	[ -n "$FACTEUR_SOURCE" ] || atf_fail "FACTEUR_SOURCE, the source tree, is not set"
	mkdir empty
	needing=0
	for program in "$bin"/*-*; do
		name=$(basename "$program")
		# as sendmail does, it skips the options that it does not know
		[ "$name" != mail-submit ] || continue
		misused 'with an option that it has not' "$program" -%
		if needs "$FACTEUR_SOURCE/doc/$name.8"; then
			needing=$((needing + 1))
			misused 'without an argument' "$program"
		fi
	done
	[ "$needing" -gt 15 ] || atf_fail "only $needing programs need an argument"
}

atf_test_case what_can_not_be_written_is_no_success
what_can_not_be_written_is_no_success_body()
{
	[ -w /dev/full ] || atf_skip "there is no /dev/full"
	for option in -h -V; do
		"$bin/mx-send" "$option" >/dev/full
		atf_check_equal 111 $?
	done
}

atf_init_test_cases()
{
	atf_add_test_case every_program_says_how_it_is_used
	atf_add_test_case every_program_says_which_version_it_is
	atf_add_test_case wrong_use_is_told_before_anything_is_done
	atf_add_test_case what_can_not_be_written_is_no_success
}
