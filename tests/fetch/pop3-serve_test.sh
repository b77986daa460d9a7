#! /usr/bin/env atf-sh
# Sessions spoken to pop3-serve on descriptors 0 and 1, on maildirs made by hand.

PATH=$(atf_get_srcdir)/../../bin:$PATH
. "$(atf_get_srcdir)/../lib/sanitizer.sh"
FACTEUR_HOME=$PWD/home
export FACTEUR_HOME

our_name()
{
	# a message ID begins with the microseconds since 1970, 11 digits to base 36
	awk -v seconds="$1" 'BEGIN {
		digits = "0123456789abcdefghijklmnopqrstuvwxyz"
		n = seconds * 1000000
		for (i = 0; i < 11; i++) {
			s = substr(digits, n % 36 + 1, 1) s
			n = int(n / 36)
		}
		printf "%s.%sabcdefghijklmr0123abcd.mx.example.test", seconds, s
	}'
}

make_maildir()
{
	mkdir -p m/new m/cur m/tmp
}

# message NAME: standard input becomes m/NAME
message()
{
	[ -d m/cur ] || make_maildir
	cat >"m/$1"
}

# talk LINE...: say them to pop3-serve m, which shall exit 0; the answers go to "out", the log
# to "log"
talk()
{
	for line in "$@"; do
		printf '%s\r\n' "$line"
	done >in
	atf_check -o save:out -e save:log pop3-serve m <in
}

# answers LINE...: these are the answers, after the greeting
answers()
{
	for line in "$@"; do
		printf '%s\r\n' "$line"
	done >expected
	tail -n +2 out | diff expected - || atf_fail "other answers than expected"
}

atf_test_case an_empty_maildrop_has_no_messages
an_empty_maildrop_has_no_messages_body()
{
	make_maildir
	talk STAT LIST UIDL 'LIST 1' 'RETR 1' QUIT
	answers '+OK 0 0' '+OK messages and octets: 0 0' . +OK . '-ERR no such message' \
	    '-ERR no such message' '+OK good bye'
	atf_check -o match:'^\+OK messages: 0' head -n 1 out
}

atf_test_case a_missing_maildir_is_an_empty_maildrop
a_missing_maildir_is_an_empty_maildrop_body()
{
	talk STAT QUIT
	answers '+OK 0 0' '+OK good bye'
	mkdir m
	talk STAT QUIT
	answers '+OK 0 0' '+OK good bye'
}

atf_test_case a_file_instead_of_a_maildir_is_a_temporary_error
a_file_instead_of_a_maildir_is_a_temporary_error_body()
{
	touch m
	printf '%s\r\n' STAT QUIT >in
	atf_check -s exit:111 -o save:out -e save:log pop3-serve m <in
	atf_check -o match:'^-ERR \[SYS/TEMP\] ' cat out
	atf_check -o match:'unable to open m: ' cat log
}

atf_test_case wrong_usage_defers
wrong_usage_defers_body()
{
	atf_check -s exit:111 -e match:'usage: pop3-serve maildir' pop3-serve </dev/null
	atf_check -s exit:111 -e match:'usage: pop3-serve maildir' pop3-serve a b </dev/null
}

atf_test_case octets_are_those_that_are_sent
octets_are_those_that_are_sent_body()
{
	printf 'Subject: 1\n\n.dot\n..\nend' | message new/1.a     # completed: 29 octets
	printf 'Subject: 2\r\n\r\nx\r\n' | message new/2.a	   # CRLF stays: 17
	printf 'a\rb\r\r\n' | message new/3.a			   # no bare CR: 6
	: | message new/4.a
	printf '\n' | message cur/5.a:2,S
	talk STAT LIST 'RETR 1' 'RETR 2' 'RETR 3' 'RETR 4' 'RETR 5' QUIT
	answers '+OK 5 54' '+OK messages and octets: 5 54' '1 29' '2 17' '3 6' '4 0' '5 2' . \
	    '+OK 29 octets' 'Subject: 1' '' ..dot ... end . \
	    '+OK 17 octets' 'Subject: 2' '' x . \
	    '+OK 6 octets' 'a b ' . '+OK 0 octets' . '+OK 2 octets' '' . '+OK good bye'
}

