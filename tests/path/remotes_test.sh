#! /usr/bin/env atf-sh
# mx-send sends to other mail servers under TLS, with their certificate verified; and to one whose TLS
# is broken, as Debian has it.

PATH=$(atf_get_srcdir)/../../bin:$PATH
here=$(atf_get_srcdir)
build=$(cd "$here/../.." && pwd)
. "$here/../tls/setup.sh"

# takes NAME PACKAGE HOW: a case in which that peer takes messages
takes()
{
	case=$1_takes_mail_$3
	eval "
	atf_test_case $case cleanup
	${case}_head()
	{
		network_head unshare apt-get
		atf_set require.user root
		atf_set timeout 120
	}
	${case}_body()
	{
		take_by $1 $2
		$3 $1
	}
	${case}_cleanup()
	{
		stop
	}
	cases=\"\$cases $case\""
}

take_by()
{
	"$FACTEUR_SOURCE/tests/dependencies" unpack "$build/peers" "$2" ||
		atf_skip "the package $2 can't be had"
	unshare -m true || atf_skip "no namespace of our own"
	chmod 755 .
	make_home
	mkdir -p home/state/tls
	authority ca
	issue peer ca 2 IP:127.0.0.1,DNS:mx.to.test
	echo "$PWD/ca/cert.pem" >home/control/cafile
	[ "$1" = opensmtpd ] || echo '* verify' >home/control/tlspolicy
	echo 20 >home/control/timeoutremote
	serve
	printf 'From: a@from.test\nTo: b@to.test\nSubject: to %s\n\nhello\n' "$1" >message
	tls=$PWD/peer inlet=$("$here/../lib/ports.py" port) peers=$build/peers peer_source=$here timeout 100 \
	    unshare -m sh -c '. "$peer_source/peers.sh" && . "$peer_source/remotes.sh" && peers_view &&
		$0_serve && take_from_us' "$1" >said 2>&1
	sed -n '/^first:/,/^second:/p' said >first
	sed -n '/^second:/,$p' said >second
}

under_verified_tls()
{
	for time in first second; do
		grep -Eq '^K 2\.[0-9.]+ <b@to.test> .*TLS: TLSv1.3 .* verified=pkix\)$' $time ||
			{ cat said wrap.log; atf_fail "the $time message was not taken under TLS"; }
	done
	grep -q '^= TLSv1.3 .* resumed' second || { cat said; atf_fail 'the session is not resumed'; }
}

# Where a later version can speak TLS, that is good, too.
in_any_case()
{
	for time in first second; do
		grep -Eq '^K 2\.[0-9.]+ <b@to.test> .*TLS: (TLSv1.[23] .*|none)\)$' $time ||
			{ cat said wrap.log; atf_fail "the $time message was not taken"; }
		grep -q 'TLS: TLSv1' $time || grep -q 'event=cleartext .*result=handshake-failure' $time ||
			{ cat said; atf_fail 'nobody says why it went in clear text'; }
	done
}

takes postfix postfix under_verified_tls
takes exim exim4-daemon-light under_verified_tls
takes opensmtpd opensmtpd in_any_case

atf_init_test_cases()
{
	for case in $cases; do
		atf_add_test_case "$case"
	done
}
