#! /usr/bin/env atf-sh
PATH=$(atf_get_srcdir)/../../bin:$PATH

one=0hofd66za866457q3pgjrvin
two=0hofd66za8664580000000ab
three=0hofd66za8664580000000cd

# A home with the logs of a message (one) that was forwarded (two), and that bounced (three)
home()
{
	FACTEUR_HOME=$PWD/home
	export FACTEUR_HOME
	TZ=UTC
	export TZ
	mkdir -p home/control home/users home/log/smtp home/log/queue home/log/deliver \
	    home/queue/new home/queue/hold home/queue/bad home/queue/later
	echo example.test >home/control/domains
	echo example.test >home/control/defaultdomain
	echo mx.example.test >home/control/me
	cat >home/log/smtp/@400000006b0417a000000000.s <<-EOF
		@400000006b0416ff00000001 at=smtp-recv event=disconnect client=192.0.2.1 accepted=0 reason=quit ms=3
		@400000006b0416ff00000002 id=$one at=queue-inject event=queued bytes=381 rcpts=2
		@400000006b0416ff00000002 id=$one at=origin-check event=origin from=far.test spf=none dkim=fail:far.test dmarc=fail policy=quarantine disposition=quarantine
		@400000006b0416ff00000003 id=$one at=smtp-recv event=accepted from=eve@far.test rcpts=2 bytes=241 ms=12 client=192.0.2.1 helo=far.test rcpt=info@example.test
	EOF
	cat >home/log/deliver/current <<-EOF
		@400000006b0416ff00000005 id=$one at=local-deliver event=forwarded rcpt=info@example.test new=$two
		@400000006b0416ff00000006 id=$two at=local-deliver event=delivered rcpt=bob@example.test mailbox=bob@example.test bytes=442
	EOF
	cat >home/log/queue/current <<-EOF
		@400000006b0416ff00000004 id=$one at=queue-run event=start from=eve@far.test rcpts=2 bytes=381 tries=0
		@400000006b0416ff00000008 id=$one at=queue-run event=delivery rcpt=x@far.test result=D status=5.1.1 text="mx.far.test[192.0.2.7] said: 550 5.1.1 \"x\" bounce=$two unknown" via=remote
		@400000006b0416ff00000009 id=$one at=queue-run event=bounced bounce=$three rcpts=1
		@400000006b0416ff0000000a id=$one at=queue-run event=done
		@400000006b0416ff0000000b id=$three at=queue-run event=deferred next=1795500000 tries=3
	EOF
}

atf_test_case shows_the_path_in_order_of_time
shows_the_path_in_order_of_time_body()
{
	home
	atf_check -o save:path mail-path $one
	sed -n '1,/out of the queue/s/^  \([^ ]*\) \([^ ]*\)  \([^ ]*\) .*/\3/p' path >programs
	printf '%s\n' origin-check queue-inject smtp-recv queue-run local-deliver queue-run queue-run queue-run \
	    >expected
	atf_check -o file:expected cat programs
	atf_check -o ignore grep '^  2026-11-23 10:35:06.000  queue-inject    put into the queue, 381 bytes for 2 recipients$' path
	atf_check -o ignore grep 'from far.test, DMARC: fail, SPF: none, DKIM: fail:far.test, so that the policy is to quarantine$' path
	atf_check -o ignore grep 'accepted from <eve@far.test> for 2 recipients, 241 bytes in 12 ms, client 192.0.2.1$' path
	atf_check -o ignore grep 'x@far.test has failed, remote: 5.1.1 mx.far.test.192.0.2.7. said: 550 5.1.1 "x" bounce' path
}

