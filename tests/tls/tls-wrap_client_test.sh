#! /usr/bin/env atf-sh
# tls-wrap as a client: how it judges a server, and what it answers.

PATH=$(atf_get_srcdir)/../../bin:$PATH
. "$(atf_get_srcdir)/setup.sh"

peer="timeout 60 /usr/bin/python3 $(atf_get_srcdir)/peer.py"

test_case()
{
	atf_test_case "$1" cleanup
	eval "$1_head() { network_head; }; $1_cleanup() { stop; }"
}

begin()
{
	make_home
	mkdir -p home/state/tls
	serve
}

# play KIND...: a server; sets port
play()
{
	rm -f port
	mkfifo port
	$peer serve "$@" >port 2>>server.log &
	echo $! >>pids
	read -r port <port
}

# gets PATTERN RECORD...: tls.sock answers so, a line that is that
gets()
{
	pattern=$1
	shift
	$peer ask "$port" "$@" >answer
	grep -Eq "$pattern" answer || { cat answer; atf_fail "$*: no $pattern"; }
}

# is_good RECORD..., is_bad WORD RECORD...
is_good()
{
	gets '^K$' "$@"
	grep -qx HELLO answer || { cat answer; atf_fail "nothing comes through: $*"; }
}

is_bad()
{
	word=$1
	shift
	gets "^4.7.5 $word: " "$@"
}

test_case tells_what_was_agreed_without_a_judgement
tells_what_was_agreed_without_a_judgement_body()
{
	begin
	authority ca
	issue other ca 2 DNS:a.test,DNS:*.b.test
	play tls other
	is_good servername=mx.test
	sha256=$(openssl x509 -in other/cert.pem -outform DER | openssl dgst -sha256 -r | cut -d ' ' -f 1)
	for record in K TLS_VERSION=TLSv1.3 TLS_CIPHER=TLS_AES_256_GCM_SHA384 TLS_GROUP=x25519 \
	    TLS_VERIFIED=none TLS_RESUMED=0 'TLS_PEER_NAMES=a.test,*.b.test' TLS_SHA256=$sha256 HELLO; do
		grep -qxF "$record" answer || { cat answer; atf_fail "no $record"; }
	done
	await grep -q 'event=handshake server=127.0.0.1 .*name=mx.test verified=none' wrap.log ||
		atf_fail "no log"
	# without a name, too
	is_good
	is_good verify=none min=1.3
}

test_case one_process_has_one_session_after_the_other
one_process_has_one_session_after_the_other_body()
{
	begin
	authority ca
	echo "$PWD/ca/cert.pem" >home/control/cafile
	issue good ca 2 DNS:a.test
	issue other ca 2 DNS:b.test
	play tls good
	first=$port
	play tls other
	second=$port
	# nor does a server that goes on talking, or does not hang up, hold the next one up
	play deaf good
	atf_check -o save:answer timeout 20 $peer series "$first" verify=pkix match=a.test session=x -- \
	    "$port" -- "$second" verify=pkix match=a.test session=x -- "$second" -- \
	    "$first" verify=pkix match=a.test session=x
	grep -e '^[KZD]$' -e HELLO -e '^4' -e ^TLS_VER -e ^TLS_RES -e NAMES answer >heard
	atf_check -o file:heard cat <<-END
	K
	TLS_VERSION=TLSv1.3
	TLS_VERIFIED=pkix
	TLS_RESUMED=0
	TLS_PEER_NAMES=a.test
	HELLO
	K
	TLS_VERSION=TLSv1.3
	TLS_VERIFIED=none
	TLS_RESUMED=0
	TLS_PEER_NAMES=a.test
	HELLO
	Z
	4.7.5 certificate-host-mismatch: hostname mismatch; the certificate is for b.test
	K
	TLS_VERSION=TLSv1.3
	TLS_VERIFIED=none
	TLS_RESUMED=0
	TLS_PEER_NAMES=b.test
	HELLO
	K
	TLS_VERSION=TLSv1.3
	TLS_RESUMED=1
	TLS_VERIFIED=pkix
	TLS_PEER_NAMES=a.test
	HELLO
	END
	atf_check_equal 2 "$($peer wrong "$first" | grep -c '^not as many descriptors')"
}

test_case knows_what_versions_are_enough
knows_what_versions_are_enough_body()
{
	begin
	authority ca
	issue old ca 2 DNS:a.test
	play tls old TLSv1_2
	gets TLS_VERSION=TLSv1.2 min=1.2
	gets TLS_CIPHER=TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256 ciphers=ECDHE-ECDSA-CHACHA20-POLY1305
	is_bad handshake-failure ciphers=aRSA
	gets 'no cipher of the list is known' ciphers=NONE
	gets TLS_VERSION=TLSv1.2 min=1.2
	grep -q ^TLS_GROUP= answer || atf_fail 'no group'
	is_bad handshake-failure min=1.3
	play tls old TLSv1_1
	is_bad handshake-failure min=1.2
}

