#! /usr/bin/env atf-sh
PATH=$(atf_get_srcdir)/../../bin:$PATH

ID=0ehyf3k2q1abcdefghijklmn

# A maildir m and a message.
maildir()
{
	unset QUEUEID
	mkdir -p m/tmp m/new m/cur
	printf 'Subject: x\n\nbody\n' >message
}

is_empty()
{
	[ -z "$(ls -A "$1")" ] || atf_fail "$1 is not empty: $(ls -A "$1")"
}

atf_test_case writes_the_message_as_it_is
writes_the_message_as_it_is_body()
{
	maildir
	atf_check maildir-write m <message
	atf_check cmp message m/new/*
	atf_check -o inline:'600\n' stat -c %a m/new/*
	host=$(uname -n | cut -c -128)
	atf_check -o match:"^[0-9]{10}\.[0-9a-z]{24}\.$host,S=17,W=20\$" ls m/new
	is_empty m/tmp
}

atf_test_case adds_what_it_is_told
adds_what_it_is_told_body()
{
	maildir
	atf_check maildir-write -s '' -r user@example.test m <message
	atf_check -o inline:'Return-Path: <>\nDelivered-To: user@example.test\nSubject: x\n\nbody\n' \
	    cat m/new/*
	atf_check -s exit:111 -e match:'control character' \
	    maildir-write -s "$(printf 'a\nb')" m <message
}

atf_test_case reads_a_pipe
reads_a_pipe_body()
{
	maildir
	head -c 1000000 /dev/zero | tr '\0' x >big
	cat big | atf_check maildir-write m
	echo >>big
	atf_check cmp big m/new/*
	: >empty
	atf_check maildir-write m <empty
	atf_check -o match:',S=0,W=0$' ls m/new
}

atf_test_case the_same_message_is_written_once
the_same_message_is_written_once_body()
{
	maildir
	export QUEUEID=$ID
	atf_check maildir-write m <message
	atf_check maildir-write m <message
	atf_check -o match:"^[0-9]*\.$ID\.[^,]*,S=17,W=20\$" ls m/new
	atf_check -o inline:'1\n' sh -c 'ls m/new | wc -l'
	mv m/new/* "m/cur/$(ls m/new):2,S"
	atf_check maildir-write -a m <message
	is_empty m/new
	# for another recipient it is another one
	atf_check maildir-write -a -r other@example.test m <message
	atf_check -o match:"\.${ID}r[0-9a-f]{8}\." ls m/new
}

atf_test_case an_id_that_is_none_is_not_used
an_id_that_is_none_is_not_used_body()
{
	maildir
	QUEUEID=../../x
	export QUEUEID
	atf_check maildir-write m <message
	atf_check -o match:'^[0-9]{10}\.[0-9a-z]{24}\.' ls m/new
}

atf_test_case keeps_within_the_quota
keeps_within_the_quota_body()
{
	maildir
	atf_check maildir-write -q 40 m <message
	atf_check maildir-write -q 40 m <message
	atf_check -s exit:111 -e inline:'maildir-write: m is full\n' maildir-write -q 40 m <message
	atf_check -s exit:100 -e inline:'maildir-write: the message is larger than m may become\n' \
	    maildir-write -q 16 m <message
	atf_check -s exit:111 -e match:'quota is not a number: 1k' maildir-write -q 1k m <message
	is_empty m/tmp
	atf_check -o inline:'2\n' sh -c 'ls m/new | wc -l'
	atf_check maildir-write -q 0 m <message
}

atf_test_case keeps_within_the_quota_of_the_maildir
keeps_within_the_quota_of_the_maildir_body()
{
	maildir
	printf '20S\n' >m/maildirsize
	atf_check maildir-write m <message
	atf_check -o inline:'20S\n17 1\n' cat m/maildirsize
	atf_check -s exit:111 -e match:'is full' maildir-write m <message
}

atf_test_case a_large_message_is_not_copied_to_its_end
a_large_message_is_not_copied_to_its_end_body()
{
	maildir
	# it would not end
	atf_check -s exit:100 -e match:'larger than m' timeout 60 maildir-write -q 1000000 m </dev/zero
	is_empty m/tmp
}

atf_test_case defers_without_a_maildir
defers_without_a_maildir_body()
{
	maildir
	atf_check -s exit:111 -e match:'unable to enter x: No such file' maildir-write x <message
	atf_check -s exit:111 -e match:'unable to enter message: Not a directory' \
	    maildir-write message <message
	rmdir m/new
	atf_check -s exit:111 -e match:'unable to keep the message in m: No such file' \
	    maildir-write m <message
	is_empty m/tmp
	rmdir m/tmp
	atf_check -s exit:111 -e match:'unable to begin a file in m: No such file' \
	    maildir-write m <message
}

atf_test_case defers_when_used_wrongly
defers_when_used_wrongly_body()
{
	maildir
	for wrong in '' 'm m' '-x m' '-q' '-s m'; do
		atf_check -s exit:111 -e match:'^maildir-write: usage: ' maildir-write $wrong <message
	done
	is_empty m/new
}

atf_test_case a_message_that_cannot_be_read_is_not_written
a_message_that_cannot_be_read_is_not_written_body()
{
	maildir
	atf_check -s exit:111 -e match:'unable to read the message for m' maildir-write m <m
	atf_check -s exit:111 -e match:'unable to read the message for m' maildir-write m <&-
	is_empty m/new
	is_empty m/tmp
}

atf_test_case a_limit_on_file_sizes_leaves_nothing
a_limit_on_file_sizes_leaves_nothing_body()
{
	maildir
	head -c 100000 /dev/zero | tr '\0' x >m.big
	atf_check -s exit:111 -e match:'unable to write the message to m: File too large' \
	    sh -c 'ulimit -f 64; exec maildir-write m' <m.big
	is_empty m/new
	is_empty m/tmp
}

atf_test_case a_full_disk_leaves_nothing cleanup
a_full_disk_leaves_nothing_head()
{
	atf_set require.user root
}
a_full_disk_leaves_nothing_body()
{
	mkdir m
	mount -t tmpfs -o size=64k tmpfs m || atf_skip 'unable to mount a tmpfs'
	touch mounted
	maildir
	head -c 100000 /dev/zero | tr '\0' x >m.big
	atf_check -s exit:111 -e match:'unable to write the message to m: No space left' \
	    maildir-write m <m.big
	is_empty m/new
	is_empty m/tmp
	atf_check maildir-write m <message
}
a_full_disk_leaves_nothing_cleanup()
{
	[ ! -e mounted ] || umount m
}

atf_test_case is_killed_without_a_trace
is_killed_without_a_trace_body()
{
	maildir
	mkfifo pipe
	maildir-write m <pipe &
	child=$!
	exec 3>pipe
	# more than the pipe holds: part of it has been taken
	head -c 200000 /dev/zero >&3
	kill -9 $child
	exec 3>&-
	wait $child 2>/dev/null
	is_empty m/new
	is_empty m/tmp
}

atf_test_case many_at_once_lose_nothing
many_at_once_lose_nothing_body()
{
	maildir
	children=
	for n in 1 2 3 4 5 6 7 8 9 10; do
		sh -c 'for i in 1 2 3 4 5; do maildir-write -q 100000 m <message || exit; done' &
		children="$children $!"
	done
	for child in $children; do
		wait $child || atf_fail "one of them failed with $?"
	done
	atf_check -o inline:'50\n' sh -c 'ls m/new | wc -l'
	is_empty m/tmp
}

atf_init_test_cases()
{
	for name in $(sed -n 's/^atf_test_case \([a-z_]*\).*/\1/p' "$(atf_get_srcdir)/maildir-write_test"); do
		atf_add_test_case "$name"
	done
}
