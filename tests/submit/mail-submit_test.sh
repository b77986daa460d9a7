#! /usr/bin/env atf-sh
PATH=$(atf_get_srcdir)/../../bin:$PATH
. "$(atf_get_srcdir)/../lib/sanitizer.sh"
. "$(atf_get_srcdir)/../lib/until.sh"

# A home, and, as HOME/service/submit/run has it, a server on its socket with the sink "keep".
home()
{
	FACTEUR_HOME=$PWD/home
	PATH=$PWD/bin:$PATH
	export FACTEUR_HOME PATH
	mkdir -p home/control home/run home/users bin
	echo mx.example.test >home/control/me
	echo example.test >home/control/defaultdomain
	echo example.test >home/control/domains
	: >home/users/mailboxes
	mail-compile
	# who it is to us: not everywhere may all read passwd
	login=$(IPCREMOTEEUID=$(id -u) peer-user sh -c 'echo "$AUTHUSER"')
	program keep <<-'EOF'
		cat >"$KEPT/message"
		tr '\0' '|' <&1 >"$KEPT/envelope"
	EOF
	export KEPT=$PWD
}

# program name: make an executable of the shell script on standard input
program()
{
	{
		echo '#!/bin/sh'
		cat
	} >"bin/$1"
	chmod +x "bin/$1"
}

# serve [argument...]: smtp-recv with these behind the socket
serve()
{
	(
		cd home
		exec s6-ipcserver-socketbinder run/submit.sock s6-ipcserverd -1 peer-user \
		    smtp-recv "${@:-keep}" >../ready 2>../log
	) &
	server=$!
	echo "$server" >server
	until_true "test -s ready"
}

unserve()
{
	[ ! -s server ] || kill "$(cat server)"
}

letter()
{
	printf '%s\n' 'Subject: hello' '' 'text'
}

atf_test_case takes_a_message cleanup
takes_a_message_head() { atf_set require.progs s6-ipcserverd; }
takes_a_message_body()
{
	home
	serve
	letter | atf_check mail-submit -f alice@example.test bob@example.org carol
	atf_check -o match:"^Falice@example.test|" -o match:'Tbob@example.org|Tcarol@example.test||$' \
	    sed 's/|P[^|]*//g' envelope
	atf_check -o ignore grep "^Received: by mx.example.test (from user $login, uid $(id -u)) with ESMTPA id" message
	atf_check -o ignore grep '^Subject: hello$' message
	atf_check -o ignore grep '^From: .*<alice@example.test>$' message
	atf_check -o ignore grep '^Message-ID: <.*@mx.example.test>$' message
	atf_check -o ignore grep '^Date: ' message
	atf_check -o inline:'text\n' sed '1,/^$/d' message
	atf_check -o match:"event=accepted .*client=uid-$(id -u) .*user=$login" cat log
}
takes_a_message_cleanup() { unserve; }

atf_test_case is_the_caller_without_f cleanup
is_the_caller_without_f_head() { atf_set require.progs s6-ipcserverd; }
is_the_caller_without_f_body()
{
	home
	serve
	letter | atf_check sendmail -F 'J. "R" Doe' bob@example.org
	atf_check -o match:"^F$login@example.test" cat envelope
	atf_check -o match:"^From: \"J. ..R.. Doe\" <$login@example.test>" cat message
	letter | atf_check sendmail -F 'Jörg Müller' bob@example.org
	atf_check -o match:"^From: =.utf-8.B.SsO2cmcgTcO8bGxlcg==.= <$login@example.test>" cat message
	letter | atf_check sendmail -f '<>' bob@example.org
	atf_check -o match:'^F|' cat envelope
}
is_the_caller_without_f_cleanup() { unserve; }

