#! /usr/bin/env atf-sh
# What mx-route tells of the ways of mail, with a DNS (dnsmasq) that play.py begins.

PATH=$(atf_get_srcdir)/../../bin:$PATH

prepare()
{
	[ -x /usr/sbin/dnsmasq ] || atf_skip "no dnsmasq-base"
	mkdir control
	echo mx.me.test >control/me
	FACTEUR_HOME=$PWD
	export FACTEUR_HOME
	cat >with_dns <<-'END'
	echo "127.0.0.1:$DNS" >control/resolvers
	exec mx-route "$@"
	END
	cat >route <<-END
	# route WORD...: mx-route with these words
	exec "$(atf_get_srcdir)/../send/play.py" dns=--local=/test/ \
	    dns=--mx-host=to.test,a.mx.test,20 dns=--mx-host=to.test,b.mx.test,10 \
	    dns=--host-record=a.mx.test,198.41.0.4,2001:503:ba3e::2:30 \
	    dns=--host-record=b.mx.test,199.9.14.201 dns=--host-record=self.test,198.41.0.4 \
	    dns=--mx-host=inside.test,in.test,5 dns=--host-record=in.test,10.0.0.1 \
	    dns=--mx-host=half.test,in.test,5 dns=--mx-host=half.test,b.mx.test,6 \
	    -- sh with_dns "\$@"
	END
}

atf_test_case shows_the_mx_hosts_in_their_order
shows_the_mx_hosts_in_their_order_body()
{
	prepare
	atf_check -o save:out sh route x@To.test.
	atf_check -o inline:'x@To.test.: mx-send, to the MX of To.test
  10 b.mx.test:25 [199.9.14.201]
  20 a.mx.test:25 [198.41.0.4 2001:503:ba3e::2:30]
' grep -v '^    ' out
	atf_check -o inline:'2\n' grep -c '^    TLS: may: ' out
	atf_check -o inline:'2\n' grep -c '^    DANE: none' out
	atf_check -o inline:'2\n' grep -c '^    MTA-STS: absent, the service sts does not run' out
	atf_check -o inline:'2\n' grep -c '^    password: no$' out
	# without MX it is its own, without a preference; a domain is enough
	atf_check -o match:'^self.test: mx-send, to the MX of self.test$' \
	    -o match:'^  self.test:25 .198.41.0.4.$' sh route self.test
	atf_check -o match:'^x@.198.41.0.4.: mx-send, to .198.41.0.4.$' \
	    -o match:'^  198.41.0.4:25 .198.41.0.4.$' sh route 'x@[198.41.0.4]'
	echo ipv6 >control/ipfamilies
	echo 2525 >control/mxport
	atf_check -o match:'^  20 a.mx.test:2525 .2001:503:ba3e::2:30.$' \
	    -o match:'not now: 4.4.4 b.mx.test' sh route x@to.test
}

atf_test_case shows_the_route_and_what_it_says
shows_the_route_and_what_it_says_body()
{
	prepare
	printf '%s\n' 'one.test:a.mx.test:26 mx!to.test smtps://[::1] lmtp:///run/lmtp' \
	    'gone.test:fail 5.1.6 it has moved' ':bad:x' >control/smtproutes
	printf '%s\n' '@from.test:b.mx.test' >control/senderroutes
	printf '%s\n' '@from.test 192.0.2.1' >control/bindaddresses
	printf '%s\n' 'mx.me.test' '192.0.2.1 one.me.test' >control/helohost
	atf_check -o save:out sh route x@one.test
	atf_check -o inline:'x@one.test: mx-send, to a.mx.test:26 mx!to.test smtps://[::1] lmtp:///run/lmtp
  route: control/smtproutes, one.test:a.mx.test:26 mx!to.test smtps://[::1] lmtp:///run/lmtp
  a.mx.test:26 [198.41.0.4 2001:503:ba3e::2:30]
  10 b.mx.test:25 [199.9.14.201]
  20 a.mx.test:25 [198.41.0.4 2001:503:ba3e::2:30]
  [::1]:465 smtps [::1]
  /run/lmtp lmtp
' grep -v '^    ' out
	atf_check -o match:'TLS: encrypt: the route says smtps' cat out
	atf_check -o match:'to b.mx.test$' -o match:'route: control/senderroutes, @from.test:b.mx.test$' \
	    -o match:'from: 192.0.2.1 as one.me.test, by control/bindaddresses, @from.test 192.0.2.1$' \
	    sh route -f y@from.test x@to.test
	atf_check -s exit:100 -o inline:'x@gone.test: refused for good: 5.1.6 it has moved\n' sh route x@gone.test
	atf_check -s exit:111 -o match:'^x@to.test: not now: 4.3.5 control/smtproutes: malformed line' \
	    sh route x@to.test
}

