#! /usr/bin/env atf-sh
PATH=$(atf_get_srcdir)/../../bin:$PATH

ID=0hofc52zpb5l953d9rf5s5a
export TZ=UTC0

# add N PLACE MESSAGE ENVELOPE JOURNAL
add()
{
	export FACTEUR_HOME="$PWD"
	mkdir -p queue/new queue/hold queue/bad queue/$2
	mkdir -p queue/later
	printf "$4" >envelope
	printf "$3" | QUEUEID=$ID$1 queue-inject 1<envelope 2>log || atf_fail "$(cat log)"
	printf "$5" >>queue/new/$ID$1
	[ $2 = new ] || mv queue/new/$ID$1 queue/$2/
}

atf_test_case tells_all_about_a_message
tells_all_about_a_message_body()
{
	add 1 later/1795430701 'Received: by x\nFrom: Eve <e@f.g>\nSubject: a\n b\n\nhello\n' \
	    'Fe@f.g\0PBODY=8BITMIME\0PRET=HDRS\0NNOTIFY=DELAY\0NORCPT=rfc822;c@d.e\0Tc@d.e\0Tx@y.z\0\0' \
	    '1795430701 Z 0 4.2.0 mx said: 450 4.2.0 \033[31mno\n1795430702 N 0 - now\nnonsense\n1795430703 A 0 - n@d.e\n1795430704 K 0 2.0.0 fine\n1795430704 Z 1 4.4.1 nob'
	atf_check -o save:out queue-show ${ID}1
	sed 's/[0-9]*[smhd] ago/AGO ago/' out >shown
	cat >expected <<-END
		message ${ID}1
		  in queue/later/1795430701/${ID}1, due 2026-11-23 10:45:01, now
		  taken 2026-11-23 10:00:18, AGO ago, 54 bytes, attempts 2
		  from <e@f.g>
		      BODY 8BITMIME
		      RET HDRS
		  to
		    n@d.e, delivered, attempts 2, was c@d.e
		      NOTIFY DELAY
		      ORCPT rfc822;c@d.e
		    x@y.z, waiting, attempts 0
		  header
		    From: Eve <e@f.g>
		    Subject: a b
		  history
		    2026-11-23 10:45:01  c@d.e is deferred: 4.2.0 mx said: 450 4.2.0 \\x1b[31mno
		    2026-11-23 10:45:02  c@d.e is to be tried at once, says the admin: now
		    not understood: nonsense
		    2026-11-23 10:45:03  c@d.e gets by the admin the address n@d.e
		    2026-11-23 10:45:04  n@d.e is delivered: 2.0.0 fine
		    cut off, does not count: 1795430704 Z 1 4.4.1 nob
	END
	sed -i 's/^  taken [^,]*,/  taken THEN,/' expected shown
	atf_check -o file:expected cat shown
}

atf_test_case shows_the_message_too
shows_the_message_too_body()
{
	add 1 new 'Subject: a\n\nh\351llo \033]0;x\007\r\n\t\342\202\254' 'F\0Tc@d.e\0\0' ''
	atf_check -o match:'^Subject: a$' -o match:'^h\\xe9llo \\x1b]0;x\\x07\\x0d$' \
	    -o match:'€$' -o not-match:history queue-show -b ${ID}1
	atf_check -o save:raw queue-show -m ${ID}1
	printf 'Subject: a\n\nh\351llo \033]0;x\007\r\n\t\342\202\254' >expected
	atf_check cmp expected raw
	# a large one too, with a character on every border
	printf 'F\0Tc@d.e\0\0' >envelope
	{ echo; seq -f '%gé€' 100000; } >large
	QUEUEID=${ID}2 queue-inject <large 1<envelope 2>log
	queue-show -m ${ID}2 >raw || atf_fail "exit $?"
	atf_check cmp large raw
	queue-show -b ${ID}2 | tail -n 100000 >shown
	tail -n 100000 large >expected
	atf_check cmp expected shown
}

atf_test_case shows_what_is_selected
shows_what_is_selected_body()
{
	add 1 new 'x\n' 'Fa@b.c\0Tc@d.e\0Tf@g.h\0\0' ''
	add 2 hold 'x\n' 'Fx@y.z\0Tc@d.e\0\0' ''
	atf_check -o match:"message ${ID}1" -o match:f@g.h -o not-match:c@d.e queue-show domain=g.h
	atf_check -o match:"message ${ID}2" -o not-match:${ID}1 queue-show state=hold
	atf_check -o match:${ID}1 -o match:${ID}2 queue-show all
	atf_check queue-show sender=nobody@b.c
}

atf_test_case says_what_is_wrong
says_what_is_wrong_body()
{
	add 1 new 'x\n' 'Fa@b.c\0Tc@d.e\0\0' ''
	for words in '' '-b' '-b -m all' '-x all' 'nonsense' 'all older=1d'; do
		atf_check -s exit:111 -e match:'queue-show: ' queue-show $words
	done
	atf_check -s exit:100 -o match:${ID}1 -e match:"${ID}9: no such message" queue-show ${ID}9 ${ID}1
	echo nonsense >queue/bad/${ID}8
	atf_check -s exit:100 -e match:"queue/bad/${ID}8: not a message: no header" queue-show ${ID}8
	atf_check -s exit:111 -e match:'unable to write' sh -c "queue-show all >/dev/full"
	FACTEUR_HOME=/nonexistent atf_check -s exit:111 -e match:'unable to enter' queue-show all
	rm -r queue/new
	atf_check -s exit:111 -o ignore -e match:'unable to read queue/new' queue-show all
}

atf_init_test_cases()
{
	for name in $(sed -n 's/^atf_test_case //p' "$(atf_get_srcdir)/queue-show_test"); do
		atf_add_test_case "$name"
	done
}
