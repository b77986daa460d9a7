#! /usr/bin/env atf-sh
# Messages from outside, with a resolver of our own: tests/dns/zone.py.
PATH=$(atf_get_srcdir)/../../bin:$PATH
. "$(atf_get_srcdir)/../lib/sanitizer.sh"
sign=$(atf_get_srcdir)/sign.py
zone=$(atf_get_srcdir)/../dns/zone.py

# A home, a sink "keep" that keeps message and envelope there, a zone, a message from example.org.
home()
{
	FACTEUR_HOME=$PWD/home
	QUEUEID=$(printf '0%.0s' $(seq 24))
	PATH=$PWD/bin:$PATH
	TCPREMOTEIP=192.0.2.7
	export FACTEUR_HOME PATH QUEUEID TCPREMOTEIP
	mkdir -p home/control home/run bin
	echo mx.example.test >home/control/me
	cat >bin/keep <<-'END'
		#!/bin/sh
		cat >message
		tr '\0' '|' <&1 >envelope
		echo "K$QUEUEID" >&4
	END
	# field: the Authentication-Results field at the top of what came out, on one line
	cat >bin/field <<-'END'
		#!/bin/sh
		awk 'NR == 1 || /^\t/ { printf "%s", $0; next } { exit } END { print "" }' home/message | tr '\t' ' '
	END
	chmod +x bin/keep bin/field
	printf 'Fjoe@example.org\0Ta@b\0\0' >envelope
	printf '%s\n' 'From: Joe <joe@example.org>' 'To: a@b' 'Subject: s' '' body >message
	cat >zone <<-'END'
		example.org A 192.0.2.1
		_dmarc.example.org TXT "v=DMARC1; p=reject"
		_dmarc.soft.test TXT "v=DMARC1; p=quarantine"
	END
}

# a_key: one for example.org
a_key()
{
	openssl genrsa -out key 1024 2>/dev/null
	"$sign" example.org sel key record >>zone
}

# spf RESULT DOMAIN: what spf-check has said
spf()
{
	export SPF_RESULT="$1" SPF_DOMAIN="$2" SPF_IDENTITY=mailfrom SENDER="joe@$2"
}

# check CODE [SINK]: message and envelope through origin-check, while the DNS knows the zone; "report"
# is what it says, home/message what comes out.  It gets MEMORY, KiB.
check()
{
	cat >script <<-END
	echo "127.0.0.1:\$DNS" >home/control/resolvers
	rm -f ready home/message; mkfifo ready
	s6-ipcserver-socketbinder home/run/dns.sock dns-serve -l 5 >ready 2>dns-log &
	serve=\$!
	trap 'kill \$serve' EXIT
	read -r line <ready
	ulimit -v "${MEMORY:-unlimited}"
	origin-check ${2:-keep} <message 1<envelope 4>report 2>log
	END
	"$zone" zone -- sh script
	atf_check_equal "$1" $?
}

atf_test_case nothing_is_known_of_a_message_without_anything
nothing_is_known_of_a_message_without_anything_body()
{
	home
	spf none example.org
	: >zone
	check 0
	atf_check -o inline:"K$QUEUEID" cat report
	atf_check -o inline:'Fjoe@example.org|Ta@b||' cat home/envelope
	atf_check -o inline:'Authentication-Results: mx.example.test; spf=none smtp.mailfrom=example.org; dkim=none; dmarc=none header.from=example.org\n' field
	sed 1,4d home/message >below
	atf_check cmp message below
	atf_check -o inline:'TXT _dmarc.example.org\nTXT _dmarc.org\n' sort questions
	atf_check -o match:"id=$QUEUEID at=origin-check event=origin from=example.org spf=none dkim=none dmarc=none" cat log
}

atf_test_case spf_alone_shows_where_a_message_comes_from
spf_alone_shows_where_a_message_comes_from_body()
{
	home
	echo reject >home/control/dmarc
	echo Other.Name.test >home/control/authservid
	spf pass mail.example.org
	check 0
	atf_check -o inline:'Authentication-Results: other.name.test; spf=pass smtp.mailfrom=mail.example.org; dkim=none; dmarc=pass polrec.p=reject header.from=example.org\n' field
	# the helo name is no sender, unless there is none
	export SPF_IDENTITY=helo
	check 31
	export SENDER=
	check 0
	atf_check -o match:'spf=pass smtp.helo=mail.example.org;.*dmarc=pass' field
}