test_case verifies_by_an_authority_and_a_name
verifies_by_an_authority_and_a_name_body()
{
	begin
	authority ca
	authority stranger
	echo "$PWD/ca/cert.pem" >home/control/cafile
	issue good ca 2 'DNS:a.test,DNS:*.b.test,DNS:m*.c.test,IP:127.0.0.1' cn.test
	play tls good
	gets TLS_VERIFIED=pkix verify=pkix servername=a.test
	is_good verify=pkix servername=A.Test
	is_good verify=pkix match=127.0.0.1
	# what is to be matched need not be what is asked for
	is_good verify=pkix servername=other.test match=none.test match=a.test
	is_bad certificate-host-mismatch verify=pkix servername=a.test match=none.test
	# RFC 6125, 6.4.3: one whole label
	is_good verify=pkix match=x.b.test
	for name in b.test x.y.b.test mx.c.test .b.test; do
		gets '^[ZD]$' verify=pkix match=$name
	done
	# the subject is no name, unless it is the only one, which we don't believe either
	is_bad certificate-host-mismatch verify=pkix match=cn.test
	gets 'the certificate is for a.test,..b.test,m..c.test' verify=pkix match=cn.test

	issue late ca -1 DNS:a.test
	play tls late
	is_bad certificate-expired verify=pkix match=a.test
	is_good verify=none
	issue alien stranger 2 DNS:a.test
	play tls alien
	is_bad certificate-not-trusted verify=pkix match=a.test
	# the file is read anew when it has changed
	cat stranger/cert.pem >>ca/cert.pem
	is_good verify=pkix match=a.test
	issue nameless ca 2 '' a.test
	play tls nameless
	is_bad certificate-host-mismatch verify=pkix match=a.test
}

test_case takes_nothing_for_verified_without_authorities
takes_nothing_for_verified_without_authorities_body()
{
	begin
	authority ca
	issue good ca 2 DNS:a.test
	play tls good
	# the system's
	is_bad certificate-not-trusted verify=pkix match=a.test
	echo "$PWD/missing" >home/control/cafile
	gets 'unable to read the file that control/cafile names' verify=pkix match=a.test
	echo nothing >empty
	echo "$PWD/empty" >home/control/cafile
	gets 'no authorities can be read' verify=pkix match=a.test
	is_good
}

test_case verifies_by_tlsa_records
verifies_by_tlsa_records_body()
{
	begin
	authority ca
	issue good ca -1 DNS:a.test
	play tls good
	# usage 3: names and dates mean nothing
	gets TLS_VERIFIED=dane verify=dane servername=other.test "tlsa=3 1 1 $(digest good 1)"
	is_good verify=dane servername=a.test "tlsa=3 0 1 $(digest good 0)"
	is_good verify=dane servername=a.test "tlsa=3 0 2 $(digest good 0 sha512)"
	is_good verify=dane servername=a.test "tlsa=3 1 1 $(digest ca 1)" "tlsa=3 1 1 $(digest good 1)"
	is_bad validation-failure verify=dane servername=a.test "tlsa=3 1 1 $(digest ca 1)"
	whole=$(openssl x509 -in good/cert.pem -outform DER | od -An -v -tx1 | tr -d ' \n')
	is_good verify=dane servername=a.test "tlsa=3 0 0 $whole"
	# usages 0 and 1, an unknown type, a digest that is too short: of no use
	for record in "0 1 1 $(digest ca 1)" "1 1 1 $(digest good 1)" "3 1 9 $(digest good 1)" '3 1 1 abcd'; do
		is_bad tlsa-invalid verify=dane servername=a.test "tlsa=$record"
		is_good verify=dane servername=a.test "tlsa=$record" "tlsa=3 1 1 $(digest good 1)"
	done
	# usage 2: they do
	is_bad certificate-expired verify=dane servername=a.test "tlsa=2 0 1 $(digest ca 0)"
	issue fresh ca 2 DNS:a.test
	play tls fresh
	is_good verify=dane servername=a.test "tlsa=2 0 1 $(digest ca 0)"
	is_good verify=dane servername=b.test match=b.test match=a.test "tlsa=2 1 1 $(digest ca 1)"
	is_bad certificate-host-mismatch verify=dane servername=b.test "tlsa=2 1 1 $(digest ca 1)"
}