atf_test_case tells_of_policies_and_passwords
tells_of_policies_and_passwords_body()
{
	prepare
	echo 'one.test:a.mx.test:587 b.mx.test mx!self.test' >control/smtproutes
	printf '%s\n' 'to.test verify match=mx min=1.3' '* may' >control/tlspolicy
	printf '%s\n' 'a.mx.test:587 user secret' 'self.test user secret insecure' >control/smtppasswords
	chmod 600 control/smtppasswords
	atf_check -o save:out sh route x@one.test
	atf_check -o inline:'    password: yes\n    password: no\n    password: insecure\n' grep password: out
	atf_check -o not-match:secret cat out
	atf_check -o match:'^    TLS: verify, for the name a.mx.test: the password in control/smtppasswords$' cat out
	atf_check -o inline:'1\n' grep -c 'TLS: verify' out
	# those that were not named get none
	atf_check -o not-match:'password: (yes|insecure|unknown)' -o match:'TLS: verify, at least 1.3, .*control/tlspolicy' \
	    sh route x@to.test
	rm control/tlspolicy
	mkdir -p state/sts
	printf 'sts1 %s 77\nversion: STSv1\nmode: enforce\nmx: a.mx.test\nmax_age: 86400\n' "$(date +%s)" \
	    >state/sts/to.test
	atf_check -o match:'^    TLS: verify, for the name a.mx.test: the MTA-STS policy of to.test$' \
	    -o match:'^    MTA-STS: enforce, id 77$' -o match:'^    not now: 4.7.5 b.mx.test is not in the MTA-STS' \
	    sh route x@to.test
	chmod 644 control/smtppasswords
	atf_check -o match:'password: unknown, ' sh route x@one.test
}

atf_test_case tells_what_is_in_the_way
tells_what_is_in_the_way_body()
{
	prepare
	atf_check -s exit:100 -o match:'^  refused for good: 5.1.2 nowhere.test: no such domain' sh route x@nowhere.test
	atf_check -s exit:100 -o match:'^  refused for good: 5.4.4 in.test.10.0.0.1., where .* control/neverto' \
	    sh route x@inside.test
	# another one of the domain takes it
	atf_check -o match:'^  refused for good: 5.4.4 in.test' -o match:'^  6 b.mx.test:25' sh route x@half.test
	atf_check -s exit:100 -o match:'"@" is not a domain|is not a domain' sh route '@'
	# the worst that can be mended counts
	echo 'later.test:a:b:c' >control/smtproutes
	atf_check -s exit:111 -o ignore sh route x@nowhere.test x@later.test x@to.test
	atf_check -s exit:100 -o ignore sh route x@to.test x@nowhere.test
	printf 'to.test:fail red \033[31m\n' >control/smtproutes
	atf_check -s exit:100 -o not-match:"$(printf '\033')" -o match:'red' sh route x@to.test
}

atf_test_case knows_what_is_local
knows_what_is_local_body()
{
	prepare
	mkdir users
	echo here.test >control/domains
	: >users/mailboxes
	atf_check -e ignore mail-compile
	atf_check -o inline:'x@Here.test: local-deliver, for the domain is ours\n' mx-route x@Here.test
	atf_check -o inline:'{"address":"x@here.test","local":true,"hosts":[],"fault":null}\n' mx-route -j x@here.test
	echo torn >users/users.cdb
	atf_check -s exit:111 -e match:'unable to open users/users.cdb' mx-route x@here.test
}

