#! /usr/bin/env atf-sh
# mx-send to domains that publish what they want of TLS: DANE, MTA-STS; and REQUIRETLS.

PATH=$(atf_get_srcdir)/../../bin:$PATH
. "$(atf_get_srcdir)/../tls/setup.sh"
. "$(atf_get_srcdir)/../lib/signed_dns.sh"

# begin: the zone comes on standard input; _tlsa.HOST in it is where the records of HOST stand, whatever
# its port is
begin()
{
	cat >zone
	make_home
	mkdir -p home/state/tls home/state/sts home/state/tlsreport
	echo mx.me.test >home/control/me
	echo 5 >home/control/timeoutremote
	: >home/control/neverto
	printf 'Subject: test\n\nhello\n' >message
	echo "$PWD/ca/cert.pem" >home/control/cafile
	signed_dns_begin
	echo "$DNS" >home/control/resolvers
	serve
}

# sends EXIT OUTPUT DOMAIN WORD...: a message for r@DOMAIN, to servers with these words
sends()
{
	code=$1 output=$2 domain=$3
	shift 3
	rm -f commands ahead pieces message.[0-9]*
	atf_check -s "exit:$code" -o match:"$output" -e save:log \
	    "$(atf_get_srcdir)/play.py" "$@" -- \
	    sh -c 'echo $PORT >home/control/mxport; exec mx-send "$1" s@from.test "r@$1" <message' x "$domain"
}

nothing_sent()
{
	! grep MAIL commands || atf_fail "a message has begun"
}

test_case()
{
	atf_test_case "$1" cleanup
	eval "$1_head() { network_head; }; $1_cleanup() { stop; signed_dns_end; }"
}

