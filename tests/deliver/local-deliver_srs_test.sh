#! /usr/bin/env atf-sh
# Senders that are rewritten, and turned back.
PATH=$(atf_get_srcdir)/../../bin:$PATH

ID=0ehyf3k2q1abcdefghijklmn

# A home, a sink that writes down envelopes, and ./deliver [OPTION...] RECIPIENT...
home()
{
	uid=$(id -u) gid=$(id -g)
	[ "$uid" -ne 0 ] || uid=65534 gid=65534
	FACTEUR_HOME=$PWD/home QUEUE_UID=65533 QUEUE_GID=65532
	export FACTEUR_HOME QUEUE_UID QUEUE_GID
	mkdir -p home/control home/users home/mail home/queue/new
	echo mx.example.test >home/control/me
	printf '%s\n' example.test bounces.test >home/control/domains
	(umask 077; printf '%s\n' first-secret second-secret >home/control/srssecrets)
	echo 1 >home/control/srs
	echo "user@example.test:$uid:$gid:" >home/users/mailboxes
	{
		echo 'away@example.test: far@else.test'
		echo 'team@example.test: user@example.test, far@else.test, away@example.test, near@third.test'
		echo '@bounces.test: user@example.test'
	} >home/users/aliases
	mail-compile || atf_fail 'no users.cdb'
	printf 'Subject: x\n\nbody\n' >message
	sinks=$(mktemp -d /tmp/facteur-sinks.XXXXXX) || atf_fail 'no folder for the sinks'
	trap 'rm -r "$sinks"' EXIT
	chmod 777 "$sinks"
	ln -s "$sinks/envelopes" .
	cat >"$sinks/sink" <<-END
		#!/bin/sh
		cat >/dev/null
		{ tr '\0' ' ' | sed 's/Porigin=[^ ]* //; s/NORCPT=[^ ]* //g; s/NNOTIFY=[^ ]* //g'; } <&1 >>$sinks/envelopes
		echo >>$sinks/envelopes
		echo "K\$QUEUEID" >&4
	END
	chmod +x "$sinks/sink"
	cat >deliver <<-END
		#!/bin/sh
		exec python3 "$(atf_get_srcdir)/post.py" job "\$@" -- local-deliver "$sinks/sink" 2>>log
	END
	cat >ask <<-END
		#!/bin/sh
		exec python3 "$(atf_get_srcdir)/post.py" ask "\$1:1" -- mailbox-check 2>>log
	END
	chmod +x deliver ask
}

hash='[A-Za-z0-9+/]\{4\}=[A-Z2-7][A-Z2-7]'

atf_test_case senders_of_forwards_are_rewritten
senders_of_forwards_are_rewritten_body()
{
	home
	atf_check -o match:'^K2.0.0 forwarded' ./deliver -s bob@far.test message away@example.test
	atf_check -o ignore grep "^FSRS0=$hash=far.test=bob@example.test Tfar@else.test  *\$" envelopes
	echo bounces.test >home/control/srs
	atf_check -o match:'^K2.0.0 forwarded' ./deliver -s SRS0=abcd=TT=a.test=b@far.test message away@example.test
	atf_check -o ignore grep '^FSRS1=[^=]*=far.test==abcd=TT=a.test=b@bounces.test Tfar@else.test  *$' envelopes
}

atf_test_case some_senders_are_left_alone
some_senders_are_left_alone_body()
{
	home
	for sender in '' '#@[]' list-@far.test-@[] user@example.test x@BOUNCES.test; do
		rm -f envelopes "$sinks/envelopes"
		atf_check -o match:'^K' ./deliver -s "$sender" message away@example.test
		atf_check -o match:"^F$(printf %s "$sender" | sed 's/[[#]/./g') Tfar@else.test" cat "$sinks/envelopes"
	done
	echo 0 >home/control/srs
	atf_check -o match:'^K' ./deliver -s bob@far.test message away@example.test
	atf_check -o match:'^Fbob@far.test Tfar@else.test' cat "$sinks/envelopes"
}