atf_test_case messages_are_in_the_order_of_their_times
messages_are_in_the_order_of_their_times_body()
{
	for name in cur/1000.b:2,S new/1000.c cur/1000.a:2, new/999.z new/20000.a; do
		echo "$name" | message $name
	done
	talk UIDL QUIT
	answers +OK '1 999.z' '2 1000.a' '3 1000.b' '4 1000.c' '5 20000.a' . '+OK good bye'
}

atf_test_case what_is_no_message_is_not_shown
what_is_no_message_is_not_shown_body()
{
	make_maildir
	echo x >m/new/.hidden
	mkdir m/new/folder
	mkfifo m/cur/fifo
	ln -s /etc/passwd m/new/link
	echo x >m/tmp/1.unfinished
	talk STAT QUIT
	answers '+OK 0 0' '+OK good bye'
}

atf_test_case listing_believes_our_own_names_without_opening_files
listing_believes_our_own_names_without_opening_files_head()
{
	atf_set require.progs strace
}
listing_believes_our_own_names_without_opening_files_body()
{
	for i in 1 2 3; do
		printf 'a: b\n\nx\n' | message "new/$(our_name 176390000$i),S=8,W=11"
	done
	printf 'STAT\r\nLIST 2\r\nUIDL 2\r\nQUIT\r\n' >in
	strace -o trace -e trace=%file,pread64,fstat pop3-serve m <in >out 2>log ||
		atf_skip "strace is not able to trace here"
	answers '+OK 3 33' '+OK 2 11' \
	    "+OK 2 $(our_name 1763900002 | cut -d. -f2)" '+OK good bye'
	atf_check -s exit:1 grep '176390000' trace
}

atf_test_case sizes_in_foreign_names_are_not_believed
sizes_in_foreign_names_are_not_believed_body()
{
	printf 'a\nb\n' | message 'new/1.M1P1.host,S=4,W=4000'
	printf 'a\nb\n' | message 'cur/2.M1P1.host,S=4000:2,S'
	talk STAT 'LIST 1' 'LIST 2' 'RETR 2' QUIT
	answers '+OK 2 12' '+OK 1 6' '+OK 2 6' '+OK 6 octets' a b . '+OK good bye'
}

atf_test_case a_wrong_size_in_our_own_name_is_corrected_when_sent
a_wrong_size_in_our_own_name_is_corrected_when_sent_body()
{
	name=$(our_name 1763900000)
	printf 'a\nb\n' | message "cur/$name,S=4,W=5:2,R"
	talk UIDL STAT 'RETR 1' STAT UIDL QUIT
	uid=$(echo "$name" | cut -d. -f2)
	answers +OK "1 $uid" . '+OK 1 5' '+OK 5 octets' a b . '+OK 1 6' +OK "1 $uid" . \
	    '+OK good bye'
	atf_check -o inline:"$name,S=4,W=6:2,R\n" ls m/cur
	talk STAT UIDL QUIT
	answers '+OK 1 6' +OK "1 $uid" . '+OK good bye'
}

atf_test_case a_file_changed_under_our_name_is_measured_before_it_is_sent
a_file_changed_under_our_name_is_measured_before_it_is_sent_body()
{
	name=$(our_name 1763900000)
	printf 'a\nb\nc\n' | message "new/$name,S=4,W=6"
	talk 'RETR 1' 'LIST 1' QUIT
	answers '+OK 9 octets' a b c . '+OK 1 9' '+OK good bye'
	atf_check -o inline:"$name,S=6,W=9:2,S\n" ls m/cur
}

