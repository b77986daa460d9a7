#! /usr/bin/env atf-sh
# mx-send feeds a Dovecot by LMTP, and sends through its submission server after SCRAM-SHA-256.

PATH=$(atf_get_srcdir)/../../bin:$PATH
here=$(atf_get_srcdir)
build=$(cd "$here/../.." && pwd)
. "$here/../tls/setup.sh"

# What is done in the namespace; $PORT is of a server that play.py plays.
script()
{
	cat <<-'END'
	. "$peer_source/dovecot.sh"
	ports=$(/usr/bin/python3 -c '
	import socket
	all = [socket.socket() for _ in range(2)]
	for s in all: s.bind(("127.0.0.1", 0))
	print(*[s.getsockname()[1] for s in all])')
	inlet=${ports% *} submission=${ports#* } relay=$PORT
	dovecot_view && dovecot_serve || exit
	echo "to.test:lmtp://127.0.0.1:$inlet" >home/control/smtproutes
	echo by_port:
	mx-send -v to.test a@from.test user@to.test none@to.test <message 2>&1
	echo "to.test:lmtp:///run/lmtp" >home/control/smtproutes
	echo by_path:
	mx-send -v to.test a@from.test none@to.test user@to.test <message 2>&1
	echo stored:
	cat /run/mail/user@to.test/new/*
	printf '%s\n' "127.0.0.1:$submission user@to.test secret word" >home/control/smtppasswords
	chmod 600 home/control/smtppasswords
	echo submission:
	mx-send -v "127.0.0.1:$submission" a@from.test x@far.test <message 2>&1
	echo "127.0.0.1:$submission user@to.test wrong" >home/control/smtppasswords
	echo refused:
	mx-send -v "127.0.0.1:$submission" a@from.test x@far.test <message 2>&1
	echo log:
	cat /run/said /run/log
	kill $dovecot
	END
}

# part NAME: what stands behind NAME: in said
part()
{
	sed -n "/^$1:\$/,/^[a-z_]*:\$/p" said | sed 1d
}

atf_test_case dovecot_takes_mail_by_lmtp_and_after_scram cleanup
dovecot_takes_mail_by_lmtp_and_after_scram_head()
{
	network_head unshare apt-get
	atf_set require.user root
	atf_set timeout 120
}
dovecot_takes_mail_by_lmtp_and_after_scram_body()
{
	"$FACTEUR_SOURCE/tests/dependencies" unpack "$build/peers" dovecot-core dovecot-lmtpd \
	    dovecot-submissiond || atf_skip "the packages of Dovecot can't be had"
	unshare -m mount -t overlay overlay -o "lowerdir=$build/peers/dovecot-core/usr:/usr" /usr 2>mount.log ||
		atf_skip "no overlay can be mounted in a namespace of our own"
	chmod 755 .
	make_home
	authority ca
	issue peer ca 2 IP:127.0.0.1
	echo "$PWD/ca/cert.pem" >home/control/cafile
	serve
	printf 'From: a@from.test\nTo: user@to.test\nSubject: x\n\n.hello\n' >message
	script >script
	export tls="$PWD/peer" peers="$build/peers" peer_source="$here"
	"$here/../send/play.py" 'ehlo=250-x|250 PIPELINING' -- timeout 100 unshare -m sh script >said 2>&1 ||
		{ cat said; atf_fail 'Dovecot does not run'; }

	part by_port >by_port
	atf_check -o match:'^> LHLO ' -o match:'^> BDAT ' \
	    -o match:'^K 2.0.0 <user@to.test> 127.0.0.1\[127.0.0.1\] said: 250 2.0.0 <user@to.test> .*Saved' \
	    -o match:'^D 5.1.1 <none@to.test> 127.0.0.1\[127.0.0.1\] said: 550 5.1.1' cat by_port
	part by_path >by_path
	atf_check -o match:'^K 2.0.0 <user@to.test> /run/lmtp\[unix\] said: 250 2.0.0' \
	    -o match:'^D 5.1.1 <none@to.test> /run/lmtp\[unix\] said: 550 5.1.1' cat by_path
	part stored >stored
	atf_check -o inline:'2\n' grep -c '^\.hello$' stored
	# the certificate is verified, for a password is to be said, and tlspolicy is silent
	part submission >submission
	atf_check -o match:'^= TLSv1.3 .*' -o match:'^> AUTH SCRAM-SHA-256' -o match:'^< 235 ' \
	    -o match:'^K .*verified=pkix' cat submission
	atf_check -o match:'hello' cat message.1
	part refused >refused
	atf_check -o match:'^Z 4.7.8 .* said: 535 5.7.8' -o match:'event=alert' cat refused
	atf_check -s exit:1 grep -e 'secret' -e wrong said
}
dovecot_takes_mail_by_lmtp_and_after_scram_cleanup()
{
	stop
}

atf_init_test_cases()
{
	atf_add_test_case dovecot_takes_mail_by_lmtp_and_after_scram
}
