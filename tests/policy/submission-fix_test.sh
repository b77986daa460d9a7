#! /usr/bin/env atf-sh
PATH=$(atf_get_srcdir)/../../bin:$PATH

# A home, and a sink "keep" that keeps message and envelope there.
home()
{
	FACTEUR_HOME=$PWD/home
	QUEUEID=$(printf '0%.0s' $(seq 24))
	PATH=$PWD/bin:$PATH
	export FACTEUR_HOME PATH QUEUEID
	mkdir -p home/control home/users home/mail bin
	echo mx.example.test >home/control/me
	echo example.test >home/control/domains
	owner=65534:65534
	[ "$(id -u)" = 0 ] || owner=$(id -u):$(id -g)
	printf '%s\n' joe@example.test:$owner: tom@example.test:$owner: >home/users/mailboxes
	echo info@example.test: joe@example.test >home/users/aliases
	mail-compile 2>/dev/null
	program keep <<-'END'
		cat >message
		tr '\0' '|' <&1 >envelope
		echo "K$QUEUEID" >&4
	END
	printf 'Fjoe@example.test\0Ta@b\0\0' >envelope
	printf 'From: Joe <joe@example.test>\nBcc: c@d\nSubject: s\n\nbody\n' >message
}

# program NAME: make an executable of the shell script on standard input
program()
{
	{
		echo '#!/bin/sh'
		cat
	} >"bin/$1"
	chmod +x "bin/$1"
}

# fix SINK...: message and envelope to submission-fix; "report" is what it says
fix()
{
	submission-fix "$@" <message 1<envelope 4>report 2>log
}

atf_test_case completes_the_header_and_passes_the_rest
completes_the_header_and_passes_the_rest_body()
{
	home
	fix keep
	atf_check_equal 0 $?
	atf_check -o inline:"K$QUEUEID" cat report
	atf_check -o inline:'Fjoe@example.test|Ta@b||' cat home/envelope
	sed -i 's/^Date: .* +0000$/Date: DATE/' home/message
	cat >expected <<-EOF
		From: Joe <joe@example.test>
		Subject: s
		Date: DATE
		Message-ID: <$QUEUEID@mx.example.test>

		body
	EOF
	atf_check cmp expected home/message
}

atf_test_case large_messages_pass_unchanged
large_messages_pass_unchanged_body()
{
	home
	{
		printf 'Date: x\nMessage-ID: y\n\n'
		seq 300000
	} >message
	fix keep
	atf_check cmp message home/message
}

atf_test_case the_from_field_is_checked_unless_control_says_no
the_from_field_is_checked_unless_control_says_no_body()
{
	home
	AUTHUSER=tom@example.test
	export AUTHUSER
	echo 0 >home/control/checkfrom
	fix keep
	atf_check_equal 0 $?
	rm home/message home/envelope home/control/checkfrom
	fix keep
	atf_check_equal 31 $?
	atf_check -o inline:'D550 5.7.1 the address in the From field is not yours' cat report
	atf_check -o match:"id=$QUEUEID at=submission-fix event=refused .*user=tom@example.test" cat log
	[ ! -s home/envelope ] || atf_fail "the envelope was handed on"
	AUTHUSER=joe@example.test fix keep
	atf_check_equal 0 $?
	# for relay clients nobody knows whose it is
	AUTHUSER= fix keep
	atf_check_equal 0 $?
}

atf_test_case any_of_many_addresses_counts
any_of_many_addresses_counts_body()
{
	home
	AUTHUSER=joe@example.test
	export AUTHUSER
	while IFS='|' read -r code from; do
		printf '%b\n\nbody\n' "$from" >message
		fix keep
		atf_check_equal "$code $from" "$? $from"
	done <<-'END'
		0|From: joe@example.test
		0|From: "tom@example.test" <joe@example.test>, info@example.test
		31|From: joe@example.test, tom@example.test
		31|From: joe@example.test\nFrom: tom@example.test
		31|From: joe@example.test (x\nFrom: y)
		0|From: Scanner, 2nd floor <joe@example.test>
		31|From: Scanner, 2nd floor <tom@example.test>
		0|Subject: none
		31|From: nobody:;
		31|From: joe
		0|no field\nFrom: tom@example.test
		0|From: joe@example.test\nSender: joe+x@example.test
		0|From: joe@example.test\nSender: Info <info@example.test>
		31|From: joe@example.test\nSender: tom@example.test
		31|From: joe@example.test\nsender : "x"\n <tom@example.test>
		31|From: joe@example.test\nSender: joe@example.test\nSender: joe@example.test
		31|From: joe@example.test\nSender: joe
		31|Sender: tom@example.test
		0|From: joe@example.test\nSenders: tom@example.test
	END
	printf 'From: joe@example.test\nSender: tom@example.test\n\nbody\n' >message
	fix keep
	atf_check -o inline:'D550 5.7.1 the address in the Sender field is not yours' cat report
	# who names nobody is named, where it is known who it is
	printf 'Subject: s\n\nbody\n' >message
	fix keep
	atf_check -o match:'^From: <joe@example.test>$' cat home/message
	AUTHUSER= fix keep
	atf_check -o not-match:'^From:' cat home/message
}

atf_test_case the_verdict_of_the_sink_is_passed_on
the_verdict_of_the_sink_is_passed_on_body()
{
	home
	program no <<-'END'
		cat >/dev/null
		printf 'D554 5.7.1 we do not like it' >&4
		exit 31
	END
	fix no
	atf_check_equal 31 $?
	atf_check -o inline:'D554 5.7.1 we do not like it' cat report
	fix sh -c 'exit 53'
	atf_check_equal 71 $?
	# one that did not read it all can't have kept it
	seq 300000 >>message
	fix true
	atf_check_equal 71 $?
	atf_check -s exit:111 -e match:'unable to start ./nothing' submission-fix ./nothing <message
	atf_check -s exit:111 -e match:usage submission-fix
}

atf_test_case a_cut_envelope_commits_nothing
a_cut_envelope_commits_nothing_body()
{
	home
	mkdir -p home/queue/new
	printf 'Fjoe@example.test\0Ta@b\0' >envelope
	fix queue-inject
	[ $? != 0 ] || atf_fail "accepted"
	atf_check ls home/queue/new
	printf 'Fjoe@example.test\0Ta@b\0\0' >envelope
	mkfifo home/queue/trigger
	fix queue-inject
	atf_check_equal 0 $?
	atf_check -o inline:"$QUEUEID\n" ls home/queue/new
}

atf_init_test_cases()
{
	for name in $(sed -n 's/^atf_test_case \([^ ]*\).*/\1/p' "$(atf_get_srcdir)/submission-fix_test"); do
		atf_add_test_case "$name"
	done
}
