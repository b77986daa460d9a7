#! /usr/bin/env atf-sh
PATH=$(atf_get_srcdir)/../../bin:$PATH

. "$(atf_get_srcdir)/../lib/until.sh"

ID=0ehyf3k2q1abcdefghijklmn
BOX=home/mail/example.test/user

# A home whose mailboxes are ours, or nobody's where we are root; a message; and scripts:
# ./deliver [OPTION...] MESSAGE RECIPIENT... [-- PROGRAM...] prints the answers, one a line;
# ./sink writes down what it gets, ./refuse TEXT CODE does not; ./count MAILBOX says how
# many messages there are.
home()
{
	uid=$(id -u) gid=$(id -g)
	[ "$uid" -ne 0 ] || uid=65534 gid=65534
	FACTEUR_HOME=$PWD/home QUEUE_UID=65533 QUEUE_GID=65532
	export FACTEUR_HOME QUEUE_UID QUEUE_GID
	mkdir -p home/control home/users home/mail home/queue/new
	echo mx.example.test >home/control/me
	echo example.test >home/control/domains
	{
		echo "user@example.test:$uid:$gid:"
		echo "small@example.test:$uid:$gid:1000"
		echo "endless@example.test:$uid:$gid:0"
	} >home/users/mailboxes
	{
		echo 'alias@example.test: user@example.test'
		echo 'team@example.test: user@example.test, far@else.test'
		echo 'away@example.test: far@else.test'
		echo 'loop@example.test: loop@example.test'
	} >home/users/aliases
	mail-compile || atf_fail 'no users.cdb'
	printf 'Subject: x\n\nbody\n' >message
	# the owner of the queue must find them, who may not search where we are
	sinks=$(mktemp -d /tmp/facteur-sinks.XXXXXX) || atf_fail 'no folder for the sinks'
	trap 'rm -r "$sinks"' EXIT
	chmod 777 "$sinks"
	for name in id message envelope; do
		ln -s "$sinks/sunk.$name" .
	done
	cat >"$sinks/sink" <<-END
		#!/bin/sh
		echo "\$QUEUEID" >$sinks/sunk.id
		cat >$sinks/sunk.message
		cat <&1 >$sinks/sunk.envelope
		echo "K\$QUEUEID" >&4
	END
	cat >"$sinks/refuse" <<-'END'
		#!/bin/sh
		printf "$1" >&4
		exit $2
	END
	cat >deliver <<-END
		#!/bin/sh
		case " \$* " in
		*' -- '*) ;;
		*) set -- "\$@" -- local-deliver "$sinks/sink" ;;
		esac
		exec python3 "$(atf_get_srcdir)/post.py" job "\$@" 2>log
	END
	cat >count <<-'END'
		#!/bin/sh
		ls "$1/Maildir/new" "$1/Maildir/cur" | grep -c ,S=
	END
	chmod +x "$sinks/sink" "$sinks/refuse" deliver count
}

is_empty()
{
	[ -z "$(ls -A "$1")" ] || atf_fail "$1 is not empty: $(ls -A "$1")"
}

# stand_in [WHAT]: begin, or begin anew, the stand-in for the queue's service
stand_in()
{
	stand_in_end
	mkdir -p home/run
	mkfifo ready
	python3 "$(atf_get_srcdir)/queue_stand_in.py" home/run/queue.sock records "$@" >ready &
	stand_in_pid=$!
	trap 'stand_in_end; rm -r "$sinks"' EXIT
	read -r line <ready
	rm ready
}

# a message ID of now: of an older one a record is not believed blindly
fresh_id()
{
	ID=$(python3 "$(atf_get_srcdir)/post.py" id)
}

stand_in_end()
{
	[ -z "$stand_in_pid" ] || kill -9 $stand_in_pid
	stand_in_pid=
}