atf_test_case those_here_see_the_sender_as_it_was
those_here_see_the_sender_as_it_was_body()
{
	home
	atf_check -o match:'^K' ./deliver -s bob@far.test message team@example.test
	atf_check -o inline:'2\n' sh -c 'wc -l <envelopes'
	atf_check -o match:'^Fbob@far.test Tuser@example.test Taway@example.test  *$' sed -n 1p envelopes
	atf_check -o match:'^FSRS0=.*=far.test=bob@example.test Tfar@else.test Tnear@third.test  *$' sed -n 2p envelopes
	atf_check -o inline:'2\n' grep -c 'event=forwarded rcpt=team@example.test new=' log
	# again: under the same IDs
	atf_check -o match:'^K' ./deliver -s bob@far.test message team@example.test
	atf_check -o inline:'2\n' sh -c 'sed -n "s/.*new=//p" log | sort -u | wc -l'
}

atf_test_case trouble_of_ours_is_not_now
trouble_of_ours_is_not_now_body()
{
	home
	echo else.test >home/control/srs
	atf_check -o match:'^Z' ./deliver -s bob@far.test message away@example.test
	echo 1 >home/control/srs
	: >home/control/srssecrets
	atf_check -o match:'^Z' ./deliver -s bob@far.test message away@example.test
	atf_check -o match:'else.test is not a domain of this system' -o match:'srssecrets has no secret' cat log
	[ ! -e "$sinks/envelopes" ] || atf_fail 'it was forwarded'
}

# python3-srs makes them, and reads ours
atf_test_case bounces_come_back
bounces_come_back_body()
{
	/usr/bin/python3 -c 'import SRS' 2>/dev/null || atf_skip 'no python3-srs'
	home
	cat >srs.py <<-'EOF'
		import sys, time
		import SRS, SRS.Guarded
		maker = SRS.Guarded.Guarded(secret=sys.argv[1], hashlength=4)
		if sys.argv[2] == "reverse":
		    print(maker.reverse(sys.argv[3]))
		else:
		    past = int(sys.argv[4]) * 86400
		    now = time.time
		    time.time = lambda: now() - past
		    print(maker.forward(sys.argv[3], "example.test"))
	EOF
	first=$(/usr/bin/python3 srs.py second-secret make bob@far.test 20)
	second=$(/usr/bin/python3 srs.py first-secret make SRS0=abcd=TT=a.test=b@far.test 0)
	old=$(/usr/bin/python3 srs.py first-secret make bob@far.test 22)
	forged=$(/usr/bin/python3 srs.py third-secret make bob@far.test 0)
	atf_check -o inline:'K\n' ./ask "$first"
	atf_check -o inline:'K\n' ./ask "$second"
	atf_check -o match:'^D550 5.1.1 .*weeks' ./ask "$old"
	atf_check -o match:'^D550 5.1.1 .*not made here' ./ask "$forged"
	# a catch-all does not take what was forged
	atf_check -o match:'^D550 5.1.1' ./ask "${forged%@*}@bounces.test"
	atf_check -o match:'^K' ./deliver -s '' message "$first"
	atf_check -o match:'^K' ./deliver -s '' message "$second"
	# it was in time when it was taken
	atf_check -o match:'^K' ./deliver -s '' message "$old"
	atf_check -o match:'^D5.1.1' ./deliver -s '' message "$forged"
	atf_check -o match:'^F Tbob@far.test ' -o match:'^F TSRS0=abcd=TT=a.test=b@far.test ' cat envelopes
	atf_check -o match:'^K' ./deliver -s joe@far.test message away@example.test
	atf_check -o inline:'joe@far.test\n' /usr/bin/python3 srs.py first-secret reverse \
	    "$(sed -n 's/^F\(SRS0=[^ ]*\) .*/\1/p' envelopes)"
	# without secrets such an address is one as any other
	rm home/control/srssecrets
	atf_check -o match:'^D550 5.1.1 there is no such mailbox' ./ask "$first"
}

atf_init_test_cases()
{
	atf_add_test_case senders_of_forwards_are_rewritten
	atf_add_test_case some_senders_are_left_alone
	atf_add_test_case those_here_see_the_sender_as_it_was
	atf_add_test_case trouble_of_ours_is_not_now
	atf_add_test_case bounces_come_back
}