test_case verifies_by_fingerprints
verifies_by_fingerprints_body()
{
	begin
	authority ca
	issue good ca -1 DNS:a.test
	play tls good
	none=$(digest ca 0)
	gets TLS_VERIFIED=fingerprint verify=fingerprint "fingerprint=$(digest good 0)"
	is_good verify=fingerprint "fingerprint=$(digest good 1 | tr a-f A-F)"
	is_good verify=fingerprint "fingerprint=$none" "fingerprint=$(digest good 0)"
	is_bad validation-failure verify=fingerprint "fingerprint=$none"
}

test_case resumes_what_was_verified_in_the_same_way_only
resumes_what_was_verified_in_the_same_way_only_body()
{
	begin
	authority ca
	issue good ca 2 DNS:a.test,DNS:b.test
	echo "$PWD/ca/cert.pem" >home/control/cafile
	record="tlsa=3 1 1 $(digest good 1)"
	for version in TLSv1_2 TLSv1_3; do
		play tls good $version
		gets TLS_RESUMED=0 session=$port
		gets TLS_RESUMED=1 session=$port
		grep -q "^TLS_SHA256=$(digest good 0)" answer || atf_fail 'no certificate of the session'
		# by a ticket of the second one
		gets TLS_RESUMED=1 session=$port
		for other in session=other servername=a.test alpn=smtp fingerprint=$(digest ca 0); do
			gets TLS_RESUMED=0 session=$port "$other"
		done
		gets TLS_RESUMED=0
		gets TLS_RESUMED=0 session=$port verify=pkix match=a.test
		gets TLS_RESUMED=0 session=$port verify=pkix match=b.test
		gets TLS_RESUMED=1 session=$port verify=pkix match=b.test
		is_bad certificate-host-mismatch session=$port verify=pkix match=c.test
		gets TLS_RESUMED=0 session=$port verify=dane servername=a.test "$record"
		gets TLS_RESUMED=1 session=$port verify=dane servername=a.test "$record"
	done
}

test_case judges_a_server_anew_when_the_authorities_have_changed
judges_a_server_anew_when_the_authorities_have_changed_body()
{
	begin
	authority ca
	authority other
	issue good ca 2 DNS:a.test
	cp ca/cert.pem trusted
	echo "$PWD/trusted" >home/control/cafile
	play tls good
	gets TLS_RESUMED=0 session=k verify=pkix match=a.test
	gets TLS_RESUMED=1 session=k verify=pkix match=a.test
	cp other/cert.pem trusted
	is_bad certificate-not-trusted session=k verify=pkix match=a.test
}

test_case a_damaged_file_of_sessions_harms_nobody
a_damaged_file_of_sessions_harms_nobody_body()
{
	begin
	authority ca
	issue good ca 2 DNS:a.test
	play tls good
	gets TLS_RESUMED=0 session=k
	atf_check_equal 600 "$(stat -c %a home/state/tls/sessions)"
	size=$(stat -c %s home/state/tls/sessions)
	[ "$size" -le 33554432 ] || atf_fail "the file has $size bytes"
	dd if=/dev/urandom of=home/state/tls/sessions bs=4096 seek=$((size / 8192 * 2)) count=1 \
	    conv=notrunc 2>/dev/null
	gets TLS_RESUMED=0 session=k
	gets TLS_RESUMED=1 session=k
}

test_case says_what_is_wrong_with_a_server_that_speaks_no_tls
says_what_is_wrong_with_a_server_that_speaks_no_tls_body()
{
	begin
	play garbage
	gets '^4.7.5 handshake-failure: not TLS'
	play closing
	gets '^4.7.5 handshake-failure: '
	play silent
	gets '^4.7.5 handshake-failure: timeout' timeout=1
}

test_case refuses_what_it_does_not_understand
refuses_what_it_does_not_understand_body()
{
	begin
	play silent
	for record in verify=well min=1.4 verify=pkix verify=dane verify=fingerprint fingerprint=00 \
	    'tlsa=3 1 1' later=yes; do
		gets '^D$' $record
	done
	gets 'an address to match must be the only name' verify=pkix match=127.0.0.1 match=a.test
}

atf_init_test_cases()
{
	atf_add_test_case tells_what_was_agreed_without_a_judgement
	atf_add_test_case one_process_has_one_session_after_the_other
	atf_add_test_case knows_what_versions_are_enough
	atf_add_test_case verifies_by_an_authority_and_a_name
	atf_add_test_case takes_nothing_for_verified_without_authorities
	atf_add_test_case verifies_by_tlsa_records
	atf_add_test_case verifies_by_fingerprints
	atf_add_test_case resumes_what_was_verified_in_the_same_way_only
	atf_add_test_case judges_a_server_anew_when_the_authorities_have_changed
	atf_add_test_case a_damaged_file_of_sessions_harms_nobody
	atf_add_test_case says_what_is_wrong_with_a_server_that_speaks_no_tls
	atf_add_test_case refuses_what_it_does_not_understand
}