atf_test_case delivers_with_return_path_and_delivered_to
delivers_with_return_path_and_delivered_to_body()
{
	home
	atf_check -o inline:'K2.0.0 delivered to user@example.test\n' \
	    ./deliver message User+Lists@Example.Test
	{
		printf 'Return-Path: <sender@example.org>\nDelivered-To: User+Lists@Example.Test\n'
		cat message
	} >expected
	atf_check cmp expected $BOX/Maildir/new/*
	size=$(wc -c <expected)
	with_crlf=$((size + $(wc -l <expected)))
	atf_check -o match:"^[0-9]{10}\.${ID}r[0-9a-f]{8}\.mx\.example\.test,S=$size,W=$with_crlf\$" \
	    ls $BOX/Maildir/new
	atf_check -o inline:"600\n" stat -c %a $BOX/Maildir/new/*
	is_empty $BOX/Maildir/tmp
	atf_check -o inline:"id=$ID at=local-deliver event=delivered rcpt=User+Lists@Example.Test \
mailbox=user@example.test bytes=$size\n" cat log
}

atf_test_case makes_the_folders_of_a_known_mailbox
makes_the_folders_of_a_known_mailbox_body()
{
	home
	umask 077
	atf_check -o match:^K ./deliver message user@example.test
	atf_check -o inline:"711 $(id -u)\n" stat -c '%a %u' home/mail/example.test
	for folder in $BOX $BOX/Maildir $BOX/Maildir/tmp $BOX/Maildir/new $BOX/Maildir/cur; do
		atf_check -o inline:"700 $uid $gid\n" stat -c '%a %u %g' $folder
	done
	atf_check -o inline:"600 $uid 0\n" stat -c '%a %u %s' $BOX/Maildir/pop3.lock
	rmdir $BOX/Maildir/tmp
	atf_check -o match:^K ./deliver -i 0ehyf3k2q1bbcdefghijklmn message user@example.test
	rm -r $BOX/Maildir/new
	atf_check -o match:^K ./deliver message user@example.test
}

atf_test_case does_not_deliver_beside_a_missing_mail_folder
does_not_deliver_beside_a_missing_mail_folder_body()
{
	home
	rmdir home/mail
	atf_check -o inline:'Z4.3.0 unable to make the folders of mailbox user@example.test: No such file or directory\n' \
	    ./deliver message user@example.test
	[ ! -e home/mail ] || atf_fail 'home/mail was made'
}

atf_test_case answers_for_each_recipient_in_order
answers_for_each_recipient_in_order_body()
{
	home
	printf '%s\n' 'K2.0.0 delivered to user@example.test' \
	    'D5.1.1 no mailbox or alias nobody@example.test' \
	    'Z4.3.5 else.test is not a domain of this system' \
	    'K2.0.0 delivered to small@example.test' >expected
	atf_check -o file:expected ./deliver message user@example.test nobody@example.test \
	    x@else.test small@example.test
	atf_check -o match:'event=refused rcpt=nobody@example.test status=5.1.1 text="no mailbox' \
	    -o match:'event=deferred rcpt=x@else.test status=4.3.5' cat log
}

atf_test_case reads_the_message_from_its_place_in_the_file
reads_the_message_from_its_place_in_the_file_body()
{
	home
	atf_check -o match:^K ./deliver -o 9 message user@example.test
	atf_check -o inline:'x\n\nbody\n' sed 1,2d $BOX/Maildir/new/*
}

atf_test_case takes_a_message_as_a_netstring
takes_a_message_as_a_netstring_body()
{
	home
	atf_check -o match:^K ./deliver -n message user@example.test
	sed 1,2d $BOX/Maildir/new/* >got
	atf_check cmp message got
}

atf_test_case delivers_messages_of_every_size
delivers_messages_of_every_size_body()
{
	home
	n=100
	for size in 0 1 65535 65536 65537 131072 3000000; do
		n=$((n + 1))
		rm -rf $BOX
		head -c $size /dev/urandom | tr '\r\0' '  ' >m
		atf_check -o match:^K ./deliver -i 0ehyf3k2q1${n}defghijklmn m user@example.test
		# an unfinished last line gets its end
		[ -z "$(tail -c 1 m)" ] || echo >>m
		sed 1,2d $BOX/Maildir/new/* >got
		atf_check cmp m got
		file=$(echo $BOX/Maildir/new/*)
		bytes=$(wc -c <"$file")
		atf_check -o match:",S=$bytes,W=$((bytes + $(wc -l <"$file")))\$" echo "$file"
	done
}

atf_test_case counts_a_crlf_as_one_line_end
counts_a_crlf_as_one_line_end_body()
{
	home
	printf 'Subject: x\r\n\r\nbody\r\n' >m
	atf_check -o match:^K ./deliver m user@example.test
	file=$(echo $BOX/Maildir/new/*)
	bytes=$(wc -c <"$file")
	atf_check -o match:",S=$bytes,W=$((bytes + 2))\$" echo "$file"
}

atf_test_case a_repeat_meets_its_own_file
a_repeat_meets_its_own_file_body()
{
	home
	atf_check -o save:answers ./deliver -r 3 message user@example.test small@example.test
	atf_check -o inline:'6\n' grep -c ^K2.0.0 answers
	atf_check -o inline:'1\n' ./count $BOX
	atf_check -o match:^K ./deliver -p again=1 message user@example.test
	atf_check -o inline:'1\n' ./count $BOX
	atf_check -o match:^K ./deliver -i 0ehyf3k2q1bbcdefghijklmn message user@example.test
	atf_check -o inline:'2\n' ./count $BOX
}

atf_test_case a_repeat_finds_what_its_reader_has_moved
a_repeat_finds_what_its_reader_has_moved_body()
{
	home
	atf_check -o match:^K ./deliver message user@example.test
	mv $BOX/Maildir/new/* "$BOX/Maildir/cur/$(ls $BOX/Maildir/new):2,S"
	atf_check -o match:^K ./deliver -p again=1 message user@example.test
	is_empty $BOX/Maildir/new
	# but another message of the same time is not taken for it
	atf_check -o match:^K ./deliver -p again=1 -i ${ID%n}o message user@example.test
	atf_check -o inline:'2\n' ./count $BOX
}

atf_test_case a_repeat_is_not_refused_for_its_own_size
a_repeat_is_not_refused_for_its_own_size_body()
{
	home
	head -c 850 /dev/zero | tr '\0' x >m
	atf_check -o match:^K ./deliver m small@example.test
	atf_check -o match:^K ./deliver m small@example.test
	atf_check -o inline:'1\n' ./count home/mail/example.test/small
}

atf_test_case a_mailbox_gets_one_copy_by_all_its_addresses
a_mailbox_gets_one_copy_by_all_its_addresses_body()
{
	home
	for all in 'user@example.test user+x@example.test alias@example.test' \
	    'alias@example.test user@example.test User@example.test'; do
		rm -rf $BOX
		atf_check -o save:answers ./deliver -N NOTIFY=SUCCESS message $all small@example.test
		atf_check -o inline:'3\n' grep -c '^K2.0.0 delivered: delivered to user@example.test$' answers
		atf_check -o inline:'1\n' grep -c '^K2.0.0 delivered: delivered to small@' answers
		atf_check -o inline:'1\n' ./count $BOX
		atf_check -o inline:'3\n' grep -c 'event=delivered.*mailbox=user@example.test' log
		# in jobs of their own, and when it is repeated
		for address in $all; do
			atf_check -o match:^K ./deliver -p again=1 message "$address"
		done
		atf_check -o inline:'1\n' ./count $BOX
	done
	# what fails, fails for all of them
	head -c 100000 /dev/zero | tr '\0' x >m
	atf_check -o inline:'D5.2.2 the message is larger than mailbox small@example.test may become\n'"D5.2.2 the message is larger than mailbox small@example.test may become\n" \
	    ./deliver m small@example.test small+x@example.test
	atf_check -o inline:'2\n' grep -c 'event=refused' log
}

atf_test_case an_alias_and_its_targets_get_one_copy
an_alias_and_its_targets_get_one_copy_body()
{
	home
	echo 'all@example.test: team@example.test, small@example.test' >>home/users/aliases
	atf_check -e ignore mail-compile
	# team leads to user and far: user has it; and would know it again, under another ID
	for order in 'team@example.test user@example.test' 'user@example.test team@example.test'; do
		rm -rf $BOX
		atf_check -o match:'^K.*delivered to user' -o match:'^K.*forwarded' ./deliver message $order
		atf_check -o match:'^Tfar@' -o not-match:'^Tuser@' sh -c 'tr "\0" "\n" <sunk.envelope'
		# its own copy is there before the other can come
		atf_check -o match:event=delivered head -n 1 log
		atf_check -o match:'^K.*delivered to user' ./deliver -i "$(cat sunk.id)" -p origin=$ID \
		    sunk.message user@example.test
		atf_check -o inline:'1\n' ./count $BOX
		mv $BOX/Maildir/new/* "$BOX/Maildir/cur/$(ls $BOX/Maildir/new):2,S"
		atf_check -o match:'^K.*delivered to user' ./deliver -i "$(cat sunk.id)" -p origin=$ID \
		    sunk.message user@example.test
		atf_check -o inline:'1\n' ./count $BOX
	done
	echo 'both@example.test: User@example.test, small@example.test' >>home/users/aliases
	atf_check -e ignore mail-compile
	rm -rf $BOX sunk.id "$sinks/sunk.id"
	atf_check -o match:'^K2.0.0 delivered by other recipients$' \
	    ./deliver message both@example.test small@example.test user@example.test
	atf_check -o match:'^K2.0.0 delivered: delivered by other recipients$' \
	    ./deliver -N NOTIFY=SUCCESS message both@example.test small@example.test user@example.test
	[ ! -e "$sinks/sunk.id" ] || atf_fail 'it was forwarded'
	ln -s "$sinks/sunk.id" .
	# the first ID goes on through all aliases; what is no ID is none
	atf_check -o match:'^K.*forwarded' ./deliver message all@example.test
	cp sunk.message one
	one=$(cat sunk.id)
	atf_check -o match:'^K.*forwarded' ./deliver -i "$one" -p origin=$ID one team@example.test
	atf_check -o inline:"Porigin=$ID\n" sh -c 'tr "\0" "\n" <sunk.envelope | grep origin'
	atf_check -o match:'^K' ./deliver -i "$one" -p origin=../x message user@example.test
	atf_check -o inline:'2\n' ./count $BOX
}

atf_test_case a_mailbox_that_is_an_alias_keeps_a_copy
a_mailbox_that_is_an_alias_keeps_a_copy_body()
{
	home
	atf_check python3 "$(atf_get_srcdir)/post.py" cdb home/users/users.cdb dexample.test= \
	    "muser@example.test=$uid:$gid:" 'auser@example.test=User@example.test\0far@else.test\0' \
	    "msmall@example.test=$uid:$gid:1000" 'asmall@example.test=small@example.test\0' \
	    'aalias@example.test=user@example.test\0'
	atf_check -o inline:'K2.0.0 delivered: delivered to user@example.test\n' \
	    ./deliver -N NOTIFY=SUCCESS message user+x@example.test
	atf_check -o inline:'1\n' ./count $BOX
	printf 'Fsender@example.org\0Porigin=%s\0NNOTIFY=NEVER\0NORCPT=rfc822;user+2Bx@example.test\0Tfar@else.test\0\0' \
	    $ID >expected
	atf_check cmp expected sunk.envelope
	atf_check -o match:"^id=$ID at=local-deliver event=delivered rcpt=user" \
	    -o match:"^id=$ID at=local-deliver event=forwarded rcpt=user.*new=$(cat sunk.id)\$" cat log
	# by an alias of it, and only once
	atf_check -o match:'^K2.0.0 delivered to user' -o match:'^K2.0.0 delivered to user' \
	    ./deliver -i 0ehyf3k2q1bbcdefghijklmn message alias@example.test user@example.test
	atf_check -o inline:'1\n' grep -c event=forwarded log
	atf_check -o inline:'2\n' ./count $BOX
	# what comes back ends, and itself alone is no other
	atf_check -o match:^D5.4.6 ./deliver sunk.message alias@example.test
	rm sunk.id
	atf_check -o match:^K ./deliver message small@example.test
	[ ! -e sunk.id ] || atf_fail 'it was forwarded'
	# nobody has it as long as it is not on its way to all
	atf_check -o inline:'Z4.3.0 unable to forward: later\n' ./deliver -i 0ehyf3k2q1cbcdefghijklmn \
	    message user@example.test -- local-deliver "$sinks/refuse" 'Zlater\n' 71
	atf_check -o match:^K ./deliver -i 0ehyf3k2q1cbcdefghijklmn message user@example.test
	atf_check -o inline:'3\n' ./count $BOX
	head -c 100000 /dev/zero | tr '\0' x >m
	echo 5000 >home/control/quota
	rm -f sunk.id
	atf_check -o match:^D5.2.2 ./deliver -i 0ehyf3k2q1dbcdefghijklmn m user@example.test
	[ ! -e sunk.id ] || atf_fail 'it was forwarded, but not kept'
}

atf_test_case an_alias_of_one_mailbox_is_delivered_at_once
an_alias_of_one_mailbox_is_delivered_at_once_body()
{
	home
	atf_check -o inline:'K2.0.0 delivered to user@example.test\n' \
	    ./deliver -s '' message alias@example.test
	atf_check -o inline:'Return-Path: <>\nDelivered-To: user@example.test\nDelivered-To: alias@example.test\nSubject: x\n' \
	    head -n 4 $BOX/Maildir/new/*
	[ ! -e sunk.id ] || atf_fail 'it was forwarded'
}

atf_test_case a_catch_all_takes_the_rest
a_catch_all_takes_the_rest_body()
{
	home
	echo '@example.test: user@example.test' >>home/users/aliases
	atf_check -e ignore mail-compile
	atf_check -o inline:'K2.0.0 delivered to user@example.test\nK2.0.0 delivered to small@example.test\n' \
	    ./deliver message anybody@example.test small@example.test
}

atf_test_case forwards_with_sender_and_parameters
forwards_with_sender_and_parameters_body()
{
	home
	atf_check -o save:answer ./deliver -p BODY=8BITMIME -p again=1 -N NOTIFY=SUCCESS,FAILURE \
	    -N 'ORCPT=rfc822;team@example.test' message team@example.test
	new=$(cat sunk.id)
	atf_check -o inline:"K2.0.0 expanded: forwarded as $new\n" cat answer
	[ "$new" != $ID ] || atf_fail 'the ID is the old one'
	{
		echo 'Delivered-To: team@example.test'
		cat message
	} >expected
	atf_check cmp expected sunk.message
	{
		printf 'Fsender@example.org\0PBODY=8BITMIME\0Porigin=%s\0NNOTIFY=FAILURE\0' $ID
		printf 'NORCPT=rfc822;team@example.test\0Tuser@example.test\0'
		printf 'NNOTIFY=FAILURE\0NORCPT=rfc822;team@example.test\0Tfar@else.test\0\0'
	} >expected
	atf_check cmp expected sunk.envelope
	atf_check -o inline:"id=$ID at=local-deliver event=forwarded rcpt=team@example.test new=$new\n" \
	    cat log
	# the same again has the same ID
	atf_check -o inline:"K2.0.0 forwarded as $new\n" ./deliver message team@example.test
}

atf_test_case forwards_to_a_service
forwards_to_a_service_body()
{
	home
	# nobody has to be told whose the queue is
	unset QUEUE_UID QUEUE_GID
	stand_in
	atf_check -o save:answer ./deliver message team@example.test -- local-deliver unix:run/queue.sock
	atf_check -o inline:"K2.0.0 forwarded as $(cat records.id)\n" cat answer
	{
		echo 'Delivered-To: team@example.test'
		cat message
	} >expected
	atf_check cmp expected records.message
	atf_check -o match:"^Porigin=$ID\$" -o match:'^Tuser@' -o match:'^Tfar@' sh -c 'tr "\0" "\n" <records.envelope'
	# one connection for many, of every size
	head -c 300000 /dev/zero | tr '\0' x >m
	echo >>m
	atf_check -o match:'^K2.0.0 forwarded' ./deliver -r 3 m away@example.test -- local-deliver unix:run/queue.sock
	atf_check -o inline:'300033\n' sh -c 'wc -c <records.message'
	# a connection that ends before there is an answer is made anew, once
	stand_in cut
	atf_check -o inline:"$(for i in 1 2 3; do cat answer; done)\n" \
	    ./deliver -r 3 message team@example.test -- local-deliver unix:run/queue.sock
	stand_in leave
	atf_check -o match:'^Z4.3.0 unable to forward: .* without an answer' \
	    ./deliver message team@example.test -- local-deliver unix:run/queue.sock
	stand_in refuse
	atf_check -o inline:'Z4.3.0 unable to forward: unable to keep messages (#4.3.0)\n' \
	    ./deliver message away@example.test -- local-deliver unix:run/queue.sock
	stand_in_end
	atf_check -o match:"^Z4.3.0 unable to reach the queue.s service: Connection refused" \
	    ./deliver message away@example.test -- local-deliver unix:run/queue.sock
	# a filter takes one message a connection, and gets it from a child, however small
	atf_check -o match:"^Z4.3.0 unable to forward: .*queue's service" \
	    ./deliver message away@example.test -- local-deliver filter:run/none.sock
}

atf_test_case one_address_inherits_every_wish
one_address_inherits_every_wish_body()
{
	home
	atf_check -o match:'^K2.0.0 forwarded' ./deliver -s '' -N NOTIFY=SUCCESS message away@example.test
	printf 'F\0Porigin=%s\0NNOTIFY=SUCCESS\0NORCPT=rfc822;away@example.test\0Tfar@else.test\0\0' \
	    $ID >expected
	atf_check cmp expected sunk.envelope
}

atf_test_case several_addresses_do_not_report_success
several_addresses_do_not_report_success_body()
{
	home
	atf_check -o match:'^K2.0.0 expanded: ' ./deliver -N NOTIFY=success -N ORCPT=x-y\;z message team@example.test
	printf 'Fsender@example.org\0Porigin=%s\0NNOTIFY=NEVER\0NORCPT=x-y;z\0Tuser@example.test\0NNOTIFY=NEVER\0NORCPT=x-y;z\0Tfar@else.test\0\0' \
	    $ID >expected
	atf_check cmp expected sunk.envelope
	atf_check -o match:'^K2.0.0 forwarded' ./deliver -N NOTIFY=NEVER message team@example.test
}

atf_test_case leaves_the_report_of_a_success_to_its_client
leaves_the_report_of_a_success_to_its_client_body()
{
	home
	atf_check -o inline:'K2.0.0 delivered: delivered to user@example.test\n' \
	    ./deliver -N NOTIFY=FAILURE,SUCCESS message user@example.test
	atf_check -o inline:'K2.0.0 delivered to user@example.test\n' \
	    ./deliver -N NOTIFY=FAILURE,DELAY message user@example.test
}

atf_test_case says_why_a_forward_failed
says_why_a_forward_failed_body()
{
	home
	head -c 1000000 /dev/zero | tr '\0' x >m
	for file in message m; do
		atf_check -o inline:'D5.3.0 unable to forward: no such thing\n' \
		    ./deliver $file away@example.test -- local-deliver "$sinks/refuse" 'Dno such thing' 31
		atf_check -o inline:'Z4.3.0 unable to forward: later\n' \
		    ./deliver $file away@example.test -- local-deliver "$sinks/refuse" 'Zlater\n' 71
		atf_check -o inline:'Z4.3.0 unable to forward: the queue did not take it\n' \
		    ./deliver $file away@example.test -- local-deliver "$sinks/refuse" '' 53
	done
	atf_check -o match:'^Z4.3.0 unable to start the queue.s program: No such file' \
	    ./deliver message away@example.test -- local-deliver "$PWD/missing"
}

atf_test_case an_earlier_delivery_is_a_loop
an_earlier_delivery_is_a_loop_body()
{
	home
	printf 'Received: x\nDelivered-To: USER@example.test\n\n' >m
	atf_check -o inline:'D5.4.6 the message loops: it has been delivered to user@example.test before\n' \
	    ./deliver m user@example.test
	[ ! -e $BOX ] || atf_fail 'it was delivered'
	atf_check -o match:^K ./deliver m small@example.test
}

atf_test_case an_alias_of_itself_ends_as_a_loop
an_alias_of_itself_ends_as_a_loop_body()
{
	home
	atf_check -o match:'^K2.0.0 forwarded' ./deliver message loop@example.test
	atf_check -o match:^D5.4.6 ./deliver sunk.message loop@example.test
}

atf_test_case many_recipients_share_the_syncs
many_recipients_share_the_syncs_head()
{
	atf_set require.progs strace
}
many_recipients_share_the_syncs_body()
{
	home
	strace -o /dev/null true || atf_skip 'strace is not able to trace here'
	# some of them twice, one unknown, one forwarded
	for i in $(seq 20); do
		echo "box$i@example.test:$uid:$gid:"
	done >>home/users/mailboxes
	mail-compile || atf_fail 'no users.cdb'
	head -c 700 /dev/zero | tr '\0' x >m
	set -- $(seq -f 'box%g@example.test' 20) box1+a@example.test small@example.test \
	    small+b@example.test nobody@example.test away@example.test box2+c@example.test
	atf_check -o save:answers ./deliver m "$@" -- strace -f -e trace=syncfs,utimensat -o calls \
	    local-deliver "$sinks/sink"
	{
		seq -f 'K2.0.0 delivered to box%g@example.test' 20
		echo 'K2.0.0 delivered to box1@example.test'
		echo 'K2.0.0 delivered to small@example.test'
		echo 'K2.0.0 delivered to small@example.test'
		echo 'D5.1.1 no mailbox or alias nobody@example.test'
		echo 'K2.0.0 forwarded'
		echo 'K2.0.0 delivered to box2@example.test'
	} >expected
	atf_check -o file:expected sed 's/forwarded.*/forwarded/' answers
	for i in $(seq 20); do
		atf_check -o inline:'1\n' ./count home/mail/example.test/box$i
		is_empty home/mail/example.test/box$i/Maildir/tmp
	done
	atf_check -o inline:'1\n' ./count home/mail/example.test/small
	# whichever way this file system is synced
	atf_check -o inline:'2\n' grep -c -e '^[0-9]* *syncfs(' -e '^[0-9]* *utimensat(' calls
	# what is repeated meets its own files
	atf_check -o file:answers ./deliver m "$@"
	atf_check -o inline:'1\n' ./count home/mail/example.test/box1
}

