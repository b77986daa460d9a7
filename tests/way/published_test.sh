#! /usr/bin/env atf-sh
# What domains publish about TLS, DANE and MTA-STS, as mx-route tells it: with a DNS that validates.

PATH=$(atf_get_srcdir)/../../bin:$PATH
. "$(atf_get_srcdir)/../lib/signed_dns.sh"

digest=e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855

begin()
{
	mkdir -p control state/sts
	FACTEUR_HOME=$PWD
	export FACTEUR_HOME
	echo mx.me.test >control/me
	: >control/neverto # all that is here is on the loopback
	echo 2525 >control/mxport
	cat >zone
	signed_dns_begin
	echo "$DNS" >control/resolvers
}

# shows PATTERN DOMAIN: a line of what mx-route says
shows()
{
	atf_check -s ignore -o match:"$1" mx-route "x@$2"
}

atf_test_case dane_is_found cleanup
dane_is_found_body()
{
	cat >insecure <<-END
	insecure. MX 10 host.insecure.
	host.insecure. A 127.9.0.3
	_2525._tcp.host.insecure. TLSA 3 1 1 $digest
	END
	cat >expired <<-END
	host.expired. A 127.9.0.3
	END
	begin <<-END
	to.test. MX 10 mx.test.
	mx.test. A 127.9.0.2
	_2525._tcp.mx.test. TLSA 3 1 1 $digest
	_2525._tcp.mx.test. TLSA 2 0 1 $digest
	old.test. MX 10 mxold.test.
	mxold.test. A 127.9.0.2
	_2525._tcp.mxold.test. TLSA 1 1 1 $digest
	plain.test. MX 10 mxplain.test.
	mxplain.test. A 127.9.0.2
	alias.test. CNAME to.test.
	mxalias.test. MX 10 host.mxalias.test.
	host.mxalias.test. CNAME mx.test.
	away.test. MX 10 host.insecure.
	self.test. A 127.9.0.2
	_2525._tcp.self.test. TLSA 3 1 1 $digest
	broken.test. MX 10 mxbroken.test.
	broken.test. MX 20 mx.test.
	mxbroken.test. A 127.9.0.2
	_2525._tcp.mxbroken.test. CNAME _2525._tcp.host.expired.
	END
	shows "DANE: TLSA .*3 1 1 $digest" to.test
	shows "DANE: TLSA .*2 0 1 $digest" to.test
	shows 'TLS: dane, .*DANE, TLSA records of mx.test' to.test
	shows 'TLS: encrypt: .*TLSA records of mxold.test, none of which can be used' old.test
	shows 'TLS: may:' plain.test
	shows 'DANE: no TLSA records' plain.test
	# through a signed alias of the domain, or of the host
	shows 'TLS: dane, .*TLSA records of mx.test' alias.test
	shows 'TLS: dane, .*TLSA records of mx.test' mxalias.test
	# without MX the domain is its own
	shows 'TLS: dane, .*TLSA records of self.test' self.test
	# what is not signed is nothing
	shows 'TLS: may:' insecure
	shows 'TLS: may:' away.test
	# one that the DNS says nothing of is not now, the other one is
	shows 'mxbroken.test: no answer from the DNS about its TLSA records' broken.test
	shows 'TLS: dane, .*TLSA records of mx.test' broken.test
	# the admin's word
	echo 'to.test may' >control/tlspolicy
	shows 'TLS: dane' to.test
	echo 'to.test none' >control/tlspolicy
	shows 'TLS: none' to.test
	echo '* dane' >control/tlspolicy
	shows 'TLS: dane' plain.test
	# a host that the admin names
	echo 'plain.test:mx.test' >control/smtproutes
	rm control/tlspolicy
	shows 'TLS: dane, .*TLSA records of mx.test' plain.test
	atf_check -s exit:0 test ! -e state/send
}
dane_is_found_cleanup()
{
	signed_dns_end
}

atf_test_case only_validating_resolvers_are_believed cleanup
only_validating_resolvers_are_believed_body()
{
	begin <<-END
	to.test. MX 10 mx.test.
	mx.test. A 127.9.0.2
	_2525._tcp.mx.test. TLSA 3 1 1 $digest
	END
	atf_check -o ignore -e not-match:unvalidating mx-route x@to.test
	# one that could be anybody on the way
	echo 192.0.2.1:53 >>control/resolvers
	shows 'TLS: may' to.test
	echo 1 >control/trustad
	shows 'TLS: dane' to.test
	rm control/trustad
	# one of this machine that does not validate is told of, once
	mkdir -m 700 state/send
	serve_anew /trust-anchor/d 's/validator iterator/iterator/'
	atf_check -o match:'TLS: may' -e match:'event=unvalidating resolvers=127.0.0.1:' mx-route x@to.test
	atf_check -o match:'TLS: may' -e empty mx-route x@to.test
	serve_anew
	atf_check -o match:'TLS: dane' -e empty mx-route x@to.test
}
only_validating_resolvers_are_believed_cleanup()
{
	signed_dns_end
}

# serve_anew EDIT...: another server, its configuration edited
serve_anew()
{
	signed_dns_end
	[ -e dns/sound ] || cp dns/conf dns/sound
	cp dns/sound dns/conf
	for edit in "$@"; do
		sed -i "$edit" dns/conf
	done
	signed_dns_serve || signed_dns_serve || atf_fail "$(cat dns/unbound.log)"
	echo "$DNS" >control/resolvers
}

# keep DOMAIN MODE MX: a policy that sts-fetch has kept
keep()
{
	printf 'sts1 %s id1\nversion: STSv1\nmode: %s\nmx: %s\nmax_age: 86400\n' "$(date +%s)" "$2" "$3" \
	    >"state/sts/$1"
}

atf_test_case mta_sts_is_found cleanup
mta_sts_is_found_body()
{
	cat >insecure <<-END
	to.insecure. MX 10 a.mx.insecure.
	to.insecure. MX 20 other.insecure.
	a.mx.insecure. A 127.9.0.3
	other.insecure. A 127.9.0.3
	END
	begin <<-END
	to.test. MX 10 mx.test.
	mx.test. A 127.9.0.2
	_2525._tcp.mx.test. TLSA 3 1 1 $digest
	END
	keep to.insecure enforce '*.mx.insecure'
	shows 'TLS: verify, .*the MTA-STS policy of to.insecure' to.insecure
	shows 'MTA-STS: enforce, id id1$' to.insecure
	shows 'other.insecure is not in the MTA-STS policy of to.insecure' to.insecure
	keep to.insecure testing '*.mx.insecure'
	shows 'TLS: may' to.insecure
	shows 'MTA-STS: testing, id id1, which does not have this host$' to.insecure
	keep to.insecure none '*.mx.insecure'
	shows 'TLS: may' to.insecure
	sed -i 's/^sts1 [0-9]*/sts1 1000000000/; s/none/enforce/' state/sts/to.insecure
	shows 'TLS: may' to.insecure
	# DANE goes first, the admin before both
	keep to.test enforce elsewhere.test
	shows 'TLS: dane' to.test
	keep to.insecure enforce nothing.insecure
	echo 'to.insecure none' >control/tlspolicy
	shows 'TLS: none' to.insecure
	rm control/tlspolicy
	# not for the hosts of a route
	echo 'to.insecure:other.insecure' >control/smtproutes
	shows 'TLS: may' to.insecure
}
mta_sts_is_found_cleanup()
{
	signed_dns_end
}

atf_init_test_cases()
{
	atf_add_test_case dane_is_found
	atf_add_test_case only_validating_resolvers_are_believed
	atf_add_test_case mta_sts_is_found
}