atf_test_case tells_what_protected_it_on_its_way
tells_what_protected_it_on_its_way_body()
{
	home
	cat >>home/log/queue/current <<-EOF
		@400000006b0416ff0000000c id=$two at=mx-send event=cleartext host=mx.far.test[192.0.2.7] result=handshake-failure text="mx.far.test[192.0.2.7]: no TLS: handshake-failure: not TLS"
		@400000006b0416ff0000000d id=$two at=mx-send event=sent rcpt=x@far.test status=2.0.0 host=mx.far.test[192.0.2.7] reply="250 2.0.0 ok" tls=none
		@400000006b0416ff0000000e id=$two at=mx-send event=sent rcpt=y@far.test status=2.0.0 host=mx.far.test[192.0.2.8] reply="250 2.0.0 ok" tls="TLSv1.3 TLS_AES_256_GCM_SHA384 x25519 verified=pkix"
	EOF
	atf_check -o save:path mail-path $two
	atf_check -o ignore grep 'goes to mx.far.test.192.0.2.7. in clear text: .*handshake-failure: not TLS$' path
	atf_check -o ignore grep 'x@far.test is taken by .*250 2.0.0 ok, in clear text$' path
	atf_check -o ignore grep 'y@far.test is taken by .*, under TLSv1.3 TLS_AES_256_GCM_SHA384 x25519 verified=pkix$' path
}

atf_test_case shows_nothing_that_a_terminal_obeys
shows_nothing_that_a_terminal_obeys_body()
{
	home
	printf '@400000006b0416ff0000000b id=%s at=queue-run event=delivery rcpt=p\303\250re\302\233\342\200\256\233@far.test result=D via=remote text=\033[31m\344\n' \
	    $one >>home/log/queue/current
	atf_check -o save:path mail-path $one
	printf '%s\n' 'père???@far.test has failed, remote: ?[31m?' >expected
	atf_check -o file:expected sed -n 's/.*queue-run *\(p.*\)/\1/p' path
	atf_check -o match:'x@far.test has failed, remote: 5.1.1' cat path
}

atf_test_case follows_what_came_of_it
follows_what_came_of_it_body()
{
	home
	atf_check -o save:path mail-path $one
	atf_check -o inline:"message $one\nmessage $two, which came of $one\nmessage $three, which came of $one\n" \
	    grep ^message path
	atf_check -o match:"message $two, which came of $one" mail-path $two
}

atf_test_case shows_where_it_stands_in_the_queue
shows_where_it_stands_in_the_queue_body()
{
	home
	mkdir home/queue/later/1795500032
	: >home/queue/later/1795500032/$three
	atf_check -o match:'waits until 2026-11-24 06:00:00, attempts so far: 3' \
	    -o match:'now in queue/later/1795500032, due 2026-11-24 06:00:32' mail-path $three
	: >home/queue/hold/0hofd66za8664580000000ef
	atf_check -o match:'now in queue/hold' mail-path 0hofd66za8664580000000ef
}

atf_test_case takes_the_file_of_a_maildir
takes_the_file_of_a_maildir_body()
{
	home
	atf_check -o match:"^message $two" \
	    mail-path "mail/x/Maildir/cur/1795430036.${two}rb28a7a0a.mx.example.test,S=442,W=457:2,S"
}

atf_test_case finds_messages_by_address
finds_messages_by_address_body()
{
	home
	atf_check -o match:"^message $one\$" mail-path -r eve@far.test
	atf_check -o match:"^message $two" mail-path -r bob@example.test
	atf_check -s exit:100 -e match:'no such message' mail-path -r ob@example.test
}

atf_test_case finds_addresses_of_any_kind_once
finds_addresses_of_any_kind_once_body()
{
	home
	four=0hofd66za8664580000000ef
	echo "@400000006b0416ff00000010 id=$four at=queue-run event=delivery rcpt=a+b=c@Far.test result=K via=remote" >>home/log/queue/current
	atf_check -o match:"^message $four\$" mail-path -r A+B=c@far.test
	atf_check -s exit:100 -e match:'no such message' mail-path -r 'a.b=c@far.test'
	echo "@400000006b0416ff00000011 id=$two at=queue-run event=start from=eve@far.test rcpts=1 bytes=1 tries=0" >>home/log/queue/current
	atf_check -o save:out mail-path -r eve@far.test
	atf_check -o inline:'1\n' grep -c "^message $two" out
}