atf_test_case a_failed_common_sync_defers_all
a_failed_common_sync_defers_all_head()
{
	atf_set require.progs strace
}
a_failed_common_sync_defers_all_body()
{
	home
	strace -o /dev/null true || atf_skip 'strace is not able to trace here'
	for i in $(seq 9); do
		echo "box$i@example.test:$uid:$gid:"
	done >>home/users/mailboxes
	mail-compile || atf_fail 'no users.cdb'
	# the folders first
	atf_check -o match:^K ./deliver -i 0ehyf3k2q1bbcdefghijklmn message $(seq -f 'box%g@example.test' 9)
	for when in 1 2; do
		atf_check -o save:answers ./deliver message $(seq -f 'box%g@example.test' 9) -- \
		    strace -f -e trace=syncfs,fsync -e inject=syncfs:error=EIO:when=$when \
		    -e inject=fsync:error=EIO -o calls local-deliver "$sinks/sink"
		atf_check -o inline:'9\n' grep -c \
		    '^Z4.3.0 unable to keep the message in mailbox box[1-9]@example.test: I.*error$' answers
		for i in $(seq 9); do
			atf_check -o inline:'1\n' ./count home/mail/example.test/box$i
			is_empty home/mail/example.test/box$i/Maildir/tmp
		done
	done
	# their quotas have not grown by what is not there
	atf_check -o inline:'1\n' sh -c \
	    'awk "NR > 1 { n += \$2 } END { print n }" home/mail/example.test/box9/Maildir/maildirsize'
	# where each file can be synced by itself, nothing is lost
	for when in 1 2; do
		# of nine files each is begun to be written, then waited for
		atf_check -o save:answers ./deliver -i 0ehyf3k2q1cbcdefghijklm$when message \
		    $(seq -f 'box%g@example.test' 9) -- \
		    strace -f -e trace=syncfs,sync_file_range,fsync -e inject=syncfs:error=EIO:when=$when \
		    -e inject=sync_file_range:error=EIO:when=10 -o calls local-deliver "$sinks/sink"
		atf_check -o inline:'9\n' grep -c ^K2.0.0 answers
		grep -q '[0-9] *fsync(' calls || atf_fail 'none was synced by itself'
	done
	# unless the writing can't even be begun: of that a later sync may know nothing
	atf_check -o save:answers ./deliver -i 0ehyf3k2q1dbcdefghijklmn message \
	    $(seq -f 'box%g@example.test' 9) -- strace -f -e trace=sync_file_range \
	    -e inject=sync_file_range:error=ENOSPC:when=5 -o calls local-deliver "$sinks/sink"
	if grep -q sync_file_range calls; then
		atf_check -o inline:'9\n' grep -c \
		    '^Z4.*unable to keep the message in mailbox box[1-9]@example.test: No space' answers
		for i in $(seq 9); do
			atf_check -o inline:'3\n' ./count home/mail/example.test/box$i
			is_empty home/mail/example.test/box$i/Maildir/tmp
		done
	fi
}