test_case keeps_to_dane
keeps_to_dane_body()
{
	authority ca
	issue good ca 2 DNS:elsewhere.test
	issue named ca 2 DNS:to.test
	begin <<-END
	to.test. MX 10 mx.test.
	mx.test. A 127.0.0.1
	*._tcp.mx.test. TLSA 3 1 1 $(digest good 1)
	ta.test. MX 10 mxta.test.
	mxta.test. A 127.0.0.1
	*._tcp.mxta.test. TLSA 2 0 1 $(digest ca 0)
	old.test. MX 10 mxold.test.
	mxold.test. A 127.0.0.1
	*._tcp.mxold.test. TLSA 1 1 1 $(digest ca 1)
	two.test. MX 10 mxta.test.
	two.test. MX 20 mx2.test.
	mx2.test. A 127.0.0.2
	*._tcp.mx2.test. TLSA 3 1 1 $(digest named 1)
	lost.test. MX 10 mxlost.test.
	mxlost.test. A 127.0.0.1
	*._tcp.mxlost.test. CNAME nothing.expired.
	END
	echo 'Example <tls@me.test>' >home/control/tlsreport
	sends 0 '^K' to.test tls=good
	atf_check -o match:'tls=.*verified=dane' grep event=sent log
	# another's certificate, no TLS, a broken one: never in clear text
	sends 111 '^Z 4.7.5 .*DANE, TLSA records of mx.test wants it: ' to.test tls=named
	nothing_sent
	sends 111 '^Z 4.7.4 .*DANE.*does not offer STARTTLS' to.test
	nothing_sent
	sends 111 '^Z 4.7.' to.test 'ehlo=250-fake.test|250 STARTTLS' 'starttls=454 not now'
	nothing_sent
	# an authority of the domain's own: its names count
	sed -i 's/^/# /' home/control/cafile
	sends 111 '^Z 4.7.5 .*certificate-host-mismatch' ta.test tls=good
	nothing_sent
	issue ta ca 2 DNS:mxta.test
	sends 0 '^K' ta.test tls=ta
	# records that nobody can use want TLS, whoever it is
	sends 0 '^K' old.test tls=good
	atf_check -o match:'tls=.*verified=none' grep event=sent log
	sends 111 '^Z 4.7.4 .*none of which can be used' old.test
	nothing_sent
	# the next host may be right
	sends 0 '^K .*mx2.test' two.test at=127.0.0.1 tls=good at=127.0.0.2 tls=named
	# records that the DNS does not vouch for are not now
	sends 111 '^Z 4.7.5 .*mxlost.test: no answer from the DNS about its TLSA records' lost.test tls=good
	nothing_sent
	cut -f 2-5,8 home/state/tlsreport/* | sed 's/	3 1 1 [0-9a-f]*	/	RECORDS	/; s/	2 0 1 [0-9a-f]*	/	RECORDS	/' >noted
	atf_check -o file:noted tr '|' '\t' <<-END
	to.test|tlsa|RECORDS|mx.test|
	to.test|tlsa|RECORDS|mx.test|validation-failure
	to.test|tlsa|RECORDS|mx.test|starttls-not-supported
	to.test|tlsa|RECORDS|mx.test|starttls-not-supported
	ta.test|tlsa|RECORDS|mxta.test|certificate-host-mismatch
	ta.test|tlsa|RECORDS|mxta.test|
	old.test|tlsa||mxold.test|
	old.test|tlsa||mxold.test|starttls-not-supported
	two.test|tlsa|RECORDS|mxta.test|certificate-host-mismatch
	two.test|tlsa|RECORDS|mx2.test|
	lost.test|tlsa||mxlost.test|dnssec-invalid
	END
}

test_case does_without_what_the_sender_does_not_want
does_without_what_the_sender_does_not_want_body()
{
	authority ca
	issue good ca 2 DNS:elsewhere.test
	issue named ca 2 DNS:to.test
	begin <<-END
	to.test. MX 10 mx.test.
	mx.test. A 127.0.0.1
	*._tcp.mx.test. TLSA 3 1 1 $(digest good 1)
	END
	printf 'Subject: test\ntls-required: No\n\nhello\n' >message
	sends 0 '^K' to.test
	sends 0 '^K' to.test tls=named
	atf_check -o match:'tls=.*verified=none' grep event=sent log
	printf 'Subject: test\n\nTLS-Required: no\n' >message
	sends 111 '^Z 4.7.4' to.test
	echo 'to.test dane' >home/control/tlspolicy
	printf 'TLS-Required: No\n\nhello\n' >message
	sends 111 '^Z 4.7.4' to.test
}

# keep DOMAIN MODE MX: a policy that sts-fetch has kept
keep()
{
	printf 'sts1 %s id1\nversion: STSv1\nmode: %s\nmx: %s\nmax_age: 86400\n' "$(date +%s)" "$2" "$3" \
	    >"home/state/sts/$1"
}

# For each host anew it would be a question of many.
test_case asks_for_a_policy_once
asks_for_a_policy_once_body()
{
	authority ca
	issue good ca 2 DNS:mx3.insecure
	cat >insecure <<-END
	to.insecure. MX 10 mx1.insecure.
	to.insecure. MX 20 mx2.insecure.
	to.insecure. MX 30 mx3.insecure.
	mx1.insecure. A 127.0.0.2
	mx2.insecure. A 127.0.0.3
	mx3.insecure. A 127.0.0.1
	END
	begin </dev/null
	keep to.insecure enforce mx3.insecure
	{ printf 'policy - \n'; cat home/state/sts/to.insecure; } >text
	{ printf '%d:' "$(wc -c <text)"; cat text; printf ,; } >answer
	rm home/state/sts/*
	echo 'head -c 1 >/dev/null; echo >>asked; cat answer' >script
	s6-ipcserver -1 home/run/sts.sock sh script >sts.ready &
	echo $! >>pids
	until_true '[ -s sts.ready ]'
	for times in 1 2; do
		sends 0 '^K' to.insecure tls=good
		atf_check_equal $times "$(grep -c '' asked)"
	done
}

test_case keeps_to_mta_sts
keeps_to_mta_sts_body()
{
	authority ca
	authority other
	issue good ca 2 DNS:mx.insecure
	issue wrong ca 2 DNS:to.insecure
	issue foreign other 2 DNS:mx.insecure
	cat >insecure <<-END
	to.insecure. MX 10 mx.insecure.
	mx.insecure. A 127.0.0.1
	plain.insecure. MX 10 mx.insecure.
	END
	begin </dev/null
	echo 'Example <tls@me.test>' >home/control/tlsreport
	keep to.insecure enforce mx.insecure
	sends 0 '^K' to.insecure tls=good
	atf_check -o match:'tls=.*verified=pkix' grep event=sent log
	sends 111 '^Z 4.7.5 .*the MTA-STS policy of to.insecure wants it: certificate-host-mismatch' to.insecure tls=wrong
	nothing_sent
	sends 111 '^Z 4.7.5 .*certificate-not-trusted' to.insecure tls=foreign
	nothing_sent
	sends 111 '^Z 4.7.4 ' to.insecure
	nothing_sent
	keep to.insecure enforce other.insecure
	sends 111 '^Z 4.7.5 .*mx.insecure is not in the MTA-STS policy of to.insecure' to.insecure tls=good
	atf_check test ! -e commands
	keep to.insecure testing mx.insecure
	sends 0 '^K' to.insecure tls=good
	sends 0 '^K' to.insecure tls=wrong
	atf_check -o match:'result=certificate-host-mismatch' grep event=unverified log
	sends 0 '^K' to.insecure
	sends 0 '^K' plain.insecure tls=good
	sends 0 '^K' plain.insecure
	# what is kept and can't be read is not taken for nothing
	rm home/state/sts/*
	ln -s elsewhere home/state/sts/to.insecure
	rm -f commands
	sends 111 '^Z 4.3.0 .* unable to read the MTA-STS policy of to.insecure' to.insecure tls=good
	atf_check test ! -e commands
	# a policy that can't be had
	rm home/state/sts/*
	printf '34:none sts-webpki-invalid untrusted\n,' >answer
	# the question may come after the end of who does not wait for it
	echo 'head -c 1 >/dev/null; cat answer' >script
	s6-ipcserver -1 home/run/sts.sock sh script >sts.ready &
	echo $! >>pids
	until_true '[ -s sts.ready ]'
	sends 0 '^K' plain.insecure tls=good
	# reports on reports are nobody's business
	printf 'TLS-Report-Domain: to.insecure\n\nreport\n' >message
	sends 0 '^K' to.insecure tls=good
	# all of that is noted
	atf_check -o inline:'127.0.0.1\t127.0.0.1\n' sh -c 'cut -f 6,7 home/state/tlsreport/* | grep 127.0.0.1.1 | sort -u'
	cut -f 2-5,8 home/state/tlsreport/* >noted
	atf_check -o file:noted tr '|' '\t' <<-END
	to.insecure|sts|id1|mx.insecure|
	to.insecure|sts|id1|mx.insecure|certificate-host-mismatch
	to.insecure|sts|id1|mx.insecure|certificate-not-trusted
	to.insecure|sts|id1|mx.insecure|starttls-not-supported
	to.insecure|sts|id1|mx.insecure|validation-failure
	to.insecure|sts|id1|mx.insecure|
	to.insecure|sts|id1|mx.insecure|certificate-host-mismatch
	to.insecure|sts|id1|mx.insecure|starttls-not-supported
	plain.insecure|no-policy-found||mx.insecure|
	plain.insecure|no-policy-found||mx.insecure|starttls-not-supported
	plain.insecure|sts||mx.insecure|sts-webpki-invalid
	END
}

# asks EXIT DOMAIN WORD...: as sends, by a job with REQUIRETLS
asks()
{
	pattern=$1 domain=$2
	shift 2
	rm -f commands
	printf 'F%s|Pid=0123456789abcdefghijklmn|PREQUIRETLS=1|Tr@%s||' "${SENDER-s@from.test}" "$domain" | tr '|' '\0' >envelope
	for part in envelope message; do
		printf '%d:' "$(wc -c <$part)"
		cat $part
		printf ,
	done >job
	atf_check -o match:"$pattern" -e save:log "$(atf_get_srcdir)/play.py" "$@" -- \
	    sh -c 'echo $PORT >home/control/mxport; exec mx-send -s <job'
}

test_case keeps_requiretls
keeps_requiretls_body()
{
	authority ca
	issue good ca 2 DNS:mx.test,DNS:mx.insecure
	issue other ca 2 DNS:elsewhere.test
	cat >insecure <<-END
	to.insecure. MX 10 mx.insecure.
	mx.insecure. A 127.0.0.1
	END
	begin <<-END
	to.test. MX 10 mx.test.
	mx.test. A 127.0.0.1
	dane.test. MX 10 mx3.test.
	mx3.test. A 127.0.0.1
	*._tcp.mx3.test. TLSA 3 1 1 $(digest other 1)
	two.test. MX 10 mx.test.
	two.test. MX 20 mx2.test.
	mx2.test. A 127.0.0.2
	*._tcp.mx2.test. TLSA 3 1 1 $(digest other 1)
	END
	offer='tlsehlo=250-fake.test|250 REQUIRETLS'
	# signed MX records, and a certificate of an authority
	asks '^[0-9]*:K' to.test tls=good "$offer"
	atf_check -o match:'MAIL FROM:<s@from.test> REQUIRETLS' cat commands
	asks '^[0-9]*:Z4.7.5.*REQUIRETLS wants it: certificate-host-mismatch' to.test tls=other "$offer"
	nothing_sent
	asks '^[0-9]*:D5.7.30.*does not offer REQUIRETLS' to.test tls=good
	# a server that has no TLS just now has not lacked it for good
	asks '^[0-9]*:Z4.7.4 ' to.test tls=good 'starttls=454 4.3.0 not now'
	nothing_sent
	# one that has none at all, and nothing says that it should
	asks '^[0-9]*:D5.7.10.*does not offer STARTTLS' to.test
	nothing_sent
	# DANE at another host
	asks '^[0-9]*:K.*mx2.test' two.test at=127.0.0.1 tls=good at=127.0.0.2 tls=other "$offer"
	# nobody says that the host is the right one
	asks '^[0-9]*:D5.7.30.*neither signed records nor an MTA-STS policy' to.insecure tls=good "$offer"
	keep to.insecure enforce '*.insecure'
	asks '^[0-9]*:K' to.insecure tls=good "$offer"
	# where the domain says that it has TLS, whoever hides it makes no bounce
	asks '^[0-9]*:Z4.7.4.*starttls-not-supported' to.insecure
	nothing_sent
	asks '^[0-9]*:Z4.7.4.*starttls-not-supported' dane.test
	nothing_sent
	echo 'to.test encrypt' >home/control/tlspolicy
	asks '^[0-9]*:Z4.7.4.*starttls-not-supported' to.test
	nothing_sent
	rm home/control/tlspolicy
	# a report is not lost for it
	SENDER=
	asks '^[0-9]*:K' to.test tls=good
	atf_check -o inline:'127.0.0.1 MAIL FROM:<>\n' grep MAIL commands
	asks '^[0-9]*:K' to.test tls=good "$offer"
	atf_check -o match:'MAIL FROM:<> REQUIRETLS' cat commands
	unset SENDER
	# the field of the header does not count beside it
	printf 'TLS-Required: No\n\nhello\n' >message
	asks '^[0-9]*:D5.7.10' to.test
	nothing_sent
	# who has a policy that can't be had just now has promised something, and may give it again
	rm home/state/sts/*
	printf '34:none sts-webpki-invalid untrusted\n,' >answer
	echo 'head -c 1 >/dev/null; cat answer' >script
	s6-ipcserver -1 home/run/sts.sock sh script >sts.ready &
	echo $! >>pids
	until_true '[ -s sts.ready ]'
	asks '^[0-9]*:Z4.7.4.*starttls-not-supported' to.test
	nothing_sent
	asks '^[0-9]*:Z4.7.5.*the MTA-STS policy of to.insecure can.t be had.*sts-webpki-invalid' to.insecure tls=good "$offer"
	atf_check test ! -e commands
}

atf_init_test_cases()
{
	atf_add_test_case keeps_to_dane
	atf_add_test_case does_without_what_the_sender_does_not_want
	atf_add_test_case asks_for_a_policy_once
	atf_add_test_case keeps_to_mta_sts
	atf_add_test_case keeps_requiretls
}