atf_test_case speaks_json
speaks_json_body()
{
	prepare
	printf '%s\n' 'one.test:lmtp:///run/lmtp smtps://a.mx.test' 'gone.test:fail it is "gone"' >control/smtproutes
	echo '* 192.0.2.1 2001:db8::1' >control/bindaddresses
	atf_check -s exit:100 -o save:out sh route -j x@to.test x@one.test x@gone.test
	cat >look.py <<-'END'
	import json
	to, one, gone = [json.loads(line) for line in open("out")]
	assert to["address"] == "x@to.test" and to["domain"] == "to.test" and not to["local"]
	assert to["by"] == "mx" and "route" not in to and to["fault"] is None
	assert to["from"][0] == {"address": "192.0.2.1", "helo": "mx.me.test"}, to["from"]
	b, a = to["hosts"]
	assert (b["host"], b["port"], b["preference"], b["mx"]) == ("b.mx.test", 25, 10, True)
	assert a["addresses"] == ["198.41.0.4", "2001:503:ba3e::2:30"], a
	assert a["tls"]["level"] == "may" and a["tls"]["why"] and a["tls"]["policy_domain"] == "to.test"
	assert a["dane"] == {"signed": False, "usable": False, "tlsa": []}
	assert a["sts"]["mode"] == "absent" and a["password"] == "no" and a["fault"] is None
	assert one["by"] == "route" and one["hops"] == "lmtp:///run/lmtp smtps://a.mx.test"
	assert one["route"]["file"] == "control/smtproutes" and one["route"]["line"].startswith("one.test:")
	path, host = one["hosts"]
	assert path["host"] == "/run/lmtp" and path["protocol"] == "lmtp" and "port" not in path
	assert host["protocol"] == "smtps" and host["port"] == 465 and host["tls"]["level"] == "encrypt"
	assert "preference" not in host and not host["mx"]
	assert gone["hosts"] == []
	assert gone["fault"] == {"result": "D", "status": "5.7.1", "text": 'it is "gone"'}
	END
	atf_check python3 look.py
}

atf_test_case wrong_usage_and_settings_are_not_now
wrong_usage_and_settings_are_not_now_body()
{
	prepare
	for words in '' -x '-t' '-t 0 a@b.test' '-f'; do
		atf_check -s exit:111 -e match:'usage: mx-route|mx-route: ' mx-route $words
	done
	echo ipv5 >control/ipfamilies
	atf_check -s exit:111 -e match:'control/ipfamilies' mx-route x@to.test
	FACTEUR_HOME=/nonexistent atf_check -s exit:111 -e match:'unable to enter' mx-route x@to.test
}

# Root becomes the user of the service that sends.
atf_test_case root_does_not_ask_the_dns
root_does_not_ask_the_dns_head()
{
	atf_set require.user root
}
root_does_not_ask_the_dns_body()
{
	prepare
	mkdir -p service/send/env users
	echo 12345 >service/send/env/SERVICE_UID
	echo 12345 >service/send/env/SERVICE_GID
	chmod 711 . && chmod 755 control
	chmod 700 control/me 2>/dev/null
	# it may not read what root alone may
	atf_check -s exit:111 -e match:'control/me' mx-route x@to.test
	chmod 644 control/me
	atf_check -o match:'b.mx.test' sh route x@to.test
}

atf_init_test_cases()
{
	atf_add_test_case shows_the_mx_hosts_in_their_order
	atf_add_test_case shows_the_route_and_what_it_says
	atf_add_test_case tells_of_policies_and_passwords
	atf_add_test_case tells_what_is_in_the_way
	atf_add_test_case knows_what_is_local
	atf_add_test_case speaks_json
	atf_add_test_case wrong_usage_and_settings_are_not_now
	atf_add_test_case root_does_not_ask_the_dns
}