atf_test_case uids_are_unique_short_and_stay_when_a_message_was_read
uids_are_unique_short_and_stay_when_a_message_was_read_body()
{
	name=$(our_name 1763900000)
	printf 'a\n' | message "new/$name,S=2,W=3"
	printf 'a\n' | message "new/$name.copy,S=2,W=3"
	long=$(printf 'x%.0s' $(seq 200))
	printf 'a\n' | message "new/5.$long"
	printf 'a\n' | message "new/6.odd name"
	printf 'a\n' | message new/7.a,S=2
	talk UIDL 'RETR 1' 'RETR 2' 'RETR 3' 'RETR 4' 'RETR 5' UIDL QUIT
	sed -n '/^[1-5] /p' out | sort | uniq -c | awk '{ print $1, $3 }' >uids
	atf_check -o inline:'5\n' sh -c 'wc -l <uids'
	atf_check -o empty awk '$1 != 2 || length($2) > 71' uids
	atf_check -o match:'7.a,S=2' cat uids
	mv out before
	atf_check -o inline:'5\n' sh -c 'ls m/cur | wc -l'
	talk UIDL QUIT
	grep '^[1-5] ' before | sort -u >before.uids
	grep '^[1-5] ' out | sort >after.uids
	atf_check diff before.uids after.uids
}

atf_test_case top_sends_the_header_and_as_many_lines
top_sends_the_header_and_as_many_lines_body()
{
	printf 'a: 1\nb: 2\n\nx\n.y\nz\n' | message new/1.a
	talk 'TOP 1 0' 'TOP 1 2' 'TOP 1 99999999999999999999' 'TOP 1' 'TOP 2 1' 'TOP 1 -1' \
	    QUIT
	answers +OK 'a: 1' 'b: 2' '' . +OK 'a: 1' 'b: 2' '' x ..y . \
	    '+OK 24 octets' 'a: 1' 'b: 2' '' x ..y z . '-ERR wrong arguments' '-ERR no such message' \
	    '-ERR wrong arguments' '+OK good bye'
	atf_check -o inline:'1.a\n' ls m/new
}

atf_test_case quit_removes_what_was_marked
quit_removes_what_was_marked_body()
{
	for i in 1 2 3 4; do echo $i | message new/$i.a; done
	echo 5 | message cur/5.a:2,RS
	talk 'DELE 2' 'DELE 5' 'DELE 5' 'DELE 6' STAT LIST UIDL 'RETR 2' 'LIST 2' \
	    'TOP 2 0' 'UIDL 2' QUIT
	answers '+OK deleted at QUIT' '+OK deleted at QUIT' '-ERR the message is deleted' \
	    '-ERR no such message' '+OK 3 9' '+OK messages and octets: 3 9' '1 3' '3 3' '4 3' . \
	    +OK '1 1.a' '3 3.a' '4 4.a' . '-ERR the message is deleted' \
	    '-ERR the message is deleted' '-ERR the message is deleted' \
	    '-ERR the message is deleted' '+OK good bye'
	atf_check -o inline:'1.a\n3.a\n4.a\n' ls m/new
	atf_check ls m/cur
}

atf_test_case rset_takes_back_what_was_marked
rset_takes_back_what_was_marked_body()
{
	echo 1 | message new/1.a
	talk 'DELE 1' RSET STAT NOOP QUIT
	answers '+OK deleted at QUIT' '+OK nothing is deleted' '+OK 1 3' +OK '+OK good bye'
	atf_check -o inline:'1.a\n' ls m/new
}

atf_test_case nothing_is_removed_without_quit
nothing_is_removed_without_quit_body()
{
	echo 1 | message new/1.a
	printf '%s\r\n' 'DELE 1' >in
	atf_check -s exit:111 -o save:out -e save:log pop3-serve m <in
	atf_check -o inline:'1.a\n' ls m/new
	atf_check -o match:'event=session end=disconnected .*deleted=0' cat log
	# a QUIT that does not end is none
	printf 'DELE 1\r\nQUIT' >in
	atf_check -s exit:111 -o ignore -e ignore pop3-serve m <in
	atf_check -o inline:'1.a\n' ls m/new
}

atf_test_case nothing_is_removed_when_the_client_did_not_get_the_messages
nothing_is_removed_when_the_client_did_not_get_the_messages_body()
{
	seq 100000 | message new/1.a
	mkfifo answers
	# the reader goes away after the first line, all commands being there already
	head -n 1 answers >/dev/null &
	printf 'RETR 1\r\nDELE 1\r\nQUIT\r\n' >in
	atf_check -s exit:111 -o ignore -e ignore sh -c 'pop3-serve m <in >answers'
	wait
	atf_check -o inline:'1.a\n' ls m/new
}