# A second and a third accepted message, and their outcomes
correspondence()
{
	four=0hofd66za8664580000000ef
	five=0hofd66za8664580000000gh
	cat >>home/log/smtp/current <<-EOF
		@400000006b0426ff00000001 id=$four at=smtp-recv event=accepted from=bob@example.test rcpts=1 bytes=9 client=2001:db8::7 helo=x user=bob@example.test msgid="<a\\"b=c@Example.test>"
		@400000006b0436ff00000001 id=$five at=smtp-recv event=accepted from=bob@example.test rcpts=1 bytes=9 client=192.0.2.11 helo=x user=bob@example.test msgid=<2@example.test>
	EOF
	cat >>home/log/queue/current <<-EOF
		@400000006b0426ff00000002 id=$four at=queue-run event=delivery rcpt=a+b@sub.far.test result=K status=2.0.0 text="said: 250 from=eve@far.test client=192.0.2.1 ok" via=remote
		@400000006b0446ff00000002 id=$five at=queue-run event=delivery rcpt="\\"c d\\"@near.test" result=K status=2.0.0 text=ok via=remote
		@400000006b0446ff00000003 id=$five at=pop3-serve event=retrieved user=eve@example.test client=192.0.2.99
	EOF
}

# finds OPTION... IDS: it shows these messages, each once, in this order
finds()
{
	atf_check -o save:found mail-path "$@"
	printf '%s\n' $ids >expected
	atf_check -o file:expected sed -n 's/^message \([0-9a-z]*\).*/\1/p' found
}

atf_test_case finds_messages_by_what_the_log_says
finds_messages_by_what_the_log_says_body()
{
	home
	correspondence
	ids=$four finds -m '<A"b=c@example.test>'
	ids=$four finds -m 'a"b=c@example.test'
	ids="$four $five" finds -u BOB@example.test
	ids="$one $two $three" finds -c 192.0.2.1
	ids=$four finds -c 2001:DB8::7
	ids="$one $two $three" finds -d Far.test
	ids=$five finds -d near.test
	ids="$one $two $three" finds -r eve@far.test
	ids=$five finds -r '"c d"@near.test'
	ids=$four finds -u bob@example.test -r a+b@sub.far.test
	for wrong in '-u eve@example.test' '-c 192.0.2' '-c 192.0.2.99' '-d ar.test' '-m 2@example' \
	    '-c 192.0.2.11 -d far.test'; do
		atf_check -s exit:100 -e match:'no such message' mail-path $wrong
	done
	for wrong in '-n -r a@b' '-r a@b -n' '-r a@b c' '-r' '-x'; do
		atf_check -s exit:111 -e match:usage mail-path $wrong
	done
}

atf_test_case finds_messages_by_date
finds_messages_by_date_body()
{
	home
	correspondence
	# 400000006b0426ff is 11:43:19, 400000006b0436ff is 12:51:35; the last line is of 13:59:51
	start=$(mail-path $four | sed -n 's/^  \([^ ]* [^ .]*\).*/\1/p' | head -n 1)
	ids="$four $five" finds -f "$start"
	ids=$four finds -f "$start" -t "$start 1 second"
	ids="$one $two $three" finds -t "$start"
	ids=$five finds -f "$start 1 hour" -u bob@example.test
	ids="$one $two $three $four $five" finds -f 2026-11-23 -t 2026-11-24
	atf_check -s exit:100 -e match:'no such message' mail-path -f 2026-11-24
	atf_check -s exit:100 -e match:'no such message' mail-path -f "$start" -r eve@far.test
	atf_check -s exit:100 -e inline:'mail-path: yesteryear: not a date\n' mail-path -t yesteryear
}

atf_test_case is_not_sure_when_it_may_not_read
is_not_sure_when_it_may_not_read_body()
{
	home
	. "$(atf_get_srcdir)"/../admin/setup.sh
	chmod 755 . home
	mkdir -m 1777 tmp
	TMPDIR=$PWD/tmp
	export TMPDIR
	for hidden in home/log/deliver/current home/log/deliver home/log; do
		chmod 000 $hidden
		atf_check -s exit:111 -e match:'unable to read all of' $user "$(command -v mail-path)" -r eve@far.test
		atf_check -s exit:111 -o ignore -e match:'unable to read all of' \
		    $user "$(command -v mail-path)" $two
		chmod 755 $hidden
	done
	atf_check -o match:"^message $one" $user "$(command -v mail-path)" -r eve@far.test
	: >home/log/deliver/lock
	chmod 000 home/log/deliver/lock
	atf_check -o match:"^message $two" $user "$(command -v mail-path)" $two
}