atf_test_case what_the_service_has_recorded_is_delivered_once
what_the_service_has_recorded_is_delivered_once_body()
{
	home
	fresh_id
	stand_in
	atf_check -o match:^K ./deliver -i $ID message user@example.test User+x@example.test small@example.test
	printf '%s user@example.test\n%s small@example.test\n' $ID $ID >expected
	atf_check -o file:expected cat records
	is_empty $BOX/Maildir/tmp
	atf_check -o inline:'1\n' ./count $BOX
	atf_check -o inline:"1\n" sh -c "awk 'NR > 1 { n += \$2 } END { print n }' $BOX/Maildir/maildirsize"
	# its reader has taken it away
	rm $BOX/Maildir/new/*
	atf_check -o match:^K ./deliver -i $ID -p again=1 message user@example.test
	is_empty $BOX/Maildir/new
	atf_check -o match:'event=delivered rcpt=user@example.test .*again=1' cat log
	# and another message is not taken for it
	atf_check -o match:^K ./deliver -i ${ID%????}0000 -p again=1 message user@example.test
	atf_check -o inline:'1\n' ./count $BOX
}

# The mailbox may be a recipient, and a member of an alias that is another one; or of two.
atf_test_case what_came_by_an_alias_does_not_come_again
what_came_by_an_alias_does_not_come_again_body()
{
	home
	stand_in
	fresh_id
	for order in 'first alias' 'alias first' 'alias other' 'first first'; do
		: >records
		fresh_id
		for form in $order; do
			case $form in
			first) options="-i $ID -p again=1" ;;
			alias) options="-i ${ID%????}aaaa -p origin=$ID" ;;
			*) options="-i ${ID%????}bbbb -p origin=$ID" ;;
			esac
			atf_check -o match:^K ./deliver $options message user@example.test
			[ -z "$(ls $BOX/Maildir/new)" ] || echo "$order" >>came
			# its reader takes it away
			rm -f $BOX/Maildir/new/*
		done
	done
	printf '%s\n' 'first alias' 'alias first' 'alias other' 'first first' >expected
	atf_check -o file:expected cat came
}

# A service that is begun anew takes its socket away for a moment.
atf_test_case a_socket_that_is_made_anew_is_waited_for
a_socket_that_is_made_anew_is_waited_for_body()
{
	home
	fresh_id
	stand_in
	mkdir -p home/queue/journal
	: >home/queue/journal/lock
	mv home/run/queue.sock home/run/away.sock
	./deliver -i $ID message user@example.test >answer &
	deliverer=$!
	sleep 0.2
	mv home/run/away.sock home/run/queue.sock
	wait $deliverer
	atf_check -o match:^K cat answer
	atf_check -o inline:"$ID user@example.test\n" cat records
}

atf_test_case what_is_prepared_is_taken_up
what_is_prepared_is_taken_up_body()
{
	home
	fresh_id
	stand_in
	atf_check -o match:^K ./deliver -i $ID message user@example.test
	name=$(ls $BOX/Maildir/new)
	for what in '' old; do
		stand_in $what
		# even when we have another name since
		mv $BOX/Maildir/new/* "$BOX/Maildir/tmp/$(echo "$name" | sed "s/\.mx\./.my./")"
		atf_check -o match:^K ./deliver -i $ID -p again=1 message user@example.test
		is_empty $BOX/Maildir/tmp
		atf_check -o inline:'1\n' ./count $BOX
		atf_check -o not-match:again= grep event=delivered log
	done
	# btrfs may have it under both its names after a power cut
	mkdir saved
	mv $BOX/Maildir/new/* saved/seen
	ln saved/seen "$BOX/Maildir/tmp/$name"
	atf_check -o match:^K ./deliver -i $ID -p again=1 message user@example.test
	is_empty $BOX/Maildir/tmp
	is_empty $BOX/Maildir/new
	# what is not what was prepared is not trusted
	cp -p message $BOX/Maildir/tmp/$name
	chown $uid $BOX/Maildir/tmp/$name
	atf_check -o match:^K ./deliver -i $ID -p again=1 message user@example.test
	is_empty $BOX/Maildir/tmp
	atf_check -o inline:"$name\n" ls $BOX/Maildir/new
}

atf_test_case what_no_record_tells_of_is_not_trusted
what_no_record_tells_of_is_not_trusted_body()
{
	home
	fresh_id
	stand_in
	atf_check -o match:^K ./deliver -i $ID message user@example.test
	name=$(ls $BOX/Maildir/new)
	rm $BOX/Maildir/new/*
	for again in 1 0; do
		: >records
		echo cut >$BOX/Maildir/tmp/$name
		chown $uid $BOX/Maildir/tmp/$name
		atf_check -o match:^K ./deliver -i $ID -p again=$again message user@example.test
		is_empty $BOX/Maildir/tmp
		atf_check -o match:^body cat $BOX/Maildir/new/$name
		rm $BOX/Maildir/new/*
	done
	# nor is one removed on which somebody works
	: >records
	: >$BOX/Maildir/tmp/$name
	chown $uid $BOX/Maildir/tmp/$name
	flock $BOX/Maildir/tmp/$name sleep 1 &
	while flock -n $BOX/Maildir/tmp/$name true; do :; done
	atf_check -o match:^K ./deliver -i $ID -p again=1 message user@example.test
	wait $!
	atf_check -o inline:"$name\n" ls $BOX/Maildir/new
}

# asked_more_than N: wait until the stand-in has been
asked_more_than()
{
	await eval "[ \$(wc -l <records.questions) -gt $1 ]" || atf_fail 'the service is not asked'
}

atf_test_case who_comes_second_finds_what_the_first_has_done
who_comes_second_finds_what_the_first_has_done_body()
{
	home
	fresh_id
	stand_in
	atf_check -o match:^K ./deliver -i ${ID%????}0000 message user@example.test
	rm $BOX/Maildir/new/*
	# a delivery of a queue-run that is gone: it has asked, and waits; another one is quicker,
	# and its reader, too
	name=$(./deliver -i $ID message small@example.test >answer; ls home/mail/example.test/small/Maildir/new)
	: >records
	for again in 0 1; do
		rm -f home/mail/example.test/small/Maildir/new/*
		: >home/mail/example.test/small/Maildir/tmp/$name
		chown $uid home/mail/example.test/small/Maildir/tmp/$name
		exec 9<home/mail/example.test/small/Maildir/tmp/$name
		flock 9
		: >records.questions
		./deliver -i $ID -p again=$again message small@example.test >answer 9<&- &
		waiting=$!
		# it has met the lock, and asks again
		asked_more_than $again
		echo "$ID small@example.test" >records
		asked_more_than $(wc -l <records.questions)
		rm home/mail/example.test/small/Maildir/tmp/$name
		wait $waiting
		exec 9<&-
		atf_check -o match:^K cat answer
		is_empty home/mail/example.test/small/Maildir/new
		is_empty home/mail/example.test/small/Maildir/tmp
		: >records
	done
}

atf_test_case a_service_that_does_not_answer_holds_nothing_up
a_service_that_does_not_answer_holds_nothing_up_body()
{
	home
	n=100
	for what in slow short; do
		stand_in $what
		n=$((n + 1))
		atf_check -o match:^K ./deliver -r 2 -i 0ehyf3k2q1${n}defghijklmn message user@example.test
		atf_check -o inline:'1\n' ./count $BOX
		is_empty $BOX/Maildir/tmp
		rm $BOX/Maildir/new/*
	done
	stand_in refuse
	atf_check -o match:'^Z4.3.0 unable to ask whether it has been delivered before to mailbox user@example.test: [A-Za-z ]* busy$' \
	    ./deliver -p again=1 message user@example.test
	stand_in mute
	atf_check -o match:'^Z4.3.0 unable to ask whether it has been delivered before' \
	    ./deliver -p again=1 message user@example.test
	# one that is not there, but was, may be about to begin
	stand_in_end
	atf_check -o match:'^Z4.3.0 unable to ask whether it has been delivered before' \
	    ./deliver -p again=1 message user@example.test
	./deliver -p again=1 message user@example.test >answer &
	waiting=$!
	stand_in
	wait $waiting
	atf_check -o match:^K cat answer
}

# Once it is written, for some time: where nobody can tell whether it was seen, it is not shown.
atf_test_case nothing_is_shown_without_a_record
nothing_is_shown_without_a_record_body()
{
	home
	for what in deaf dumb refuse doubt away; do
		rm -f records
		stand_in $what
		fresh_id
		[ $what != away ] || stand_in_end
		begun=$(date +%s)
		atf_check -o match:'^Z4.3.0 unable to keep a record of the message in mailbox user@example.test' \
		    ./deliver -i $ID message user@example.test
		[ $(($(date +%s) - begun)) -ge 15 ] || atf_fail 'it did not wait'
		is_empty $BOX/Maildir/new
		stand_in
		atf_check -o match:^K ./deliver -i $ID -p again=1 message user@example.test
		atf_check -o inline:'1\n' ./count $BOX
		is_empty $BOX/Maildir/tmp
		rm $BOX/Maildir/new/*
		atf_check -o match:^K ./deliver -i $ID -p again=1 message user@example.test
		is_empty $BOX/Maildir/new
	done
	# room for it that comes meanwhile is found
	stand_in full:2
	fresh_id
	atf_check -o match:^K ./deliver -i $ID message user@example.test
	atf_check -o inline:"$ID user@example.test\n" tail -n 1 records
}

atf_test_case a_record_of_before_the_power_cut
a_record_of_before_the_power_cut_head()
{
	atf_set require.user root
}
a_record_of_before_the_power_cut_body()
{
	home
	# of this file system nobody knows whether its renames are whole
	mount -t tmpfs -o size=1m tmpfs home/mail || atf_skip 'unable to mount a tmpfs'
	touch mounted
	stand_in old
	atf_check -o match:^K ./deliver message user@example.test
	name=$(ls $BOX/Maildir/new)
	# both names
	cp -p $BOX/Maildir/new/$name $BOX/Maildir/tmp/$name
	mv $BOX/Maildir/new/$name "$BOX/Maildir/cur/$name:2,S"
	atf_check -o match:^K ./deliver -p again=1 message user@example.test
	is_empty $BOX/Maildir/tmp
	is_empty $BOX/Maildir/new
	# none of them
	rm $BOX/Maildir/cur/*
	atf_check -o match:^K ./deliver -p again=1 message user@example.test
	atf_check -o inline:"$name\n" ls $BOX/Maildir/new
	umount home/mail && rm mounted
}
a_record_of_before_the_power_cut_cleanup()
{
	[ ! -e mounted ] || umount home/mail
}

# again READER: deliveries killed at their calls, and repeated
again()
{
	home
	strace -o /dev/null true || atf_skip 'strace is not able to trace here'
	# the owner must find it
	chmod 755 .
	atf_check -o match:'killed at [0-9]* calls' -e empty \
	    python3 "$(atf_get_srcdir)/again.py" home user@example.test "$@"
}

atf_test_case killed_anywhere_what_came_by_an_alias_comes_once
killed_anywhere_what_came_by_an_alias_comes_once_head()
{
	atf_set require.progs strace
	atf_set timeout 600
}
killed_anywhere_what_came_by_an_alias_comes_once_body()
{
	again move alias
}

for reader in pop3 move none; do
	eval "
	atf_test_case killed_anywhere_a_reader_gets_it_once_$reader
	killed_anywhere_a_reader_gets_it_once_${reader}_head()
	{
		atf_set require.progs strace
		atf_set timeout 600
	}
	killed_anywhere_a_reader_gets_it_once_${reader}_body()
	{
		again $reader
	}"
done

atf_test_case many_jobs_in_flight_are_answered_in_order
many_jobs_in_flight_are_answered_in_order_body()
{
	home
	for service in no yes; do
		[ $service = no ] || stand_in
		rm -rf home/mail/*
		seq 150 | sed 's/.*/K2.0.0 delivered to user@example.test/' |
		    sed '3~5s/user/endless/; 4~5s/.*/D5.1.1 no mailbox or alias nobody@example.test/
			5~5s/.*/K2.0.0 forwarded/' >expected
		python3 "$(atf_get_srcdir)/post.py" flight 150 message user@example.test user@example.test \
		    endless@example.test nobody@example.test away@example.test -- \
		    strace -f -e trace=syncfs -o calls local-deliver "$sinks/sink" >answers 2>log ||
			atf_fail "$(cat log)"
		atf_check -o file:expected sed 's/forwarded.*/forwarded/' answers
		atf_check -o inline:'60\n' ./count $BOX
		atf_check -o inline:'30\n' ./count home/mail/example.test/endless
		is_empty $BOX/Maildir/tmp
		atf_check -o inline:"60\n" awk 'NR > 1 { n += $2 } END { print n }' $BOX/Maildir/maildirsize
		syncs=$(grep -c 'syncfs(' calls)
		[ "$syncs" -lt 60 ] || atf_fail "$syncs syncs"
	done
}