atf_test_case takes_recipients_from_the_header cleanup
takes_recipients_from_the_header_head() { atf_set require.progs s6-ipcserverd; }
takes_recipients_from_the_header_body()
{
	home
	serve
	cat >mail <<-'EOF'
		From: root (Cron Daemon)
		To: friends: alice, "Doe, Bob" <bob@example.org>;,
		 =?utf-8?q?J=C3=B6rg?= (a
		 comment, x@y) <joerg@example.org>
		Cc: undisclosed-recipients:;, dave
		bcc: eve,
		 frank@example.org
		Subject: list

		text
	EOF
	atf_check mail-submit -t -f me@example.test grace <mail
	tr '|' '\n' <envelope | grep ^T >got
	atf_check -o inline:'Tgrace@example.test
Talice@example.test
Tbob@example.org
Tjoerg@example.org
Tdave@example.test
Teve@example.test
Tfrank@example.org
' cat got
	atf_check -s exit:1 grep -i -e '^bcc' -e eve -e frank message
	atf_check -o ignore grep "^From: $login@example.test (Cron Daemon)\$" message
	atf_check -o ignore grep '^To: friends: alice@example.test, "Doe, Bob"' message

	printf '%s\n' 'To: a@example.org' 'Resent-To: b' 'Resent-Bcc: c' '' >mail
	atf_check mail-submit -t -f me@example.test <mail
	tr '|' '\n' <envelope | grep ^T >got
	atf_check -o inline:'Tb@example.test\nTc@example.test\n' cat got

	printf '%s\n' 'Subject: nobody' '' >mail
	atf_check -s exit:64 -e match:'names no recipient: nothing was sent' mail-submit -t <mail
	printf '%s\n' 'To: a@example.org, b@' '' >mail
	atf_check -s exit:65 -e match:'To: malformed' mail-submit -t <mail
	# the words of others are only shown
	printf 'x\033]0;y\007@example.org' >hostile
	atf_check -s exit:65 -e inline:'mail-submit: x ]0;y @example.org: malformed address: nothing was sent\n' \
	    mail-submit "$(cat hostile)" <mail
}
takes_recipients_from_the_header_cleanup() { unserve; }

atf_test_case ends_at_a_dot_but_for_i cleanup
ends_at_a_dot_but_for_i_head() { atf_set require.progs s6-ipcserverd; }
ends_at_a_dot_but_for_i_body()
{
	home
	serve
	printf 'Subject: x\r\n\r\none\r\n.two\r\n.\r\nthree\n' >mail
	atf_check mail-submit b@example.org <mail
	atf_check -o inline:'one\n.two\n' sed '1,/^$/d' message
	for option in -i -oi; do
		atf_check mail-submit $option b@example.org <mail
		atf_check -o inline:'one\n.two\n.\nthree\n' sed '1,/^$/d' message
	done
	# without a header, without a last line end
	printf 'only text' | atf_check mail-submit b@example.org
	atf_check -o inline:'only text\n' sed '1,/^$/d' message
	atf_check mail-submit b@example.org </dev/null
	atf_check -o ignore grep '^Message-ID: ' message
}
ends_at_a_dot_but_for_i_cleanup() { unserve; }

atf_test_case knows_what_programs_give cleanup
knows_what_programs_give_head() { atf_set require.progs s6-ipcserverd; }
knows_what_programs_give_body()
{
	home
	serve
	# cron, PHP, git, mutt, s-nail, bugzilla
	for options in '-i -FCronDaemon -B8BITMIME -oem' '-t -i' '-i' '-oi -oem -fme@example.test' \
	    '-i -r me@example.test' '-odb -oee -O DeliveryMode=b -h 3 -L tag -U -n -m -G -oQ/x' \
	    '-B 7BIT -N success,delay -R hdrs -V a+b' '-bm -p x:y -oi --'; do
		rm -f envelope
		letter >mail
		atf_check mail-submit $options b@example.org <mail
		atf_check -o match:'Tb@example.org' cat envelope
	done
	atf_check mail-submit -N success,delay -R hdrs -V a+b b@example.org <mail
	atf_check -o match:'|PRET=HDRS' -o match:'|PENVID=a+b|' -o match:'|NNOTIFY=SUCCESS,DELAY|Tb@' cat envelope
	for options in '-N often' '-R all' '-B 9BIT' '-N never,failure' '-N delay,delay' '-N ,' '-N success,' \
	    "-V $(printf '%0101d' 0)" "-V $(printf 'a\001')" '-V ü'; do
		atf_check -s exit:64 -e match:'unusable argument: nothing was sent' \
		    mail-submit $options b@example.org <mail
	done
	atf_check -s exit:64 -e match:'services run by themselves' mail-submit -bd
	atf_check mail-submit -q15m
	atf_check -e match:'-> RCPT TO:<b@example.org>' -e match:'<- 250 ' mail-submit -v b@example.org <mail
	atf_check mail-submit -X traffic b@example.org <mail
	atf_check -o match:'-> MAIL FROM:<' cat traffic
	atf_check -o inline:'b@example.org: mail for it is taken\n' mail-submit -bv b@example.org
}
knows_what_programs_give_cleanup() { unserve; }