atf_test_case says_when_there_is_no_such_message
says_when_there_is_no_such_message_body()
{
	home
	atf_check -s exit:100 -e match:'neither in .*/log nor in .*/queue' \
	    mail-path 0hofd66za8664580000000zz
	atf_check -s exit:100 -e match:'not the ID of a message' mail-path 'x; rm -rf .'
	atf_check -s exit:111 -e match:usage mail-path
	FACTEUR_HOME=$PWD/none atf_check -s exit:111 -e match:'is no home' mail-path $one
}

# Make the script foresee, which is mail-path -n with a DNS that knows some hosts.
make_foresee()
{
	[ -x /usr/sbin/dnsmasq ] || atf_skip "no dnsmasq-base"
	cat >with_dns <<-'EOF'
		echo "127.0.0.1:$DNS" >home/control/resolvers
		exec mail-path -n "$@"
	EOF
	cat >foresee <<-EOF
		exec "$(atf_get_srcdir)/../send/play.py" dns=--local=/test/ dns=--host-record=relay.test,192.0.2.1 \\
		    dns=--host-record=inner.test,192.0.2.2 dns=--host-record=smart.test,192.0.2.3 \\
		    dns=--mx-host=other.test,mx.other.test,10 dns=--host-record=mx.other.test,198.41.0.4 \\
		    dns=--host-record=mx.near.test,198.41.0.4 -- sh with_dns "\$@"
	EOF
}

atf_test_case foresees_the_way_of_an_address
foresees_the_way_of_an_address_body()
{
	home
	make_foresee
	echo 'bob@example.test:1:1:' >home/users/mailboxes
	printf '%s\n' 'info@example.test: bob@example.test, x@far.test' \
	    'loop@example.test: loop2@example.test' 'loop2@example.test: loop@example.test' \
	    >home/users/aliases
	printf '%s\n' '# comment' far.test:relay.test:26 .near.test:inner.test mx.near.test: \
	    'gone.test:fail 5.1.6 it has moved' >home/control/smtproutes
	atf_check -o inline:'bob@example.test: local-deliver, into the mailbox bob@example.test\n' \
	    mail-path -n Bob
	atf_check -o match:'into the mailbox bob@example.test' mail-path -n bob+x@example.test
	atf_check -o match:'by the alias info@example.test, to:' \
	    -o match:'  bob@example.test: local-deliver, into the mailbox' \
	    -o match:'  x@far.test: mx-send, to relay.test:26' \
	    -o match:'^    relay.test:26 .192.0.2.1.$' sh foresee info@example.test
	atf_check -s exit:100 -o match:'no such mailbox: 550 5.1.1' mail-path -n x@example.test
	atf_check -o match:'to inner.test$' sh foresee x@a.b.near.test
	atf_check -o match:'to the MX of mx.near.test$' sh foresee x@mx.near.test
	atf_check -o match:'to the MX of other.test$' -o match:'^  10 mx.other.test:25 .198.41.0.4.$' \
	    -o match:'^    TLS: may' sh foresee x@other.test
	atf_check -s exit:100 -o match:'x@gone.test: refused for good: 5.1.6 it has moved' sh foresee x@gone.test
	atf_check -s exit:100 -o match:'5.1.2 nowhere.test: no such domain' sh foresee x@nowhere.test
	atf_check -s exit:100 -o match:'a loop' mail-path -n loop@example.test
	echo :smart.test >>home/control/smtproutes
	atf_check -o match:'to smart.test$' sh foresee x@other.test
	echo :a:b:c >home/control/smtproutes
	atf_check -s exit:111 -o match:'not now: 4.3.5 control/smtproutes' sh foresee x@other.test
	rm home/control/smtproutes
	mkdir home/control/smtproutes
	atf_check -s exit:111 -e match:'unable to read control/smtproutes' mail-path -n x@other.test
}

