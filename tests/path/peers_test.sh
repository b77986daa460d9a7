#! /usr/bin/env atf-sh
# Other mail servers send to a running system over STARTTLS.

system_source=$(atf_get_srcdir)
build=$(cd "$system_source/../.." && pwd)
. "$system_source/system.sh"

# sends NAME PACKAGE: a case in which that peer sends a message
sends()
{
	eval "
	atf_test_case $1_sends_over_starttls cleanup
	$1_sends_over_starttls_head()
	{
		atf_set require.progs 's6-svscan tcpserver swaks python3 setpriv unshare apt-get'
		atf_set require.user root
		atf_set timeout 120
	}
	$1_sends_over_starttls_body()
	{
		send_by $1 $2
		system_stop
	}
	$1_sends_over_starttls_cleanup()
	{
		system_kill
	}
	cases=\"\$cases $1_sends_over_starttls\""
}

send_by()
{
	"$FACTEUR_SOURCE/tests/dependencies" unpack "$build/peers" "$2" ||
		atf_skip "the package $2 can't be had"
	unshare -m true || atf_skip "no namespace of our own"
	chmod 755 .
	export FACTEUR_HOME="$PWD/home" PATH="$bin:$PATH:/usr/sbin"
	system_make example.test || atf_fail "mail-setup failed"
	mailbox bob@example.test secret || atf_fail "mail-user failed"
	system_start || atf_fail "the system did not become ready"
	{
		printf 'From: a@%s.test\nTo: bob@example.test\nSubject: by %s\n\n' "$1" "$1"
		printf '%s\n' hello . ..two .three "$(printf 'x%.0s' $(seq 900))"
	} >message
	smtp=$smtp inlet=$("$system_source/../lib/ports.py" port) peers=$build/peers peer_source=$system_source timeout 200 \
	    unshare -m sh -c '. "$peer_source/peers.sh" && peers_view && $0_send bob@example.test' "$1" \
	    <message >peer.log 2>&1
	await has_come "$1" || {
		cat peer.log home/log/smtp/current
		atf_fail "it has not come"
	}
	mail=$(maildir bob@example.test)/new/*
	atf_check -o match:'by mx.example.test with ESMTPS \(TLSv1.[23]\) id' -o match:'^\.\.two$' \
	    -o match:'^\.$' -o match:'^\.three$' -o match:'^x{900}$' cat $mail
	atf_check -o match:"event=accepted from=a@$1.test rcpts=1" cat home/log/smtp/current
}

has_come()
{
	grep -q "^Subject: by $1\$" "$(maildir bob@example.test)"/new/* 2>/dev/null
}

sends postfix postfix
sends opensmtpd opensmtpd
sends exim exim4-daemon-light

atf_init_test_cases()
{
	for case in $cases; do
		atf_add_test_case "$case"
	done
}