atf_test_case a_silent_client_is_left_and_nothing_removed
a_silent_client_is_left_and_nothing_removed_body()
{
	mkdir -p home/control
	echo 1 >home/control/timeoutpop3
	echo 1 | message new/1.a
	mkfifo commands
	sh -c 'exec 3>commands; printf "DELE 1\r\nQUI" >&3; exec sleep 60' &
	sleeper=$!
	atf_check -s exit:111 -o ignore -e match:'end=timeout' sh -c 'pop3-serve m <commands'
	kill $sleeper
	atf_check -o inline:'1.a\n' ls m/new
}

atf_test_case a_client_that_does_not_read_is_left_and_nothing_removed
a_client_that_does_not_read_is_left_and_nothing_removed_body()
{
	mkdir -p home/control
	echo 1 >home/control/timeoutpop3
	seq 100000 | message new/1.a
	mkfifo answers
	sh -c 'exec sleep 60 <answers' &
	sleeper=$!
	printf 'RETR 1\r\nDELE 1\r\nQUIT\r\n' >in
	atf_check -s exit:111 -e match:'retrieved=0' sh -c 'pop3-serve m <in >answers'
	kill $sleeper
	atf_check -o inline:'1.a\n' ls m/new
}

atf_test_case a_timeout_that_is_no_number_defers
a_timeout_that_is_no_number_defers_body()
{
	mkdir -p home/control
	echo soon >home/control/timeoutpop3
	make_maildir
	atf_check -s exit:111 -e match:'control/timeoutpop3 line 1: .* is not a number' pop3-serve m </dev/null
}

atf_test_case retrieved_messages_go_to_cur_as_seen
retrieved_messages_go_to_cur_as_seen_body()
{
	for i in 1 2 3; do echo $i | message new/$i.a; done
	echo 4 | message cur/4.a:2,F
	talk STAT LIST UIDL 'TOP 1 0' QUIT
	atf_check -o inline:'1.a\n2.a\n3.a\n' ls m/new
	talk 'RETR 2' 'RETR 4' QUIT
	atf_check -o inline:'1.a\n3.a\n' ls m/new
	atf_check -o inline:'2.a:2,S\n4.a:2,F\n' ls m/cur
}

# A client that says part, then lets another program do what it does, then goes on.
interrupted()
{
	what=$1
	shift
	mkfifo commands
	pop3-serve m <commands >out 2>log &
	server=$!
	trap '' PIPE
	exec 3>commands
	printf 'STAT\r\n' >&3
	until [ "$(wc -l <out)" -ge 2 ]; do :; done
	eval "$what"
	for line in "$@"; do
		printf '%s\r\n' "$line"
	done >&3
	exec 3>&-
	wait $server
}

atf_test_case messages_that_vanish_are_errors
messages_that_vanish_are_errors_body()
{
	for i in 1 2 3; do echo $i | message new/$i.a; done
	interrupted 'rm m/new/1.a m/new/2.a' 'RETR 1' 'DELE 2' 'TOP 1 0' STAT LIST QUIT ||
		atf_fail "pop3-serve failed"
	answers '+OK 3 9' '-ERR the message has been removed by another program' \
	    '+OK deleted at QUIT' '-ERR the message has been removed by another program' \
	    '+OK 1 3' '+OK messages and octets: 1 3' '3 3' . '+OK good bye'
	atf_check -o inline:'3.a\n' ls m/new
}

atf_test_case messages_that_another_reader_moved_are_found
messages_that_another_reader_moved_are_found_body()
{
	for i in 1 2; do echo $i | message new/$i.a; done
	echo 3 | message cur/3.a:2,
	interrupted 'mv m/new/1.a m/cur/1.a:2,S; mv m/cur/3.a:2, m/cur/3.a:2,RS' \
	    'RETR 1' 'DELE 3' QUIT || atf_fail "pop3-serve failed"
	answers '+OK 3 9' '+OK 3 octets' 1 . '+OK deleted at QUIT' '+OK good bye'
	atf_check -o inline:'1.a:2,S\n' ls m/cur
	atf_check -o inline:'2.a\n' ls m/new
}