# The sink goes on only when the mail of the others is there.
atf_test_case a_slow_forward_holds_up_nobody
a_slow_forward_holds_up_nobody_body()
{
	home
	cat >"$sinks/slow" <<-END
		#!/bin/sh
		cat >/dev/null
		for i in \$(seq 200); do
			[ ! -e "$sinks/go" ] || exit 0
			sleep 0.1
		done
		exit 71
	END
	chmod +x "$sinks/slow"
	seq 40 | sed 's/.*/K2.0.0 forwarded/; 2~2s/.*/K2.0.0 delivered to user@example.test/' >expected
	stand_in "$BOX/Maildir/new:20"
	head -c 300000 /dev/zero | tr '\0' x >large
	for sink in unix:run/queue.sock "$sinks/slow"; do
		for file in message large; do
			rm -rf home/mail/* "$sinks/go"
			{
				until [ "$(ls $BOX/Maildir/new 2>/dev/null | wc -l)" -ge 20 ] ||
				    [ -s answers ]; do
					sleep 0.1
				done
				touch "$sinks/go"
			} &
			python3 "$(atf_get_srcdir)/post.py" flight 40 $file away@example.test \
			    user@example.test -- local-deliver $sink >answers 2>log ||
				atf_fail "$(cat log)"
			atf_check -o file:expected sed 's/forwarded.*/forwarded/' answers
		done
	done
}