atf_test_case the_queue_is_not_shown_to_everybody
the_queue_is_not_shown_to_everybody_head() { atf_set require.user root; }
the_queue_is_not_shown_to_everybody_body()
{
	home
	mkdir -m 700 home/queue
	mkdir home/queue/new home/queue/later home/queue/hold home/queue/paused home/queue/bad
	chmod 755 .
	nobody='setpriv --reuid=65534 --regid=65534 --clear-groups'
	atf_check mailq
	for program in mailq 'mail-submit -bp'; do
		atf_check -s exit:77 -o empty -e inline:"mail-submit: permission denied: only root and its owner may look into $FACTEUR_HOME/queue
" $nobody $program
	done
	atf_check -s exit:111 -o empty -e inline:"queue-list: permission denied: only root and its owner may look into $FACTEUR_HOME/queue
" $nobody queue-list
}

atf_test_case all_or_nothing cleanup
all_or_nothing_head() { atf_set require.progs s6-ipcserverd; }
all_or_nothing_body()
{
	home
	program judge <<-'EOF'
		while read -r verb what rest; do
			case $verb-$what in
			rcpt-nobody@*) echo 'D550 5.1.1 no such mailbox' ;;
			rcpt-busy@*) echo 'Z451 4.2.1 busy' ;;
			rcpt-far@*) echo 'D550 5.4.4 no way' ;;
			mail-mallory@*) echo 'D553 5.7.1 this sender address is not yours' ;;
			*) echo K ;;
			esac
		done
	EOF
	serve -p judge keep
	while read -r code sender to; do
		letter >mail
		atf_check -s "exit:$code" -e match:'nothing was sent' mail-submit -f "$sender" $to <mail
	done <<-'EOF'
		67 a@example.test b@example.org nobody@example.org
		67 a@example.test busy@example.org nobody@example.org b@example.org
		75 a@example.test b@example.org busy@example.org
		69 a@example.test far@example.org
		77 mallory@example.test b@example.org
	EOF
	# an address is no option
	atf_check -s exit:67 -e match:'nobody@example.org: 550' mail-submit b@example.org -Xrecord nobody@example.org <mail
	atf_check test ! -e record
	atf_check -s exit:69 -e match:'more than 1000 recipients' \
	    mail-submit -f a@example.test $(seq -f 'u%g@example.org' 1001) <mail
	atf_check test ! -e envelope
}
all_or_nothing_cleanup() { unserve; }

atf_test_case a_service_that_is_down_loses_nothing
a_service_that_is_down_loses_nothing_body()
{
	home
	letter >mail
	atf_check -s exit:75 -e match:'nothing was sent, try again later' mail-submit b@example.org <mail
	atf_check -s exit:75 -e match:'nothing was sent, try again later' mail-submit -bs <mail
	rm home/control/me
	atf_check -s exit:75 -e match:'control/me' mail-submit b@example.org <mail
	FACTEUR_HOME=$PWD/none atf_check -s exit:75 -e match:'unable to enter' mail-submit b@example.org <mail
}