atf_test_case foresees_all_targets_of_an_alias
foresees_all_targets_of_an_alias_body()
{
	home
	seq 12 | sed 's/.*/u&@example.test:1:1:/' >home/users/mailboxes
	{
		echo "sub@example.test: u1@example.test"
		echo "all@example.test: sub@example.test, $(seq 2 12 | sed 's/.*/u&@example.test/' | paste -sd,)"
		echo "u1@example.test: u1@example.test, x@[198.41.0.4]"
		echo "gap@example.test: gone@example.test, u2@example.test"
	} >home/users/aliases
	{
		echo 'all@example.test: local-deliver, by the alias all@example.test, to:'
		echo '  sub@example.test: local-deliver, by the alias sub@example.test, to:'
		echo '    u1@example.test: local-deliver, by the alias u1@example.test, to:'
		echo '      u1@example.test: local-deliver, into the mailbox u1@example.test'
		echo '      x@[198.41.0.4]: mx-send, to [198.41.0.4]'
		seq 2 12 | sed 's/.*/  u&@example.test: local-deliver, into the mailbox u&@example.test/'
	} >expected
	atf_check -o save:out mail-path -n all
	grep @ out >addresses
	atf_check -o file:expected cat addresses
	atf_check -s exit:100 -o match:'^  gone@example.test: there is no such' -o match:'^  u2@' \
	    mail-path -n gap
	rm home/users/mailboxes
	mkdir home/users/mailboxes
	atf_check -s exit:111 -e match:'unable to read' mail-path -n u2
}

atf_test_case foresees_both_forms_of_a_domain
foresees_both_forms_of_a_domain_body()
{
	home
	make_foresee
	printf '%s\n' 'bücher.test' xn--fiqs8s.test >>home/control/domains
	printf '%s\n' 'a@xn--bcher-kva.test:1:1:' 'b@bücher.test:1:1:' >home/users/mailboxes
	echo '@中国.test: b@xn--bcher-kva.test' >home/users/aliases
	echo 'müller.test:[192.0.2.2]' >home/control/smtproutes
	for address in a@bücher.test a@XN--BCHER-KVA.test b@xn--bcher-kva.test b@bücher.test c@中国.test \
	    c@xn--fiqs8s.test; do
		atf_check -o match:'into the mailbox' mail-path -n $address
	done
	atf_check -o match:'to .192.0.2.2.$' mail-path -n x@müller.test
	atf_check -o match:'to .192.0.2.2.$' mail-path -n x@xn--mller-kva.test
	atf_check -s exit:100 -o match:'to the MX of xn--a-.test$' sh foresee x@xn--a-.test
	atf_check -s exit:100 -o match:'no such mailbox' mail-path -n c@bücher.test
}

atf_test_case asks_the_policy_for_a_client
asks_the_policy_for_a_client_body()
{
	home
	: >home/users/mailboxes
	atf_check -e match:'warning: mail for postmaster' mail-compile
	atf_check -s exit:100 -o match:'smtp-recv refuses it from 192.0.2.1: 550 5.7.1' \
	    mail-path -n x@far.test 192.0.2.1
	echo 192.0.2.0/24 >home/control/relayclients
	atf_check -o match:'smtp-recv takes it from 192.0.2.1' -o match:'to .198.41.0.4.' \
	    mail-path -n 'x@[198.41.0.4]' 192.0.2.1
	# nobody answers whether there is such a mailbox
	atf_check -s exit:111 -e ignore -o match:'smtp-recv takes it from 192.0.2.1 later: 451' \
	    mail-path -n x@example.test 192.0.2.1
}

atf_init_test_cases()
{
	atf_add_test_case shows_the_path_in_order_of_time
	atf_add_test_case tells_what_protected_it_on_its_way
	atf_add_test_case shows_nothing_that_a_terminal_obeys
	atf_add_test_case follows_what_came_of_it
	atf_add_test_case shows_where_it_stands_in_the_queue
	atf_add_test_case takes_the_file_of_a_maildir
	atf_add_test_case finds_messages_by_address
	atf_add_test_case finds_addresses_of_any_kind_once
	atf_add_test_case finds_messages_by_what_the_log_says
	atf_add_test_case finds_messages_by_date
	atf_add_test_case is_not_sure_when_it_may_not_read
	atf_add_test_case says_when_there_is_no_such_message
	atf_add_test_case foresees_the_way_of_an_address
	atf_add_test_case foresees_all_targets_of_an_alias
	atf_add_test_case foresees_both_forms_of_a_domain
	atf_add_test_case asks_the_policy_for_a_client
}