# Else a connection has an end: after some hundred jobs it gets none any more.
atf_test_case jobs_leave_no_descriptors_behind
jobs_leave_no_descriptors_behind_body()
{
	home
	for service in no yes; do
		[ $service = no ] || stand_in
		seq 600 | sed 's/.*/K2.0.0 delivered to user@example.test/' >expected
		python3 "$(atf_get_srcdir)/post.py" flight 600 message user@example.test -- \
		    sh -c 'ulimit -n 256 && exec local-deliver' >answers 2>log || atf_fail "$(cat log)"
		atf_check -o file:expected cat answers
		for sink in unix:run/queue.sock "$sinks/sink"; do
			[ $service = yes ] || sink=$sinks/sink
			python3 "$(atf_get_srcdir)/post.py" flight 100 message away@example.test -- \
			    sh -c "ulimit -n 150 && exec local-deliver $sink" >answers 2>log ||
				atf_fail "$(cat log)"
			atf_check -o inline:'100\n' grep -c '^K2.0.0 forwarded' answers
		done
	done
}

atf_test_case few_descriptors_are_enough
few_descriptors_are_enough_body()
{
	home
	for i in $(seq 100); do
		echo "box$i@example.test:$uid:$gid:"
	done >>home/users/mailboxes
	mail-compile || atf_fail 'no users.cdb'
	atf_check -o save:answers ./deliver message $(seq -f 'box%g@example.test' 100) -- \
	    sh -c 'ulimit -n 60 && exec local-deliver'
	atf_check -o inline:'100\n' grep -c ^K answers
	# with more, more than a hundred at a time
	seq -f 'other%g@example.test' 300 >others
	sed "s/$/:$uid:$gid:/" others >>home/users/mailboxes
	mail-compile || atf_fail 'no users.cdb'
	atf_check -o save:answers ./deliver message $(cat others) -- \
	    sh -c 'ulimit -n 2048 && exec local-deliver'
	atf_check -o inline:'300\n' grep -c ^K answers
}