atf_test_case signatures_are_verified
signatures_are_verified_body()
{
	home
	a_key
	echo reject >home/control/dmarc
	spf fail other.test
	cp message plain
	"$sign" example.org sel key <plain >message
	check 0
	atf_check -o match:'^Authentication-Results: mx.example.test; spf=fail smtp.mailfrom=other.test; dkim=pass header.d=example.org header.s=sel header.a=rsa-sha256 header.b="?[A-Za-z0-9+/]*"?; dmarc=pass polrec.p=reject header.from=example.org$' field
	sed 1,4d home/message >below
	atf_check cmp message below
	# what was changed on its way is not what was signed
	sed 's/^body/other body/' message >changed && mv changed message
	check 31
	atf_check -o inline:'D550 5.7.26 not from example.org as far as SPF and DKIM show, and the DMARC policy of example.org is to reject that' cat report
	atf_check test ! -e home/message
	# a signature of somebody else is good, and no help
	sed 's/example.org/other.test/' zone >other && cat other >>zone
	"$sign" other.test sel key <plain >message
	check 31
	rm home/control/dmarc
	check 0
	atf_check -o match:'dkim=pass header.d=other.test .*; dmarc=fail polrec.p=reject header.from=example.org$' field
}

atf_test_case what_may_be_added_to_a_body_is_not_trusted
what_may_be_added_to_a_body_is_not_trusted_body()
{
	home
	a_key
	spf none example.org
	cp message plain
	"$sign" example.org sel key 6 <plain >message
	check 0
	atf_check -o match:'dkim=pass \(l=6\) .*dmarc=fail' field
	echo more >>message
	check 0
	atf_check -o match:'dkim=policy \(l=6, not all of the body\) .*dmarc=fail' field
}

atf_test_case policies_are_applied_when_that_is_wanted
policies_are_applied_when_that_is_wanted_body()
{
	home
	spf fail example.org
	check 0
	atf_check -o match:'dmarc=fail polrec.p=reject header.from=example.org' field
	echo reject >home/control/dmarc
	check 31
	atf_check -o match:'^D550 5.7.26 ' cat report
	sed -i s/example.org/sub.soft.test/ message
	check 0
	atf_check -o match:'dmarc=fail polrec.p=quarantine polrec.domain=soft.test header.from=sub.soft.test' field
	atf_check -o inline:'X-Facteur-Quarantine: dmarc\n' sed -n '/^X/p; /^$/q' home/message
}

atf_test_case exceptions_are_made
exceptions_are_made_body()
{
	home
	spf pass forwarder.test
	echo reject >home/control/dmarc
	check 31
	for line in 192.0.2.7 192.0.2.0/24 forwarder.test .test; do
		echo "$line" >home/control/dmarcexempt
		[ "$line" != .test ] || spf pass lists.forwarder.test
		check 0
		atf_check -o match:'dmarc=fail \(exempt\)' field
		atf_check -o match:"exempt=$line" cat log
	done
	for line in 192.0.2.8 forwarder.test other.test nonsense/; do
		echo "$line" >home/control/dmarcexempt
		check 31
	done
	# who only says that he is the forwarder is none; while that can't be known he may be
	echo forwarder.test >home/control/dmarcexempt
	for result in fail softfail neutral none permerror; do
		spf "$result" forwarder.test
		check 31
	done
	spf temperror forwarder.test
	check 0
}

atf_test_case our_own_clients_are_not_checked
our_own_clients_are_not_checked_body()
{
	home
	spf fail example.org
	echo reject >home/control/dmarc
	echo 192.0.2.7 >home/control/relayclients
	printf '%s\n' 'Authentication-Results: mx.example.test; dmarc=pass' 'From: joe@example.org' '' >message
	check 0
	atf_check cmp message home/message
	atf_check test ! -s questions
	rm home/control/relayclients
	AUTHUSER=joe@example.test check 0
	atf_check -o inline:'From: joe@example.org\n\n' cat home/message
	RELAYCLIENT='' check 0
	atf_check cmp message home/message
}

