#! /usr/bin/env atf-sh
# What the linker was asked for against those who find a fault: every program has it.

bin=$(cd "$(atf_get_srcdir)/../.." && pwd)/bin
. "$(atf_get_srcdir)/../lib/until.sh"

# compiled: the programs that are no scripts
compiled()
{
	for p in "$bin"/*; do
		[ "$(head -c 2 "$p")" = '#!' ] || echo "$p"
	done
}

complain()
{
	[ -z "$1" ] || { printf '%s\n' "$1" >&2; atf_fail "$(printf '%s\n' "$1" | head -n 1)"; }
}

# is_static PROGRAM: without a loader
is_static()
{
	! readelf -lW "$1" | grep -q INTERP
}

atf_test_case programs_lie_where_nobody_knows
programs_lie_where_nobody_knows_head()
{
	atf_set require.progs readelf
}
programs_lie_where_nobody_knows_body()
{
	[ -n "$(compiled)" ] || atf_fail "no programs in $bin"
	complain "$(for p in $(compiled); do
		readelf -hW "$p" | grep -q 'Type: *DYN' || echo "${p##*/} has a fixed place"
		readelf -dW "$p" | grep -q TEXTREL && echo "${p##*/} is changed where its code is"
	done)"
	# and the kernel does what that asks for
	[ "$(cat /proc/sys/kernel/randomize_va_space)" != 0 ] || return 0
	for n in 1 2 3 4; do
		place smtp-recv
	done | sort -u >places
	[ "$(wc -l <places)" -gt 1 ] || atf_fail "smtp-recv always lies at $(cat places)"
}

# place PROGRAM: where the first of its code lies
place()
{
	maps "$1" | sed -n "s|^\([0-9a-f]*\)-.* r-xp .*/$1\$|\1|p" | head -n 1
}

# maps PROGRAM: its memory, while it waits for its input
maps()
{
	mkdir -p home/control home/users
	echo mx.example.test >home/control/me
	mkfifo in 2>/dev/null
	FACTEUR_HOME=$PWD/home TCPREMOTEIP=127.0.0.1 "$bin/$1" -p true true <in >out 2>&1 &
	exec 9>in
	until_true "grep -q '^220' out"
	cat /proc/$!/maps
	exec 9>&-
	wait
}

atf_test_case what_is_linked_can_not_be_changed
what_is_linked_can_not_be_changed_head()
{
	atf_set require.progs readelf
}
what_is_linked_can_not_be_changed_body()
{
	complain "$(for p in $(compiled); do
		readelf -lW "$p" | grep -q GNU_RELRO || echo "${p##*/} has no part that is read-only later"
		readelf -dW "$p" | grep -qE 'BIND_NOW|NOW' || echo "${p##*/} is linked when it runs"
		readelf -lW "$p" | grep 'GNU_STACK' | grep -q 'RWE' && echo "${p##*/} can run its stack"
		# by lib/relro, or the beginning that glibc has for a static program
		! is_static "$p" || nm "$p" | grep -qE ' (T relro_protect|t _dl_relocate_static_pie)$' ||
			echo "${p##*/} leaves its tables open"
	done)"
	# read, then read and write: the tables, and the data
	maps smtp-recv | grep '/smtp-recv$' | cut -d ' ' -f 2 >modes
	tail -n 2 modes | atf_check -o inline:'r--p\nrw-p\n' cat
}

atf_test_case stacks_are_watched
stacks_are_watched_head()
{
	atf_set require.progs nm
}
stacks_are_watched_body()
{
	complain "$(for p in $(compiled); do
		nm "$p" | grep -q '__stack_chk_fail' || echo "${p##*/} does not watch its stack"; done)"
}

atf_test_case buffers_have_an_end
buffers_have_an_end_head()
{
	atf_set require.progs "make musl-gcc"
}
buffers_have_an_end_body()
{
	cat >tiny.c <<-'EOF'
		#include <stdlib.h>
		#include <string.h>
		static char small[8], big[64];
		int main(int argc, char **argv)
		{
			(void)argc;
			memcpy(small, big, (size_t)atoi(argv[1]));
			return small[7];
		}
	EOF
	{
		echo 'include conf-cc'
		echo 'tiny:'
		printf '\t$(CC_SMALL) $(CFLAGS) $(CPPFLAGS) -Isrc -c -o %s %s\n' "$PWD/tiny.o" "$PWD/tiny.c"
		printf '\t$(LD_SMALL) $(CFLAGS) $(LDFLAGS) -o %s %s %s\n' "$PWD/tiny" "$PWD/tiny.o" "$bin/../small.a"
	} >tiny.mk
	here=$PWD
	cd "$FACTEUR_SOURCE" || atf_fail 'no source tree'
	MAKEFLAGS= MAKELEVEL= atf_check -o ignore make -f "$here/tiny.mk" tiny
	cd "$here" || exit
	atf_check ./tiny 8
	sh -c './tiny 9' 2>/dev/null
	atf_check_equal $((128 + 4)) $?
}

atf_init_test_cases()
{
	atf_add_test_case programs_lie_where_nobody_knows
	atf_add_test_case what_is_linked_can_not_be_changed
	atf_add_test_case stacks_are_watched
	atf_add_test_case buffers_have_an_end
}