atf_test_case jobs_in_flight_share_a_quota
jobs_in_flight_share_a_quota_body()
{
	home
	head -c 100 /dev/zero | tr '\0' x >m
	python3 "$(atf_get_srcdir)/post.py" flight 20 m small@example.test -- \
	    local-deliver false >answers 2>log || atf_fail "$(cat log)"
	one=$(cat home/mail/example.test/small/Maildir/new/* | wc -c)
	one=$((one / $(./count home/mail/example.test/small)))
	# as many as when one comes after the other: one may cross it by a tenth
	fit=$(((1100 - 1) / one))
	atf_check -o inline:"$fit\n" grep -c '^K' answers
	atf_check -o inline:"$fit\n" ./count home/mail/example.test/small
	atf_check -o inline:"$((20 - fit))\n" grep -c '^Z4.2.2 mailbox small@example.test is full$' answers
	is_empty home/mail/example.test/small/Maildir/tmp
}

atf_test_case copies_that_come_together_are_one
copies_that_come_together_are_one_body()
{
	home
	for service in no yes; do
		[ $service = no ] || stand_in
		rm -rf home/mail/*
		# all of them forms of one message, of which each alias makes one of another size
		python3 "$(atf_get_srcdir)/post.py" flight 20 -p origin=$ID message user@example.test \
		    user+x@example.test alias@example.test -- local-deliver false >answers 2>log ||
			atf_fail "$(cat log)"
		atf_check -o inline:'20\n' grep -c '^K2.0.0 delivered to user@' answers
		atf_check -o inline:'1\n' ./count $BOX
		is_empty $BOX/Maildir/tmp
	done
}

atf_test_case a_client_that_goes_leaves_nothing_half_done
a_client_that_goes_leaves_nothing_half_done_body()
{
	home
	# so that there are some that are not answered yet when it hears of the first
	stand_in slow
	atf_check -s exit:111 -o empty -e match:'unable to answer' \
	    python3 "$(atf_get_srcdir)/post.py" leave 300 message user@example.test -- local-deliver false
	is_empty $BOX/Maildir/tmp
	atf_check -o inline:"$(./count $BOX)\n" grep -c . records
}

atf_test_case a_sync_that_takes_long_is_not_waited_for
a_sync_that_takes_long_is_not_waited_for_head()
{
	atf_set require.progs strace
}
a_sync_that_takes_long_is_not_waited_for_body()
{
	home
	strace -o /dev/null true || atf_skip 'strace is not able to trace here'
	stand_in
	atf_check -o match:^K ./deliver -i 0ehyf3k2q1bbcdefghijklmn message user@example.test
	begun=$(date +%s)
	atf_check -o match:^K ./deliver -x 'date +%s >answered' message user@example.test small@example.test -- \
	    strace -f -e trace=syncfs,utimensat,fsync -e inject=syncfs,utimensat:delay_enter=20000000 -o calls \
	    local-deliver "$sinks/sink"
	[ $(($(cat answered) - begun)) -lt 20 ] || atf_skip 'the machine is too slow to tell'
	atf_check -o match:'fsync\(' cat calls
	atf_check -o inline:'2\n' ./count $BOX
	is_empty $BOX/Maildir/tmp
}

atf_test_case an_old_record_is_no_proof
an_old_record_is_no_proof_body()
{
	home
	stand_in
	# what has lain in tmp for two days may have been tidied away
	atf_check -o match:^K ./deliver message user@example.test
	mv $BOX/Maildir/new/* $BOX/Maildir/cur
	atf_check -o match:^K ./deliver -p again=1 message user@example.test
	atf_check -o inline:'1\n' ./count $BOX
	rm $BOX/Maildir/cur/*
	atf_check -o match:^K ./deliver -p again=1 message user@example.test
	atf_check -o inline:'1\n' ./count $BOX
}

atf_test_case takes_jobs_from_a_file_or_a_pipe
takes_jobs_from_a_file_or_a_pipe_body()
{
	home
	netstring()
	{
		printf '%d:' "$(wc -c <"$1")"
		cat "$1"
		printf ,
	}
	for i in 1 2 3; do
		printf 'Fme@example.org\0Pid=0ehyf3k2q1%ddefghijklmnop\0Tuser@example.test\0\0' $i >envelope
		netstring envelope
		netstring message
	done >jobs
	printf '37:K2.0.0 delivered to user@example.test,%.0s' 1 2 3 >expected
	atf_check -o file:expected -e match:event=delivered local-deliver <jobs
	atf_check -o inline:'3\n' ./count $BOX
	atf_check -o file:expected -e match:event=delivered -x 'cat jobs | local-deliver | cat'
	rm -r $BOX
	# byte by byte
	atf_check -o file:expected -e match:event=delivered -x 'dd if=jobs bs=1 status=none | local-deliver'
	head -c 150 jobs >cut
	atf_check -s exit:111 -o inline:'37:K2.0.0 delivered to user@example.test,' \
	    -e match:'unable to read a job: Protocol error' local-deliver <cut
}

atf_test_case a_full_mailbox_defers
a_full_mailbox_defers_body()
{
	home
	head -c 500 /dev/zero | tr '\0' x >m
	atf_check -o match:^K ./deliver m small@example.test
	small=home/mail/example.test/small/Maildir
	atf_check -o inline:'Z4.2.2 mailbox small@example.test is full\n' \
	    ./deliver -i 0ehyf3k2q1bbcdefghijklmn m small@example.test
	is_empty $small/tmp
	atf_check -o inline:'1\n' ./count ${small%/Maildir}
	# removed behind our back, it has room again
	rm $small/new/*
	atf_check -o match:^K ./deliver -i 0ehyf3k2q1bbcdefghijklmn m small@example.test
}

atf_test_case a_message_may_cross_the_quota_by_a_tenth
a_message_may_cross_the_quota_by_a_tenth_body()
{
	home
	head -c 435 /dev/zero | tr '\0' x >m
	atf_check -o match:^K ./deliver -i 0ehyf3k2q11bcdefghijklmn m small@example.test
	used=$(cat home/mail/example.test/small/Maildir/new/* | wc -c)
	head -c $((1100 - used - (used - 436) )) /dev/zero | tr '\0' x >m
	echo >>m
	atf_check -o match:^Z4.2.2 ./deliver -i 0ehyf3k2q12bcdefghijklmn m small@example.test
	tail -c +2 m >n
	atf_check -o match:^K ./deliver -i 0ehyf3k2q13bcdefghijklmn n small@example.test
	# then it is full even for the smallest
	atf_check -o match:^Z4.2.2 ./deliver -i 0ehyf3k2q14bcdefghijklmn message small@example.test
}

atf_test_case larger_than_the_quota_fails
larger_than_the_quota_fails_body()
{
	home
	head -c 100000 /dev/zero | tr '\0' x >m
	atf_check -o inline:'D5.2.2 the message is larger than mailbox small@example.test may become\n' \
	    ./deliver m small@example.test
	is_empty home/mail/example.test/small/Maildir/new
	is_empty home/mail/example.test/small/Maildir/tmp
	echo 5000 >home/control/quota
	atf_check -o match:'^D5.2.2' -o match:'^K' ./deliver m user@example.test endless@example.test
	echo much >home/control/quota
	atf_check -o inline:'Z4.3.0 unable to read control/quota: Invalid argument\n' \
	    ./deliver m user@example.test
}

atf_test_case keeps_the_quota_file
keeps_the_quota_file_body()
{
	home
	for n in 1 2 3; do
		atf_check -o match:^K ./deliver -i 0ehyf3k2q1${n}bcdefghijklmn message user@example.test
	done
	bytes=$(cat $BOX/Maildir/new/* | wc -c)
	atf_check -o inline:"52428800\n" sed -n '1s/S$//p' $BOX/Maildir/maildirsize
	atf_check -o inline:"$bytes 3\n" awk 'NR > 1 { b += $1; n += $2 } END { print b, n }' \
	    $BOX/Maildir/maildirsize
	atf_check -o match:^K ./deliver message endless@example.test
	[ ! -e home/mail/example.test/endless/Maildir/maildirsize ] || atf_fail 'no quota, but its file'
}

atf_test_case says_why_the_messages_could_not_be_counted
says_why_the_messages_could_not_be_counted_body()
{
	home
	atf_check -o match:^K ./deliver message user@example.test
	rm $BOX/Maildir/maildirsize
	chmod 0 $BOX/Maildir/cur
	atf_check -o inline:'Z4.3.0 unable to count the messages of mailbox user@example.test: Permission denied\n' \
	    ./deliver -i 0ehyf3k2q1bbcdefghijklmn message user@example.test
	chmod 700 $BOX/Maildir/cur
}

atf_test_case foreign_things_in_the_maildir_do_no_harm
foreign_things_in_the_maildir_do_no_harm_body()
{
	home
	atf_check -o match:^K ./deliver message user@example.test
	rm $BOX/Maildir/maildirsize
	mkfifo $BOX/Maildir/maildirsize $BOX/Maildir/cur/fifo
	mkdir $BOX/Maildir/new/folder $BOX/Maildir/.Sub
	ln -s /nonexistent $BOX/Maildir/cur/link
	touch $BOX/Maildir/dovecot.index "$BOX/Maildir/cur/1.x:2,S" $BOX/Maildir/.Sub/maildirfolder
	atf_check -o match:^K ./deliver -i 0ehyf3k2q1bbcdefghijklmn message user@example.test
	# and the name taken by what is no message is no delivery
	name=$(ls $BOX/Maildir/new | grep -F $ID)
	rm "$BOX/Maildir/new/$name"
	mkdir "$BOX/Maildir/new/$name"
	atf_check -o match:'^Z4.3.0 unable to keep the message in mailbox' \
	    ./deliver message user@example.test
}

atf_test_case a_limit_on_file_sizes_leaves_nothing
a_limit_on_file_sizes_leaves_nothing_body()
{
	home
	head -c 100000 /dev/zero | tr '\0' x >m
	(
		ulimit -f 64
		./deliver m user@example.test >answer
	)
	atf_check -o inline:'Z4.3.1 unable to write the message to mailbox user@example.test: File too large\n' \
	    cat answer
	is_empty $BOX/Maildir/new
	is_empty $BOX/Maildir/tmp
	atf_check -o match:^K ./deliver m user@example.test
}

atf_test_case a_full_disk_leaves_nothing cleanup
a_full_disk_leaves_nothing_head()
{
	atf_set require.user root
}
a_full_disk_leaves_nothing_body()
{
	home
	mount -t tmpfs -o size=256k tmpfs home/mail || atf_skip 'unable to mount a tmpfs'
	touch mounted
	head -c 300000 /dev/zero | tr '\0' x >m
	atf_check -o inline:'Z4.3.1 unable to write the message to mailbox user@example.test: No space left on device\n' \
	    ./deliver m user@example.test
	is_empty $BOX/Maildir/new
	is_empty $BOX/Maildir/tmp
	atf_check -o match:^K ./deliver message user@example.test
	dd if=/dev/zero of=home/mail/full bs=4k 2>/dev/null
	atf_check -o match:^Z4.3.1 ./deliver -i 0ehyf3k2q1bbcdefghijklmn message user@example.test
	atf_check -o inline:'1\n' ./count $BOX
	is_empty $BOX/Maildir/tmp
}
a_full_disk_leaves_nothing_cleanup()
{
	[ ! -e mounted ] || umount home/mail
}

atf_test_case works_as_the_owner_of_each_mailbox
works_as_the_owner_of_each_mailbox_head()
{
	atf_set require.user root
}
works_as_the_owner_of_each_mailbox_body()
{
	home
	echo 'other@example.test:65533:65532:' >>home/users/mailboxes
	atf_check -e ignore mail-compile
	atf_check -o match:'^K.*user@' -o match:'^K.*other@' -o match:'^K.*small@' \
	    ./deliver message user@example.test other@example.test small@example.test
	atf_check -o inline:'65534 65534\n' stat -c '%u %g' $BOX/Maildir/new/*
	atf_check -o inline:'65533 65532\n' stat -c '%u %g' home/mail/example.test/other/Maildir/new/*
	atf_check -o inline:'65533 65532\n' stat -c '%u %g' home/mail/example.test/other/Maildir/maildirsize
	# what belongs to another is not written, by root or not
	chown -R 65533:65533 $BOX
	atf_check -o inline:'Z4.3.0 unable to enter mailbox user@example.test: Permission denied\n' \
	    ./deliver message user@example.test
}

atf_test_case hands_over_what_a_crash_left_to_root
hands_over_what_a_crash_left_to_root_head()
{
	atf_set require.user root
}
hands_over_what_a_crash_left_to_root_body()
{
	home
	mkdir -p $BOX
	chmod 700 $BOX
	atf_check -o match:^K ./deliver message user@example.test
	atf_check -o inline:'65534\n' stat -c %u $BOX
}

atf_test_case follows_no_link_that_a_user_has_made
follows_no_link_that_a_user_has_made_head()
{
	atf_set require.user root
}
follows_no_link_that_a_user_has_made_body()
{
	home
	chmod 755 .
	mkdir -m 700 secret
	mkdir -m 700 secret/tmp secret/new secret/cur
	atf_check -o match:^K ./deliver message user@example.test
	for folder in new tmp; do
		mv $BOX/Maildir/$folder $BOX/Maildir/away
		ln -s "$PWD/secret/$folder" $BOX/Maildir/$folder
		atf_check -o match:'^Z4.3.0 .*Permission denied' \
		    ./deliver -i 0ehyf3k2q1bbcdefghijklmn message user@example.test
		rm $BOX/Maildir/$folder
		mv $BOX/Maildir/away $BOX/Maildir/$folder
	done
	mv $BOX/Maildir $BOX/away
	ln -s "$PWD/secret" $BOX/Maildir
	atf_check -o match:'^Z4.3.0 .*Permission denied' ./deliver message user@example.test
	# a link to nothing is not filled with folders
	rm $BOX/Maildir
	ln -s "$PWD/nothing" $BOX/Maildir
	atf_check -o match:^Z4.3.0 ./deliver message user@example.test
	[ ! -e nothing ] || atf_fail 'a folder was made behind a link'
	rm $BOX/Maildir
	rm -r $BOX
	ln -s "$PWD/secret" $BOX
	atf_check -o match:'^Z4.3.0 unable to enter mailbox' ./deliver message user@example.test
	atf_check -o inline:'0\n' sh -c 'find secret -type f | wc -l'
	atf_check -o inline:'0 700\n' stat -c '%u %a' secret
}

atf_test_case delivers_nothing_as_root
delivers_nothing_as_root_head()
{
	atf_set require.user root
}
delivers_nothing_as_root_body()
{
	home
	atf_check python3 "$(atf_get_srcdir)/post.py" cdb home/users/users.cdb \
	    dexample.test= muser@example.test=0:0: malias@example.test=65534:0:
	atf_check -o inline:'Z4.3.5 mailbox user@example.test belongs to root, as whom nothing is delivered\n' \
	    ./deliver message user@example.test
	is_empty home/mail
}

atf_test_case forwards_as_the_owner_of_the_queue
forwards_as_the_owner_of_the_queue_head()
{
	atf_set require.user root
}
forwards_as_the_owner_of_the_queue_body()
{
	home
	cat >"$sinks/sink" <<-'END'
		#!/bin/sh
		cat >/dev/null
		printf "D$(echo $(grep -E '^([UG]id|Groups):' /proc/self/status))" >&4
		exit 31
	END
	# it is told who that is: what stands in the queue may be a link to what is root's
	rmdir home/queue/new
	ln -s / home/queue/new
	atf_check -o match:'Uid: 65533 65533 65533 65533 Gid: 65532 65532 65532 65532 Groups:$' \
	    ./deliver message away@example.test
	# and we are root again
	atf_check -o match:^D5.3.0 -o match:^K ./deliver message away@example.test user@example.test
	for ids in ' 65532' '65533 ' '0 65532' '65533 0' 'x 65532' '4294967296 65532'; do
		QUEUE_UID=${ids% *} QUEUE_GID=${ids#* }
		atf_check -o match:'^Z4.3.5 unable to forward: the service has no QUEUE_UID and QUEUE_GID' \
		    ./deliver message away@example.test
	done
	unset QUEUE_UID QUEUE_GID
	atf_check -o match:'^Z4.3.5 unable to forward: the service has no QUEUE_UID' \
	    ./deliver message away@example.test
}

atf_test_case makes_mailboxes_only_in_folders_of_root
makes_mailboxes_only_in_folders_of_root_head()
{
	atf_set require.user root
}
makes_mailboxes_only_in_folders_of_root_body()
{
	home
	mkdir home/mail/example.test
	for folder in home/mail/example.test home/mail; do
		chown 65533 $folder
		atf_check -o inline:'Z4.3.0 unable to make the folders of mailbox user@example.test: Operation not permitted\n' \
		    ./deliver message user@example.test
		chown 0 $folder
		chmod 777 $folder
		atf_check -o match:'^Z4.3.0 unable to make the folders of' ./deliver message user@example.test
		chmod 711 $folder
	done
	[ ! -e $BOX ] || atf_fail 'it was made'
	atf_check -o match:^K ./deliver message user@example.test
	# one that is there needs nothing of root
	chown 65533 home/mail
	atf_check -o match:^K ./deliver -i 0ehyf3k2q1bbcdefghijklmn message user@example.test
}

atf_test_case without_root_only_our_own_mailboxes
without_root_only_our_own_mailboxes_head()
{
	atf_set require.user unprivileged
}
without_root_only_our_own_mailboxes_body()
{
	home
	echo "other@example.test:$((uid + 1)):$gid:" >>home/users/mailboxes
	atf_check -e ignore mail-compile
	atf_check -o inline:'Z4.3.5 mailbox other@example.test belongs to another user than us\n' \
	    ./deliver message other@example.test
	[ ! -e home/mail/example.test ] || atf_fail 'folders were made'
}

atf_test_case a_damaged_or_missing_cdb_defers
a_damaged_or_missing_cdb_defers_body()
{
	home
	head -c 3000 /dev/urandom >damaged
	mv damaged home/users/users.cdb
	atf_check -o match:^Z4.3 ./deliver message user@example.test
	echo short >home/users/users.cdb
	atf_check -o match:'^Z4.3.0 unable to read users/users.cdb' ./deliver message user@example.test
	rm home/users/users.cdb
	atf_check -o inline:'Z4.3.0 unable to read users/users.cdb: No such file or directory\n' \
	    ./deliver message user@example.test
}

atf_test_case sees_new_users_on_an_old_connection
sees_new_users_on_an_old_connection_body()
{
	home
	cat >late <<-END
		#!/bin/sh
		grep -q late home/users/mailboxes && exit
		echo late@example.test:$uid:$gid: >>home/users/mailboxes
		mail-compile
	END
	chmod +x late
	atf_check -o inline:'D5.1.1 no mailbox or alias late@example.test\nK2.0.0 delivered to late@example.test\n' \
	    ./deliver -r 2 -x ./late \
	    message late@example.test
}

atf_test_case a_malformed_job_ends_the_connection
a_malformed_job_ends_the_connection_body()
{
	home
	for job in nonsense '3:abc,' '0:,' '10:Fa@b' '99999999999:x'; do
		printf '%s' "$job" >job
		atf_check -s exit:111 -e match:'local-deliver: unable to read a job: Protocol error' \
		    python3 "$(atf_get_srcdir)/post.py" raw -- local-deliver <job
	done
	is_empty home/mail
}

atf_test_case needs_a_home_and_a_name
needs_a_home_and_a_name_body()
{
	home
	rm home/control/me
	atf_check -s exit:111 -e match:'control/me is missing or empty' local-deliver </dev/null
	FACTEUR_HOME=$PWD/nowhere
	atf_check -s exit:111 -e match:'unable to enter .*nowhere' local-deliver </dev/null
	atf_check -s exit:111 -e match:'usage: local-deliver' local-deliver -x </dev/null
}

atf_test_case long_local_parts_have_mailboxes_and_aliases
long_local_parts_have_mailboxes_and_aliases_body()
{
	home
	long=bounce-$(printf %0220d 0)
	echo "$long@example.test:$uid:$gid:1000" >>home/users/mailboxes
	echo "to-$long@example.test: $long@example.test" >>home/users/aliases
	echo "on-$long@example.test: on-$long@else.test, user@example.test" >>home/users/aliases
	atf_check -e ignore mail-compile
	head -c 400 /dev/zero | tr '\0' x >m
	atf_check -o inline:"K2.0.0 delivered to $long@example.test\n" ./deliver m "to-$long+x@example.test"
	atf_check -o inline:'1\n' ./count "home/mail/example.test/$long"
	atf_check -o match:'^K.*forwarded' ./deliver message "on-$long@example.test"
	atf_check -o match:"^Ton-$long@else.test\$" sh -c 'tr "\0" "\n" <sunk.envelope'
	# and quotas, of which that alone takes more than is left
	atf_check -o inline:"Z4.2.2 mailbox $long@example.test is full\n" ./deliver -i 0ehyf3k2q1bbcdefghijklmn \
	    sunk.message "$long@example.test"
}

atf_test_case a_strange_host_name_stays_one_file_name
a_strange_host_name_stays_one_file_name_body()
{
	home
	printf 'a/b:c,d%0200d\n' 0 >home/control/me
	atf_check -o match:^K ./deliver message user@example.test
	atf_check -o match:'\.a\\057b\\072c\\054d0+,S=[0-9]+,W=[0-9]+$' ls $BOX/Maildir/new
}

atf_init_test_cases()
{
	for name in $(sed -n 's/^atf_test_case \([a-z_]*\).*/\1/p' "$(atf_get_srcdir)/local-deliver_test"); do
		atf_add_test_case "$name"
	done
	for reader in pop3 move none; do
		atf_add_test_case killed_anywhere_a_reader_gets_it_once_$reader
	done
}