atf_test_case forged_results_do_not_pass
forged_results_do_not_pass_body()
{
	home
	spf none example.org
	: >zone
	{
		printf 'Authentication-Results: %s; spf=pass\n' mx.example.test other.test MX.Example.Test
		printf 'authentication-results :\n (x)\n "mx.example.test"; dmarc=pass\n'
		printf 'Authentication-Results: %s; spf=pass\n' '=?utf-8?q?mx.example.test?=' 'mx=?us-ascii?q?=2Eexample?=.test'
		echo X-Facteur-Quarantine: no
		printf '%s\n' 'From: joe@example.org' '' 'Authentication-Results: mx.example.test; in the body'
	} >message
	check 0
	sed 1,4d home/message >below
	atf_check -o inline:'Authentication-Results: other.test; spf=pass\nFrom: joe@example.org\n\nAuthentication-Results: mx.example.test; in the body\n' cat below
}

atf_test_case several_authors_and_none_are_told
several_authors_and_none_are_told_body()
{
	home
	spf pass evil.test
	echo reject >home/control/dmarc
	echo '_dmarc.evil.test TXT "v=DMARC1; p=none"' >>zone
	printf '%s\n' 'From: x@evil.test' 'From: joe@example.org' '' >message
	check 31
	printf '%s\n' 'From: x@evil.test, joe@example.org' '' >message
	check 31
	printf '%s\n' 'From: joe@example.org, <x@evil.test' '' >message
	check 31
	# what is hidden in a domain hides the domain
	for byte in 001 033 177; do
		printf 'From: <joe@example\'$byte'.org>\n\n' >message
		check 31
	done
	printf '%s\n' 'From: "joe@example.org" <x@evil.test>' '' >message
	check 0
	atf_check -o match:'dmarc=pass polrec.p=none header.from=evil.test' field
	printf '%s\n' 'From: 1@a.test, 2@b.test, 3@c.test, 4@d.test, joe@example.org' '' >message
	check 31
	atf_check -o match:'^D550 5.7.1 too many domains' cat report
	{
		echo 'From: x@evil.test ('
		seq -f ' %050.0f' 1500
		printf '%s\n' ' ) <joe@example.org>' ''
	} >message
	check 31
	atf_check -o match:'^D550 5.7.1 too many domains' cat report
	printf '%s\n' 'From: =?utf-8?q?joe=40example.org?=' '' >message
	check 31
	atf_check -o match:'^D550 5.7.1 no readable domain' cat report
	echo mark >home/control/dmarc
	check 0
	atf_check -o match:'dmarc=permerror .no readable domain in the From field.' field
	echo reject >home/control/dmarc
	for from in 'Subject: none' 'From:' 'From: nobody:;'; do
		printf '%s\n' "$from" '' >message
		check 0
		atf_check -o match:'dmarc=none \(no domain in a From field\)' field
	done
	: >message
	check 0
	atf_check -o match:'dmarc=none' field
	printf '%s\n' 'From: j@bücher.test' '' >message
	echo '_dmarc.xn--bcher-kva.test TXT "v=DMARC1; p=reject"' >>zone
	check 31
}

atf_test_case a_dns_that_does_not_answer_refuses_nothing
a_dns_that_does_not_answer_refuses_nothing_body()
{
	home
	a_key
	spf none example.org
	echo reject >home/control/dmarc
	"$sign" example.org sel key <message >signed && cp signed message
	cp zone good
	sed 's/^sel\._domainkey.*/sel._domainkey.example.org SERVFAIL/' good >zone
	check 0
	atf_check -o match:'dkim=temperror .*dmarc=temperror' field
	sed 's/^_dmarc.example.org.*/_dmarc.example.org SERVFAIL/' good >zone
	check 0
	atf_check -o match:'dkim=pass .*dmarc=temperror' field
	sed 's/^_dmarc.example.org.*/_dmarc.example.org NONSENSE 00ff00ff/' good >zone
	check 0
	atf_check -o match:'dkim=pass .*dmarc=temperror' field
	printf '%s\n' '_dmarc.example.org SLOW 1' '_dmarc.example.org TXT "v=DMARC1; p=reject"' >zone
	grep -v ^_dmarc good >>zone
	check 0
	atf_check -o match:'dkim=pass .*dmarc=pass' field
	# and one that is not there
	origin-check keep <message 1<envelope 4>report 2>log
	atf_check_equal 0 $?
	atf_check -o match:'dkim=temperror .*dmarc=temperror' field
	atf_check -o match:'unable to ask the DNS' cat log
}