atf_test_case a_second_session_is_told_that_the_maildrop_is_in_use
a_second_session_is_told_that_the_maildrop_is_in_use_body()
{
	echo 1 | message new/1.a
	interrupted 'printf "STAT\r\nQUIT\r\n" | pop3-serve m >second 2>second.log; echo $? >code' \
	    STAT QUIT || atf_fail "pop3-serve failed"
	atf_check -o match:'^-ERR \[IN-USE\] ' cat second
	atf_check -o inline:'111\n' cat code
	answers '+OK 1 3' '+OK 1 3' '+OK good bye'
	talk STAT QUIT
}

# A mail program that closes one session and begins another need not be told to wait.
atf_test_case a_second_session_waits_for_the_end_of_the_first
a_second_session_waits_for_the_end_of_the_first_body()
{
	echo 1 | message new/1.a
	interrupted 'printf "STAT\r\nQUIT\r\n" | pop3-serve m >second 2>second.log & sleep 2' \
	    STAT QUIT || atf_fail "pop3-serve failed"
	wait
	atf_check -o match:'^.OK 1 3' cat second
}

# The lock of the folder is not seen on another machine, that of the file is.
atf_test_case the_maildrop_is_locked_for_other_machines_too
the_maildrop_is_locked_for_other_machines_too_body()
{
	echo 1 | message new/1.a
	talk STAT QUIT
	answers '+OK 1 3' '+OK good bye'
	atf_check test -f m/pop3.lock
	flock m/pop3.lock sh -c 'printf "STAT\r\nQUIT\r\n" | pop3-serve m >second 2>second.log'
	atf_check -o match:'^-ERR \[IN-USE\] ' cat second
	talk STAT QUIT
	answers '+OK 1 3' '+OK good bye'
}

atf_test_case the_last_word_is_said_without_the_lock
the_last_word_is_said_without_the_lock_body()
{
	echo 1 | message new/1.a
	atf_check python3 -c '
import socket, subprocess, time
def session():
    ours, its = socket.socketpair()
    ours.settimeout(20)
    process = subprocess.Popen(["pop3-serve", "m"], stdin=its, stdout=its, stderr=subprocess.DEVNULL)
    its.close()
    return ours, process
first, process = session()
first.sendall(b"FOO\r\n" * 20)
heard = b""
while b"too many errors" not in heard:
    heard += first.recv(4096)
begun = time.monotonic()
second, other = session()
assert second.recv(4096).startswith(b"+OK")
assert time.monotonic() - begun < 2
assert process.poll() is None, "the first has ended, and nothing is proved"
first.close(); second.close()
process.wait(); other.wait()
'
}

atf_test_case death_gives_the_maildrop_back
death_gives_the_maildrop_back_body()
{
	echo 1 | message new/1.a
	interrupted 'kill -9 $server' DELE\ 1 QUIT 2>/dev/null
	talk STAT QUIT
	answers '+OK 1 3' '+OK good bye'
}

atf_test_case a_message_that_can_not_be_removed_makes_quit_an_error
a_message_that_can_not_be_removed_makes_quit_an_error_body()
{
	echo 1 | message new/1.a
	echo 2 | message cur/2.a:2,
	interrupted 'rm m/new/1.a; mkdir m/new/1.a' 'DELE 1' 'DELE 2' QUIT
	atf_check_equal 111 $?
	answers '+OK 2 6' '+OK deleted at QUIT' '+OK deleted at QUIT' \
	    '-ERR [SYS/TEMP] some deleted messages not removed'
	atf_check ls m/cur
	atf_check -o match:'unable to remove 1.a: ' cat log
}

atf_test_case a_message_that_can_not_be_read_is_a_temporary_error
a_message_that_can_not_be_read_is_a_temporary_error_body()
{
	echo 1 | message new/1.a
	echo 2 | message new/2.a
	interrupted 'rm m/new/1.a; mkdir m/new/1.a' 'RETR 1' 'TOP 1 0' 'RETR 2' QUIT ||
		atf_fail "pop3-serve failed"
	answers '+OK 2 6' '-ERR [SYS/TEMP] unable to read the message' \
	    '-ERR [SYS/TEMP] unable to read the message' '+OK 3 octets' 2 . '+OK good bye'
}

