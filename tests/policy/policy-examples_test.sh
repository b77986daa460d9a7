#! /usr/bin/env atf-sh
# The policies that policy(5) shows, taken from there.
PATH=$(atf_get_srcdir)/../../bin:$PATH
. "$(atf_get_srcdir)/../lib/until.sh"

# example FIRST: make "policy" of the literal display that begins with this line
example()
{
	[ -n "$FACTEUR_SOURCE" ] || atf_fail "FACTEUR_SOURCE, the source tree, is not set"
	awk -v first="$1" '
		/^\.Ed/ { inside = 0 }
		literal && $0 == first { inside = 1 }
		{ literal = /^\.Bd -literal/ }
		inside { gsub(/\\e/, "\\"); print }
	' "$FACTEUR_SOURCE/doc/policy.5" >home/policy
	[ -s home/policy ] || atf_fail "no example that begins with $1"
	chmod +x home/policy
}

home()
{
	FACTEUR_HOME=$PWD/home
	export FACTEUR_HOME
	unset TCPREMOTEHOST
	mkdir -p home/control home/queue
	echo mx.test >home/control/me
}

# session LINE...: the codes of the replies to MAIL and what follows
session()
{
	printf '%s\r\n' 'EHLO client.test' "$@" |
	    smtp-recv -p ./policy sh -c 'cat >message; cat <&1 >/dev/null' 2>log |
	    sed '1,/^250 /d; s/^\(...\).*/\1/' | tr '\n' ' '
}

atf_test_case the_policy_in_shell_works
the_policy_in_shell_works_body()
{
	home
	example '#!/bin/sh'
	atf_check_equal '550 450 221 ' \
	    "$(session 'MAIL FROM:<a@spam.example>' 'MAIL FROM:<a@good.example>' QUIT)"
	export TCPREMOTEHOST=client.test
	atf_check_equal '550 250 250 354 250 221 ' \
	    "$(session 'MAIL FROM:<a@spam.example>' 'MAIL FROM:<a@good.example>' \
	    'RCPT TO:<b@mx.test>' DATA 'Subject: x' '' . QUIT)"
	atf_check -o inline:'X-Checked: by the policy of this host\n' sed -n 1p home/message
}

atf_test_case the_policy_in_python_works
the_policy_in_python_works_head()
{
	atf_set require.progs python3
}
the_policy_in_python_works_body()
{
	home
	example '#!/usr/bin/python3'
	printf '%s\n' 'list@mx.test ann@here.test' 'list@mx.test Bob@here.test' >home/control/closed
	atf_check_equal '250 250 250 250 250 550 250 221 ' \
	    "$(session 'MAIL FROM:<bob@here.test>' 'RCPT TO:<List@mx.test>' 'RCPT TO:<other@mx.test>' \
	    RSET 'MAIL FROM:<eve@here.test> SIZE=5' 'RCPT TO:<list@mx.test>' 'RCPT TO:<other@mx.test>' QUIT)"
}

atf_test_case the_policy_behind_a_socket_works
the_policy_behind_a_socket_works_head()
{
	atf_set require.progs python3
}
the_policy_behind_a_socket_works_body()
{
	home
	mkdir home/run
	example '#!/usr/bin/env python3'
	(cd home && exec ./policy) 2>policy.log &
	trap 'kill $!' EXIT
	# the name is there before it listens
	until_true 'python3 -c "import socket; socket.socket(socket.AF_UNIX).connect(\"home/run/hello.sock\")" 2>/dev/null'
	for name in client.test mx.example.org; do
		printf '%s\r\n' "EHLO $name" 'MAIL FROM:<a@b.test>' QUIT |
		    smtp-recv -p unix:run/hello.sock true 2>log | grep -c '^250 2.1.0\|^550 5.7.1'
	done >answers
	atf_check -o inline:'1\n1\n' cat answers
	atf_check -o match:'event=refused code=550 text="5.7.1 that is my name"' cat log
}

atf_init_test_cases()
{
	atf_add_test_case the_policy_behind_a_socket_works
	atf_add_test_case the_policy_in_shell_works
	atf_add_test_case the_policy_in_python_works
}