atf_test_case a_key_that_no_dns_can_have_is_none
a_key_that_no_dns_can_have_is_none_body()
{
	home
	spf none evil.test
	echo reject >home/control/dmarc
	label=$(printf 'a%.0s' $(seq 60))
	hash=$(tail -n 1 message | tr '\n' ' ' | sed 's/ /\r\n/' | openssl dgst -sha256 -binary | base64)
	{
		echo "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=$label.$label.$label.example.org;"
		echo " s=$label.$label.$label; h=from; bh=$hash; b=AAAA"
		cat message
	} >forged
	mv forged message
	check 31
	atf_check -o match:'^D550 5.7.26' cat report
}

atf_test_case without_a_result_of_spf_nothing_is_refused_for_lack_of_it
without_a_result_of_spf_nothing_is_refused_for_lack_of_it_body()
{
	home
	echo reject >home/control/dmarc
	check 0
	atf_check -o inline:'Authentication-Results: mx.example.test; dkim=none; dmarc=temperror polrec.p=reject header.from=example.org\n' field
}

atf_test_case large_messages_take_no_memory
large_messages_take_no_memory_body()
{
	skip_sanitized origin-check
	home
	a_key
	spf none example.org
	echo reject >home/control/dmarc
	cp message plain
	yes 'A line of the body that is repeated until there are many of them.' | head -n 200000 >>plain
	cp plain message
	MEMORY=30000
	sed 's/p=reject/p=none/' zone >none && mv none zone
	check 0
	sed 1,4d home/message >below
	atf_check cmp message below
	"$sign" example.org sel key <plain >message
	check 0
	atf_check -o match:'dkim=pass .*dmarc=pass' field
	sed 1,4d home/message >below
	atf_check cmp message below
}

atf_test_case troubles_of_ours_defer
troubles_of_ours_defer_body()
{
	home
	spf none example.org
	: >zone
	check 71 /nonexistent
	printf '#!/bin/sh\ncat >/dev/null\necho Z451 not now >&4\nexit 71\n' >bin/keep
	check 71
	atf_check -o inline:'Z451 not now' cat report
	printf '#!/bin/sh\necho D550 5.7.1 no >&4\nexit 31\n' >bin/keep
	check 31
	atf_check -o inline:'D550 5.7.1 no' cat report
	rm home/control/me
	check 111
}

atf_test_case a_senseless_word_keeps_no_mail_away
a_senseless_word_keeps_no_mail_away_body()
{
	home
	spf fail example.org
	echo reject >home/control/dmarc
	check 31
	for word in perhaps Reject 'reject all' ''; do
		echo "$word" >home/control/dmarc
		check 0
		atf_check -o match:'dmarc=fail polrec.p=reject' field
		atf_check -o match:'control/dmarc: neither mark nor reject; nothing is refused' cat log
	done
}

atf_test_case wrong_use_is_told
wrong_use_is_told_body()
{
	atf_check -s exit:111 -e match:'usage: ' origin-check
	atf_check -s exit:111 -e match:'usage: ' origin-check -l 0 true
	atf_check -s exit:111 -e match:'usage: ' origin-check -l 5
	atf_check -s exit:111 -e ignore origin-check -x true
}

atf_init_test_cases()
{
	atf_add_test_case nothing_is_known_of_a_message_without_anything
	atf_add_test_case spf_alone_shows_where_a_message_comes_from
	atf_add_test_case signatures_are_verified
	atf_add_test_case what_may_be_added_to_a_body_is_not_trusted
	atf_add_test_case policies_are_applied_when_that_is_wanted
	atf_add_test_case exceptions_are_made
	atf_add_test_case our_own_clients_are_not_checked
	atf_add_test_case forged_results_do_not_pass
	atf_add_test_case several_authors_and_none_are_told
	atf_add_test_case a_dns_that_does_not_answer_refuses_nothing
	atf_add_test_case a_key_that_no_dns_can_have_is_none
	atf_add_test_case without_a_result_of_spf_nothing_is_refused_for_lack_of_it
	atf_add_test_case large_messages_take_no_memory
	atf_add_test_case troubles_of_ours_defer
	atf_add_test_case a_senseless_word_keeps_no_mail_away
	atf_add_test_case wrong_use_is_told
}