atf_test_case a_sink_that_fails_is_told cleanup
a_sink_that_fails_is_told_head() { atf_set require.progs s6-ipcserverd; }
a_sink_that_fails_is_told_body()
{
	home
	serve false
	letter >mail
	atf_check -s exit:75 -e match:'451.*nothing was sent' mail-submit b@example.org <mail
}
a_sink_that_fails_is_told_cleanup() { unserve; }

atf_test_case speaks_smtp cleanup
speaks_smtp_head() { atf_set require.progs s6-ipcserverd; }
speaks_smtp_body()
{
	home
	serve
	printf '%s\r\n' 'EHLO x.test' 'MAIL FROM:<a@example.test>' 'RCPT TO:<b@example.org>' DATA \
	    'Subject: x' '' 'text' . QUIT >talk
	atf_check -o match:'^250 2.0.0' -o match:'^221' mail-submit -bs <talk
	atf_check -o match:'Tb@example.org' cat envelope
	rm envelope
	# and with the line ends of this machine
	atf_check -s exit:75 -e match:'unable to talk' timeout 20 mail-submit -bs <&-
	tr -d '\r' <talk | atf_check -o match:'^250 2.0.0' -o match:'^221' mail-submit -bs
	atf_check -o match:'Tb@example.org' cat envelope
}
speaks_smtp_cleanup() { unserve; }

atf_test_case streams_a_large_message cleanup
streams_a_large_message_head() { atf_set require.progs s6-ipcserverd; }
streams_a_large_message_body()
{
	skip_sanitized mail-submit
	home
	serve
	{
		printf '%s\n' 'Subject: large' ''
		yes 'a line of some length, to fill thirty megabytes' | head -c 30000000
	} >mail
	(
		ulimit -v 16384
		mail-submit b@example.org <mail
	) || atf_fail "not sent in 16 MB"
	sed '1,/^$/d' mail >body
	sed '1,/^$/d' message | cmp - body || atf_fail "it is another one"
}
streams_a_large_message_cleanup() { unserve; }

atf_test_case a_user_sends_as_himself cleanup
a_user_sends_as_himself_head() { atf_set require.progs s6-ipcserverd; atf_set require.user unprivileged; }
a_user_sends_as_himself_body()
{
	home
	serve -p 'relay-check -a' -p sender-rights submission-fix keep
	letter >mail
	for sender in "$login" "$login@mx.example.test" "$login+tag@example.test" '<>'; do
		atf_check mail-submit -f "$sender" b@example.org <mail
	done
	atf_check -s exit:77 -e match:'not yours: nothing was sent' \
	    mail-submit -f boss@example.test b@example.org <mail
	{
		echo 'From: boss@example.test'
		letter
	} >forged
	atf_check -s exit:77 -e match:'From field is not yours' mail-submit b@example.org <forged
	{
		echo 'Sender: boss@example.test'
		letter
	} >sent
	atf_check -s exit:77 -e match:'Sender field is not yours' mail-submit b@example.org <sent
	echo "$login:@example.test" >home/control/senders
	atf_check mail-submit b@example.org <sent
	atf_check mail-submit -f boss@example.test b@example.org <mail
	atf_check mail-submit b@example.org <forged
}
a_user_sends_as_himself_cleanup() { unserve; }

atf_init_test_cases()
{
	atf_add_test_case takes_a_message
	atf_add_test_case is_the_caller_without_f
	atf_add_test_case takes_recipients_from_the_header
	atf_add_test_case ends_at_a_dot_but_for_i
	atf_add_test_case knows_what_programs_give
	atf_add_test_case the_queue_is_not_shown_to_everybody
	atf_add_test_case all_or_nothing
	atf_add_test_case a_service_that_is_down_loses_nothing
	atf_add_test_case a_sink_that_fails_is_told
	atf_add_test_case speaks_smtp
	atf_add_test_case streams_a_large_message
	atf_add_test_case a_user_sends_as_himself
}
