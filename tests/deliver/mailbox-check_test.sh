#! /usr/bin/env atf-sh
PATH=$(atf_get_srcdir)/../../bin:$PATH
. "$(atf_get_srcdir)/../lib/until.sh"

SMALL=home/mail/example.test/small/Maildir

# A home whose mailboxes are ours, or nobody's where we are root, and ./ask ADDRESS:SIZE...,
# which prints the answers.
home()
{
	uid=$(id -u) gid=$(id -g)
	[ "$uid" -ne 0 ] || uid=65534 gid=65534
	FACTEUR_HOME=$PWD/home
	export FACTEUR_HOME
	mkdir -p home/control home/users home/mail
	echo mx.example.test >home/control/me
	echo example.test >home/control/domains
	{
		echo "user@example.test:$uid:$gid:"
		echo "small@example.test:$uid:$gid:1000"
		echo "endless@example.test:$uid:$gid:0"
	} >home/users/mailboxes
	{
		echo 'alias@example.test: small@example.test'
		echo 'team@example.test: small@example.test, far@else.test'
		echo 'away@example.test: far@else.test'
	} >home/users/aliases
	mail-compile || atf_fail 'no users.cdb'
	cat >ask <<-END
		#!/bin/sh
		exec python3 "$(atf_get_srcdir)/post.py" ask "\$@" -- mailbox-check 2>log
	END
	chmod +x ask
}

# fill BYTES: the mailbox small with one message of that size
fill()
{
	mkdir -p $SMALL/tmp $SMALL/new $SMALL/cur
	: >"$SMALL/cur/1.x,S=$1:2,"
	rm -f $SMALL/maildirsize
	chmod 700 home/mail/example.test/small
	chown -R $uid:$gid home/mail/example.test/small
}

# room BYTES [NAME]: the answer that the mailbox, small@example.test, has room for so many
room()
{
	printf 'KRoom: %s %s@example.test\\n' "$1" "${2:-small}"
}

FULL='Z452 4.2.2 the mailbox is full\n'
NEVER='D552 5.2.2 the message is larger than the mailbox may become\n'
UNKNOWN='D550 5.1.1 there is no such mailbox here\n'
TROUBLE="Z451 4.3.0 the mailbox can't be looked at now\n"

atf_test_case knows_who_is_there
knows_who_is_there_body()
{
	home
	# whose it is stands there, so that who grants from the room counts it once
	atf_check -o inline:"$(room 52428800 user)$(room 52428800 user)K\n${UNKNOWN}${UNKNOWN}" ./ask user@example.test:0 \
	    User+lists@EXAMPLE.test:100 team@example.test:5 nobody@example.test:0 user@else.test:0
	atf_check -o empty cat log
}

atf_test_case a_mailbox_without_a_folder_has_room
a_mailbox_without_a_folder_has_room_body()
{
	home
	atf_check -o inline:"$(room 1000)$(room 1000)$NEVER" \
	    ./ask small@example.test:0 small@example.test:1000 small@example.test:1001
	[ ! -e home/mail/example.test ] || atf_fail 'a folder was made'
}