# Copied in with another owner, as it happens.
atf_test_case a_file_that_can_not_be_read_does_not_close_the_mailbox
a_file_that_can_not_be_read_does_not_close_the_mailbox_head()
{
	atf_set require.user unprivileged
}
a_file_that_can_not_be_read_does_not_close_the_mailbox_body()
{
	echo 1 | message new/1.a
	echo 2345678 | message new/2.a
	echo 3 | message new/3.a
	chmod 0 m/new/2.a
	talk STAT LIST 'LIST 2' 'RETR 2' 'TOP 2 0' 'RETR 3' 'DELE 2' QUIT
	answers '+OK 3 14' '+OK messages and octets: 3 14' '1 3' '2 8' '3 3' . '+OK 2 8' \
	    '-ERR [SYS/TEMP] unable to read the message' \
	    '-ERR [SYS/TEMP] unable to read the message' '+OK 3 octets' 3 . \
	    '+OK deleted at QUIT' '+OK good bye'
	atf_check -o match:'event=unreadable .*file=2.a reason="Permission denied"' cat log
	atf_check -o inline:'1.a\n' ls m/new
}

atf_test_case a_disk_that_can_not_be_read_is_an_answer_of_its_message_alone
a_disk_that_can_not_be_read_is_an_answer_of_its_message_alone_head()
{
	atf_set require.progs strace
}
a_disk_that_can_not_be_read_is_an_answer_of_its_message_alone_body()
{
	seq 20000 | message "new/$(our_name 1763900001),S=108894,W=128894"
	printf 'STAT\r\nRETR 1\r\nTOP 1 0\r\nQUIT\r\n' >in
	strace -o trace -e trace=pread64 -e inject=pread64:error=EIO:when=2+ pop3-serve m \
	    <in >out 2>log || atf_skip "strace is not able to trace here"
	answers '+OK 1 128894' '-ERR [SYS/TEMP] unable to read the message' \
	    '-ERR [SYS/TEMP] unable to read the message' '+OK good bye'
	atf_check -o match:'event=unreadable' cat log
}

atf_test_case removals_are_synced_before_they_are_promised
removals_are_synced_before_they_are_promised_head()
{
	atf_set require.progs strace
}
removals_are_synced_before_they_are_promised_body()
{
	echo 1 | message new/1.a
	echo 2 | message cur/2.a:2,
	printf 'DELE 1\r\nDELE 2\r\nQUIT\r\n' >in
	strace -f -y -o trace -e trace=unlinkat,fsync,write pop3-serve m <in >out 2>log ||
		atf_skip "strace is not able to trace here"
	awk '/unlinkat/ { removed++ }
	     /fsync.*m\/new/ { if (removed == 2) new = 1 }
	     /fsync.*m\/cur/ { if (removed == 2) cur = 1 }
	     /good bye/ { if (new && cur) ok = 1 }
	     END { exit !ok }' trace || atf_fail "$(cat trace)"
}

atf_test_case removals_are_noted_in_maildirsize
removals_are_noted_in_maildirsize_body()
{
	printf '12345678\n' | message new/1.a
	printf '12345678\n' | message new/2.a,S=9
	printf '1000S\n30 3\n' >m/maildirsize
	talk 'DELE 1' 'DELE 2' QUIT
	atf_check -o inline:'12 1\n' \
	    awk 'NR > 1 { bytes += $1; count += $2 } END { print bytes, count }' m/maildirsize
}

atf_test_case pipelined_commands_are_answered_in_one_write
pipelined_commands_are_answered_in_one_write_head()
{
	atf_set require.progs strace
}
pipelined_commands_are_answered_in_one_write_body()
{
	for i in 1 2 3; do seq $i 50 | message new/$i.a; done
	printf 'STAT\r\nUIDL\r\nRETR 1\r\nRETR 2\r\nRETR 3\r\nNOOP\r\n' >in
	strace -o trace -e trace=write pop3-serve m <in >out 2>log
	atf_check -s exit:0 test -s trace
	# the greeting waits for nobody, then everything else at once
	atf_check -o inline:'2\n' grep -c '^write(1, ' trace
}

