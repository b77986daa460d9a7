#! /usr/bin/env atf-sh
# Whole journeys over a running system, with clients and a world that are not ours.

system_source=$(atf_get_srcdir)
build=$(cd "$system_source/../.." && pwd)
. "$system_source/system.sh"
. "$system_source/journeys.sh"
needed='s6-svscan tcpserver swaks curl dnsmasq setpriv'

# begin: a system for example.test and second.test, with alice and bob.
begin()
{
	chmod 755 .
	export FACTEUR_HOME="$PWD/home" PATH="$bin:$PATH:/usr/sbin"
	system_make example.test second.test || atf_fail "mail-setup failed"
	mailbox alice@example.test wonderland || atf_fail "mail-user failed"
	mailbox bob@second.test builder || atf_fail "mail-user failed"
	world_start
}

# Whatever a journey was, all of it is accounted for, and the queue is sound.
end()
{
	system_admin queue-check 2>check.out || lost "not sound: $(cat check.out)"
	TMPDIR=$PWD/home system_admin queue-audit "$(date +%F)" >audit.out || lost "not proved: $(cat audit.out)"
	world_stop
	system_stop
}

has()
{
	[ "$(count "$1")" -ge "$2" ]
}

# A stranger writes to a local mailbox.
local_mail_reaches_the_maildir_journey()
{
	start
	dialogue=$(send 127.0.0.1 bob@second.test alice@example.test greetings) ||
	    { echo "$dialogue"; atf_fail refused; }
	await has alice@example.test 1 || atf_fail "it did not arrive"
	atf_check_equal 1 "$(count alice@example.test)"
	mail=$(cat "$(maildir alice@example.test)"/new/*)
	id=$(id_of "$dialogue")
	atf_check -o match:'^Return-Path: <bob@second.test>' printf '%s\n' "$mail"
	atf_check -o match:'^Delivered-To: alice@example.test' printf '%s\n' "$mail"
	atf_check -o match:"$id" printf '%s\n' "$mail"
	atf_check -o match:'^This is greetings' printf '%s\n' "$mail"
	atf_check -o match:'smtp-recv' -o match:'queue-run' \
	    -o match:'local-deliver' mail-path "$id"
}

# An authorised client writes to the world through its MX.
our_network_reaches_the_world_journey()
{
	start
	dialogue=$(send 127.0.0.2 alice@example.test someone@world.test "a postcard") ||
	    { echo "$dialogue"; atf_fail refused; }
	await test -s world/1 || lost "it did not arrive"
	atf_check -o match:'^X-From: alice@example.test' -o match:'^X-To: someone@world.test' \
	    -o match:'^This is a postcard' cat world/1
	atf_check -o match:'mx-send' mail-path "$(id_of "$dialogue")"
}

# A stranger is refused with relaying denied.
strangers_cannot_relay_journey()
{
	start
	for to in victim@world.test victim%world.test@example.test world.test!victim@example.test \
	    '@example.test:victim@world.test' '"victim@world.test"@example.test' 'victim@[127.0.0.1]'; do
		atf_check -s exit:24 -o match:'^<\*\* 5[0-9][0-9] 5\.' \
		    swaks --server 127.0.0.1 --port "$smtp" --from m@world.test --to "<$to>"
	done
	atf_check -s exit:24 -o match:'^<\*\* 550 5\.7\.1' \
	    swaks --server 127.0.0.1 --port "$smtp" --from m@world.test --to victim@world.test
	atf_check -s exit:24 -o match:'^<\*\* 550 5\.1\.1' \
	    swaks --server 127.0.0.1 --port "$smtp" --from m@world.test --to nobody@example.test
}

# What the world refuses is reported to the sender.
a_refusal_comes_back_as_a_bounce_journey()
{
	start
	send 127.0.0.2 alice@example.test refused@world.test lost >/dev/null || atf_fail refused
	await has alice@example.test 1 || lost "no bounce"
	atf_check -o match:'^Return-Path: <>' -o match:'message/delivery-status' \
	    -o match:'^Final-Recipient: rfc822; *refused@world.test' -o match:'^Action: failed' \
	    -o match:'^Status: 5.1.1' -o match:'No such user here' -o match:'^Subject: lost' \
	    cat "$(maildir alice@example.test)"/new/*
	# python's parser, which we did not write, sees the report as what it is
	atf_check -o inline:'multipart/report delivery-status 2 5.1.1\n' /usr/bin/python3 - \
	    "$(maildir alice@example.test)"/new/* <<-'EOF'
	import email, email.policy, sys
	m = email.message_from_binary_file(open(sys.argv[1], "rb"), policy=email.policy.default)
	status = [p for p in m.walk() if p.get_content_type() == "message/delivery-status"][0]
	groups = status.get_payload()
	print(m.get_content_type(), m.get_param("report-type"), len(groups), groups[1]["Status"])
	EOF
	atf_check -o empty find home/queue/new home/queue/later home/queue/bad -type f
}

# A temporary refusal defers, and the message arrives later.
a_busy_server_is_tried_again_journey()
{
	start
	send 127.0.0.2 alice@example.test busy@world.test patience >/dev/null || atf_fail refused
	await test -s world/1 || lost "it did not arrive"
	atf_check -o inline:'2\n' sh -c "cat home/log/queue/current | grep -c 'event=deferred'"
	atf_check_equal 0 "$(count alice@example.test)"
}

# SIGALRM to queue-run tries everything now.
alarm_makes_deferred_mail_due_journey()
{
	echo 3600 | as_user tee home/control/retry >/dev/null
	start
	send 127.0.0.2 alice@example.test busy@world.test patience >/dev/null || atf_fail refused
	deferrals()
	{
		[ "$(grep -c 'event=deferred' home/log/queue/current)" -ge "$1" ]
	}
	await deferrals 1 || lost "not deferred"
	atf_check -o match:'busy@world.test' queue-list
	atf_check s6-svc -a home/service/queue
	await deferrals 2 || lost "not tried again"
	atf_check s6-svc -a home/service/queue
	await test -s world/1 || lost "it did not arrive"
}

# A where there is no MX; null MX; nothing; a loop.
a_domain_without_mx_is_found_by_its_address_journey()
{
	start
	send 127.0.0.2 alice@example.test x@plain.test plain >/dev/null || atf_fail refused
	await test -s world/1 || lost "it did not arrive"
	for domain in null.test missing.test loop.test; do
		send 127.0.0.2 alice@example.test "x@$domain" "to $domain" >/dev/null ||
		    atf_fail refused
	done
	await has alice@example.test 3 || lost "no bounces"
	atf_check -o match:'^Status: 5\.1\.10' sh -c "cat $(maildir alice@example.test)/new/*"
	atf_check -o match:'^Status: 5\.4\.6' sh -c "cat $(maildir alice@example.test)/new/*"
}

# An alias with a local and a remote target; a catch-all.
aliases_lead_here_and_there_journey()
{
	system_admin mail-user alias team@example.test alice@example.test someone@world.test ||
	    atf_fail alias
	system_admin mail-user alias @second.test bob@second.test || atf_fail catch-all
	start
	send 127.0.0.1 x@world.test team@example.test "to the team" >/dev/null || atf_fail refused
	send 127.0.0.1 x@world.test whoever@second.test "to whoever" >/dev/null || atf_fail refused
	await has alice@example.test 1 || lost "not at alice's"
	await has bob@second.test 1 || lost "not at bob's"
	await test -s world/1 || lost "not in the world"
	atf_check -o match:'^X-To: someone@world.test' cat world/1
}

# Two aliases that point at each other.
alias_loops_end_journey()
{
	system_admin mail-user alias ping@example.test pong@example.test || atf_fail alias
	system_admin mail-user alias pong@example.test ping@example.test || atf_fail alias
	start
	send 127.0.0.1 bob@second.test ping@example.test loop >/dev/null || atf_fail refused
	await has bob@second.test 1 || lost "no bounce"
	atf_check -o match:'^Status: 5\.4\.6' cat "$(maildir bob@second.test)"/new/*
	atf_check -o empty find home/queue/new home/queue/later -type f
}

# 452 when full, 552 when it can never fit.
a_full_mailbox_refuses_at_rcpt_journey()
{
	start
	head -c 200 /dev/zero | tr '\0' a >body
	letter()
	{
		swaks --server 127.0.0.1 --port "$smtp" --from b@second.test --to alice@example.test \
		    --body body >out
	}
	full()
	{
		letter
		[ $? = 24 ]
	}
	for n in 1 2 3; do
		letter || atf_fail "letter $n was refused"
	done
	await_queue_empty || lost "not delivered"
	await has alice@example.test 3 || atf_fail "not arrived"
	usage=$(cat "$(maildir alice@example.test)"/new/* | wc -c)
	system_admin mail-user quota alice@example.test "$usage" || atf_fail quota
	await full || lost "never full"
	atf_check -o match:'^<\*\* 452 4\.2\.2' cat out
	await_queue_empty || lost "letters that were accepted are still in the queue"
	atf_check_equal 3 "$(count alice@example.test)"
	atf_check -o match:'^552 5\.2\.2' /usr/bin/python3 - "$smtp" <<-'EOF'
	import smtplib, sys
	s = smtplib.SMTP("127.0.0.1", int(sys.argv[1]))
	s.ehlo("client.test")
	s.docmd("MAIL", "FROM:<b@second.test> SIZE=100000")
	code, text = s.docmd("RCPT", "TO:<alice@example.test>")
	print(code, text.decode())
	s.quit()
	EOF
}

# curl, mpop, fetchmail, getmail and poplib fetch what was sent.
mail_is_read_by_strange_readers_journey()
{
	start
	for n in 1 2 3 4; do
		send 127.0.0.1 bob@second.test alice@example.test "letter $n" >/dev/null ||
		    atf_fail refused
	done
	await has alice@example.test 4 || atf_fail "not arrived"
	user=alice@example.test:wonderland
	atf_check -o match:'^4 ' curl -s --user $user "pop3://127.0.0.1:$pop3/"
	atf_check -o match:'^Subject: letter' curl -s --user $user "pop3://127.0.0.1:$pop3/1"
	atf_check -s exit:67 curl -s --user alice@example.test:wrong "pop3://127.0.0.1:$pop3/"
	atf_check -s exit:67 curl -s --user nobody@example.test:wrong "pop3://127.0.0.1:$pop3/"
	atf_check -o match:'^4 0$' /usr/bin/python3 - "$pop3" <<-'EOF'
	import poplib, sys
	p = poplib.POP3("127.0.0.1", int(sys.argv[1]))
	p.user("alice"); p.pass_("wonderland")   # without a domain: control/defaultdomain
	n, octets = p.stat()
	wrong = 0
	for i in range(1, n + 1):
	    size = int(p.list(i).split()[2])
	    got = sum(len(l) + 2 for l in p.retr(i)[1])
	    wrong += size != got
	print(n, wrong)
	p.quit()
	EOF
	cat >mpoprc <<-EOF
	account default
	host 127.0.0.1
	port $pop3
	user alice@example.test
	password wonderland
	auth user
	tls off
	keep on
	uidls_file $PWD/uidls
	delivery mbox $PWD/mpop.mbox
	EOF
	chmod 600 mpoprc
	touch mpop.mbox
	atf_check -o ignore mpop -C mpoprc
	atf_check -o inline:'4\n' grep -c '^Subject: letter' mpop.mbox
	atf_check -o ignore mpop -C mpoprc
	atf_check -o inline:'4\n' grep -c '^Subject: letter' mpop.mbox
	if command -v fetchmail >/dev/null; then
		cat >fetchmailrc <<-EOF
		poll 127.0.0.1 protocol POP3 service $pop3 user alice@example.test password wonderland
		  fetchall mda "cat >>$PWD/fetchmail.mbox"
		EOF
		chmod 600 fetchmailrc
		env HOME="$PWD" FETCHMAILHOME="$PWD" fetchmail -f fetchmailrc --sslproto '' >out 2>&1 ||
		    { cat out; atf_fail fetchmail; }
		atf_check -o inline:'4\n' grep -c '^Subject: letter' fetchmail.mbox
		atf_check_equal 0 "$(count alice@example.test)"
	fi
}

# curl, msmtp, s-nail and smtplib hand over a message.
mail_is_sent_by_strange_senders_journey()
{
	start
	printf 'Subject: one\r\n\r\n.dot\r\n..\r\nend\r\n' >message
	atf_check curl -s --mail-from bob@second.test --mail-rcpt alice@example.test \
	    --upload-file message "smtp://127.0.0.1:$smtp/client.test"
	n=1
	if command -v msmtp >/dev/null; then
		tr -d '\r' <message | atf_check msmtp --host=127.0.0.1 --port="$smtp" --auth=off \
		    --tls=off -f bob@second.test alice@example.test
		n=$((n + 1))
	fi
	if command -v s-nail >/dev/null; then
		echo body | atf_check -e ignore -o ignore env HOME="$PWD" s-nail -:/ -Sv15-compat -s one \
		    -S mta="smtp://127.0.0.1:$smtp" -S smtp-auth=none -S from=bob@second.test \
		    -S hostname=client.test alice@example.test
		n=$((n + 1))
	fi
	atf_check /usr/bin/python3 - "$smtp" <<-'EOF'
	import smtplib, sys
	s = smtplib.SMTP("127.0.0.1", int(sys.argv[1]))
	s.sendmail("bob@second.test", ["alice@example.test", "bob@second.test"],
	    "Subject: one\n\n.dot\n..\nend\n")
	s.quit()
	EOF
	n=$((n + 1))
	await has alice@example.test $n || atf_fail "not arrived"
	await has bob@second.test 1 || atf_fail "not at bob's"
	for file in "$(maildir alice@example.test)"/new/*; do
		grep -q '^dot' "$file" && atf_fail "a dot is missing in $file"
	done
	atf_check -o inline:"$((n - 1 - $(command -v s-nail >/dev/null && echo 1 || echo 0) + 1))\n" \
	    sh -c "cat $(maildir alice@example.test)/new/* | grep -c '^\.\.$'"
}

# kill -9 of each process; then a clean stop that leaves nothing.
every_service_comes_back_journey()
{
	start
	for service in home/service/*/; do
		pid=$(as_user s6-svstat -o pid "$service")
		kill -9 "$pid"
		back()
		{
			now=$(as_user s6-svstat -o pid,ready "$service")
			[ "${now#* }" = true ] && [ "${now% *}" != "$pid" ]
		}
		await back || atf_fail "$service did not come back: $(as_user s6-svstat "$service")"
	done
	send 127.0.0.1 bob@second.test alice@example.test "still there" >/dev/null ||
	    atf_fail "refused after the kills"
	await has alice@example.test 1 || atf_fail "not arrived after the kills"
	atf_check s6-svscanctl -t home/service
	wait "$svscan"
	atf_check_equal 0 $?
	svscan=
	left=$(pgrep -f "$PWD/home" || true)
	atf_check_equal "" "$left"
}

# the first looks for its deferrals in the log, where there must be no others; the last stops all
# A forward goes on from an address of ours, and what is written to that comes back to the sender.
forwards_come_back_journey()
{
	start
	echo 1 | as_user tee home/control/srs >/dev/null
	system_admin mail-user alias away@example.test someone@world.test || atf_fail "no alias"
	system_admin mail-user alias lost@example.test spam@world.test || atf_fail "no alias"
	send 127.0.0.3 origin@world.test away@example.test "a forward" >talk || { cat talk; atf_fail refused; }
	await test -s world/1 || lost "it was not forwarded"
	atf_check -o match:'^X-From: SRS0=....=..=world.test=origin@example.test' -o match:'^X-To: someone@world.test' \
	    -o match:'^Received-SPF: none ' cat world/1
	made_of=$(sed -n 's/^X-From: \([^\r]*\).*/\1/p' world/1 | tr -d '\r')
	send 127.0.0.3 '<>' "$made_of" "a bounce" >talk || { cat talk; atf_fail "the bounce was refused"; }
	await test -s world/2 || lost "it did not come back"
	atf_check -o match:'^X-To: origin@world.test' cat world/2
	send 127.0.0.3 '<>' "${made_of%origin*}other@example.test" "a forgery" >talk && atf_fail "the forgery was taken"
	atf_check -o match:'550 5.1.1 .*not made here' cat talk
	# our own report of a failure takes the same way
	send 127.0.0.3 origin@world.test lost@example.test "spam" >talk || { cat talk; atf_fail refused; }
	await test -s world/3 || lost "the report did not come back"
	atf_check -o match:'^X-To: origin@world.test' -o match:'We do not want this' cat world/3
	echo 0 | as_user tee home/control/srs >/dev/null
}

journeys mail_goes_its_way "between strangers, our network, the mailboxes and the world" \
    a_busy_server_is_tried_again local_mail_reaches_the_maildir our_network_reaches_the_world \
    strangers_cannot_relay a_refusal_comes_back_as_a_bounce a_domain_without_mx_is_found_by_its_address \
    forwards_come_back
journeys mailboxes_serve_strange_programs "aliases, readers, senders, a full mailbox, and kill -9" \
    aliases_lead_here_and_there alias_loops_end mail_is_read_by_strange_readers \
    mail_is_sent_by_strange_senders a_full_mailbox_refuses_at_rcpt every_service_comes_back
journeys alarm_makes_deferred_mail_due "SIGALRM to queue-run tries everything now" \
    alarm_makes_deferred_mail_due

atf_init_test_cases()
{
	for name in $cases; do
		atf_add_test_case "$name"
	done
}