atf_test_case tells_a_full_mailbox_from_a_large_message
tells_a_full_mailbox_from_a_large_message_body()
{
	home
	fill 900
	atf_check -o inline:"$(room 100)$(room 100)${FULL}${FULL}${NEVER}" ./ask small@example.test:0 \
	    small@example.test:100 small@example.test:101 small@example.test:1000 \
	    small@example.test:1001
	fill 1000
	atf_check -o inline:"${FULL}${FULL}" ./ask small@example.test:0 small+x@example.test:1
	# removed behind our back
	rm $SMALL/cur/*
	atf_check -o inline:"$(room 1000)" ./ask small@example.test:1
	atf_check -o inline:"$uid $gid 600\n" stat -c '%u %g %a' $SMALL/maildirsize
}

atf_test_case an_alias_of_one_mailbox_has_its_room
an_alias_of_one_mailbox_has_its_room_body()
{
	home
	fill 1000
	atf_check -o inline:"${FULL}${NEVER}K\nK\n" ./ask alias@example.test:1 \
	    alias@example.test:1001 team@example.test:9999 away@example.test:9999
	rm $SMALL/cur/*
	fill 900
	atf_check -o inline:"$(room 100)" ./ask Alias@example.test:1
}

atf_test_case the_quota_is_its_own_or_the_common_one
the_quota_is_its_own_or_the_common_one_body()
{
	home
	atf_check -o inline:"$(room 52428800 user)${NEVER}$(room 18446744073709551615 endless)" ./ask user@example.test:52428800 \
	    user@example.test:52428801 endless@example.test:18446744073709551615
	echo 500 >home/control/quota
	atf_check -o inline:"$(room 500 user)${NEVER}$(room 1000)" ./ask user@example.test:500 \
	    user@example.test:501 small@example.test:501
	echo 0 >home/control/quota
	atf_check -o inline:"$(room 18446744073709551615 user)" ./ask user@example.test:52428801
	echo much >home/control/quota
	atf_check -o inline:"${TROUBLE}$(room 1000)" ./ask user@example.test:1 small@example.test:1
	atf_check -o match:'at=mailbox-check event=deferred rcpt=user@example.test text="unable to read control/quota" reason="Invalid argument"' \
	    cat log
}

# by one of its names it may be a rewritten sender
atf_test_case a_mailbox_named_like_a_rewritten_sender_tells_no_room
a_mailbox_named_like_a_rewritten_sender_tells_no_room_body()
{
	home
	echo "srs0=abcd=ab=c.test=x@example.test:$uid:$gid:" >>home/users/mailboxes
	mail-compile
	atf_check -o inline:'K\nK\n' ./ask 'srs0=abcd=ab=c.test=x@example.test:0' \
	    '"srs0=abcd=ab=c.test=x"@example.test:0'
}

atf_test_case what_cannot_be_looked_at_defers
what_cannot_be_looked_at_defers_body()
{
	home
	fill 10
	rmdir $SMALL/new
	echo >$SMALL/new
	atf_check -o inline:"$(room 990)" ./ask small@example.test:1
	rm -r $SMALL
	echo >$SMALL
	atf_check -o inline:"$TROUBLE" ./ask small@example.test:1
	atf_check -o match:'unable to enter the mailbox' cat log
	rm home/users/users.cdb
	atf_check -o inline:"$TROUBLE" ./ask small@example.test:1
	atf_check -o match:'unable to read users/users.cdb' cat log
	echo short >home/users/users.cdb
	atf_check -o inline:"$TROUBLE" ./ask small@example.test:1
}

atf_test_case looks_as_the_owner
looks_as_the_owner_head()
{
	atf_set require.user root
}
looks_as_the_owner_body()
{
	home
	fill 10
	chown -R 65533:65533 home/mail/example.test/small
	atf_check -o inline:"$TROUBLE" ./ask small@example.test:1
	chown -R 65534:65534 home/mail/example.test/small
	# a link is followed with the owner's rights only
	mkdir -m 700 secret secret/cur secret/new secret/tmp
	: >"secret/cur/1.x,S=1000"
	rm -r $SMALL
	ln -s "$PWD/secret" $SMALL
	atf_check -o inline:"$TROUBLE" ./ask small@example.test:1
	[ ! -e secret/maildirsize ] || atf_fail 'written as root'
}

atf_test_case a_malformed_question_ends_the_connection
a_malformed_question_ends_the_connection_body()
{
	home
	for question in nonsense '0:,' '1:x,' '5:a@b.c,' '99999:x'; do
		printf '%s' "$question" >question
		atf_check -s exit:111 -e match:'^mailbox-check: ' \
		    python3 "$(atf_get_srcdir)/post.py" raw -- mailbox-check <question
	done
	printf '8:a@b.c\0x1,' >question
	atf_check -s exit:111 -e match:'malformed question' \
	    python3 "$(atf_get_srcdir)/post.py" raw -- mailbox-check <question
	printf '7:a@b.c\0001,' >question
	atf_check -o inline:"$UNKNOWN" \
	    python3 "$(atf_get_srcdir)/post.py" raw -- mailbox-check <question
}

# serve MOST: one process for all clients of ./sock
serve()
{
	mkfifo ready
	s6-ipcserver-socketbinder "$PWD/sock" mailbox-check -l "$1" >ready 2>log &
	server=$!
	trap 'kill $server' EXIT
	read -r line <ready
}

atf_test_case one_process_answers_many_clients
one_process_answers_many_clients_body()
{
	home
	serve 2
	cat >clients <<-'END'
		import socket

		def connect():
		    s = socket.socket(socket.AF_UNIX)
		    s.settimeout(30)
		    s.connect("sock")
		    return s

		question = b"19:user@example.test\x000,"
		good, bad = connect(), connect()
		good.sendall(question[:5])
		bad.sendall(b"8:nonsense,")
		print(bad.recv(100))
		# two are connected again, so the third waits for a place
		second, third = connect(), connect()
		second.sendall(question)
		print(second.recv(100))
		third.sendall(question)
		third.settimeout(0.2)
		try:
		    print(third.recv(100))
		except TimeoutError:
		    print("waits")
		good.sendall(question[5:] + question + question[:-4])
		answers = b""
		while len(answers) < 2 * len(b"33:KRoom: 52428800 user@example.test,"):
		    answers += good.recv(100)
		print(answers)
		good.close()
		third.settimeout(30)
		print(third.recv(100))
		malformed = b"8:a@b.c\0x1,"
		third.sendall(malformed)
		print(third.recv(100))
		second.sendall(b"99999:")
		print(second.recv(100))
	END
	user=33:$(room 52428800 user)
	user=${user%??},
	atf_check -o inline:"b''\nb'$user'\nwaits\nb'$user$user'\nb'$user'\nb''\nb''\n" \
	    python3 clients
	atf_check -o match:'malformed question' cat log
	kill -0 $server || atf_fail 'the server is gone'
}

# many N: the mailbox small with N messages of a byte each, and no quota file
many()
{
	fill 1
	(cd $SMALL/cur && rm -f * && seq -f '%g.x,S=1:2,' "$1" | xargs touch)
	chown -R $uid:$gid $SMALL
}

# until ANSWER: it comes sooner or later
until_it_says()
{
	until_true "[ \"\$(./asked)\" = '$1' ]"
}

atf_test_case a_large_mailbox_is_counted_beside
a_large_mailbox_is_counted_beside_body()
{
	home
	many 6000
	serve 5
	cat >asked <<-'END'
		#!/usr/bin/env python3
		import socket

		s = socket.socket(socket.AF_UNIX)
		s.settimeout(30)
		s.connect("sock")
		s.sendall(b"20:small@example.test\x001,")
		print(s.recv(100).decode())
	END
	chmod +x asked
	# nobody waits for the sum, and nobody is refused for want of it
	atf_check -o inline:'1:K,\n' ./asked
	until_it_says '30:Z452 4.2.2 the mailbox is full,'
	# what the file says is old, but better than nothing
	(cd $SMALL/cur && ls | tail -n 200 | xargs rm -f)
	atf_check -o inline:'30:Z452 4.2.2 the mailbox is full,\n' ./asked
	mkdir $SMALL/old
	(cd $SMALL/cur && ls | xargs -I{} mv {} ../old/)
	until_it_says '30:KRoom: 1000 small@example.test,'
	kill -0 $server || atf_fail 'the server is gone'
}

atf_test_case links_do_not_multiply_a_mailbox
links_do_not_multiply_a_mailbox_body()
{
	home
	many 300
	for i in $(seq 50); do
		mkdir $SMALL/.s$i
		ln -s ../cur $SMALL/.s$i/cur
	done
	atf_check -o inline:"$(room 700)" ./ask small@example.test:100
	atf_check -o inline:'300 300\n' sed -n 2p $SMALL/maildirsize
}

atf_test_case a_client_that_does_not_listen_is_left
a_client_that_does_not_listen_is_left_body()
{
	home
	serve 10
	cat >client <<-'END'
		import socket

		s = socket.socket(socket.AF_UNIX)
		s.settimeout(30)
		s.connect("sock")
		question = b"19:user@example.test\x000,"
		try:
		    for i in range(100000):
		        s.sendall(question * 10)
		except (BrokenPipeError, ConnectionResetError):
		    print("left")
	END
	atf_check -o inline:'left\n' python3 client
	kill -0 $server || atf_fail 'the server is gone'
}

atf_test_case defers_when_used_wrongly
defers_when_used_wrongly_body()
{
	home
	atf_check -s exit:111 -e match:'usage: mailbox-check' mailbox-check x
	atf_check -s exit:111 -e match:'usage: mailbox-check' mailbox-check -l
	atf_check -s exit:111 -e match:'usage: mailbox-check' mailbox-check -l 0
	atf_check -s exit:111 -o ignore -e match:'unable to serve the socket' \
	    mailbox-check -l 5 </dev/null
	FACTEUR_HOME=$PWD/nowhere
	atf_check -s exit:111 -e match:'unable to enter .*nowhere' mailbox-check
}

atf_init_test_cases()
{
	for name in $(sed -n 's/^atf_test_case \([a-z_]*\).*/\1/p' "$(atf_get_srcdir)/mailbox-check_test"); do
		atf_add_test_case "$name"
	done
}