atf_test_case commands_are_told_from_nonsense
commands_are_told_from_nonsense_body()
{
	echo 1 | message new/1.a
	printf '%s\r\n' FOO '' stat ' STAT' 'STAT 1' 'LIST x' 'LIST 1 2' 'RETR' 'RETR 0' \
	    'RETR 18446744073709551617' 'DELE -1' 'USER joe' 'PASS x' 'NOOP x' 'list  1 ' >in
	printf 'ST\0AT\r\nST\rAT\r\nStat\n%0600d\r\nQUIT\r\n' 0 >>in
	atf_check -o save:out -e ignore pop3-serve m <in
	answers '-ERR unknown command' '-ERR unknown command' '+OK 1 3' '-ERR unknown command' \
	    '-ERR wrong arguments' '-ERR wrong arguments' '-ERR wrong arguments' \
	    '-ERR wrong arguments' '-ERR no such message' '-ERR no such message' \
	    '-ERR wrong arguments' '-ERR unknown command' '-ERR unknown command' \
	    '-ERR wrong arguments' '+OK 1 3' \
	    '-ERR there are control characters in the command' \
	    '-ERR there are control characters in the command' '+OK 1 3' \
	    '-ERR the command is too long' '+OK good bye'
}

atf_test_case too_many_errors_end_the_session
too_many_errors_end_the_session_body()
{
	echo 1 | message new/1.a
	yes FOO | head -n 100 >in
	echo QUIT >>in
	atf_check -s exit:111 -o save:out -e match:'end=errors' pop3-serve m <in
	atf_check -o inline:'20\n' grep -c 'unknown command' out
	atf_check -o inline:'-ERR too many errors\r\n' tail -n 1 out
}

atf_test_case capa_tells_what_there_is
capa_tells_what_there_is_body()
{
	make_maildir
	talk CAPA QUIT
	for word in USER TOP UIDL PIPELINING RESP-CODES AUTH-RESP-CODE 'EXPIRE NEVER' \
	    'IMPLEMENTATION facteur'; do
		atf_check -o ignore grep "^$word.\$" out
	done
}

atf_test_case the_log_tells_what_became_of_a_message
the_log_tells_what_became_of_a_message_body()
{
	name=$(our_name 1763900000)
	id=$(echo "$name" | cut -c 12-35)
	printf 'a\nb\n' | message "new/$name,S=4,W=6"
	printf 'x\n' | message 'new/1.a'
	AUTHUSER=joe@example.test TCPREMOTEIP=192.0.2.1
	export AUTHUSER TCPREMOTEIP
	talk 'RETR 2' 'RETR 1' 'DELE 2' QUIT
	by='user=joe@example.test client=192.0.2.1'
	atf_check -o inline:"id=$id at=pop3-serve event=retrieved $by bytes=6
at=pop3-serve event=retrieved $by bytes=3 file=1.a
id=$id at=pop3-serve event=deleted $by bytes=6
at=pop3-serve event=session $by end=quit messages=2 retrieved=2 bytes=9 deleted=1
" cat log
}

atf_test_case ten_thousand_messages_are_no_burden
ten_thousand_messages_are_no_burden_body()
{
	make_maildir
	mkdir x
	seq 10000 | awk '{ print > ("x/" (1000000000 + $1) ".M" $1 "P1.host"); close("x/" (1000000000 + $1) ".M" $1 "P1.host") }'
	rmdir m/new && mv x m/new
	sanitized pop3-serve && limit=unlimited || limit=8192
	atf_check sh -c "ulimit -v $limit"'; printf "STAT\r\nUIDL 10000\r\nRETR 10000\r\nQUIT\r\n" |
	    pop3-serve m >out 2>log'
	answers '+OK 10000 58894' '+OK 10000 1000010000.M10000P1.host' '+OK 7 octets' 10000 . \
	    '+OK good bye'
}

atf_init_test_cases()
{
	for name in $(sed -n 's/^atf_test_case //p' "$(atf_get_srcdir)/pop3-serve_test"); do
		atf_add_test_case "$name"
	done
}
