#! /usr/bin/env atf-sh
# tls-report: what was noted, as JSON, by mail and by a web server.

PATH=$(atf_get_srcdir)/../../bin:$PATH
. "$(atf_get_srcdir)/../lib/until.sh"
. "$(atf_get_srcdir)/world.sh"

# note DAY: what mx-send has noted
note()
{
	mkdir -p state/tlsreport state/tlssent
	tr '|' '\t' >"state/tlsreport/$1"
}

some='1|to.test|sts|id1|mx.to.test|192.0.2.1|192.0.2.9||
1|to.test|sts|id1|mx.to.test|192.0.2.1|192.0.2.9|certificate-expired|it is old
1|to.test|sts|id1|mx.to.test|192.0.2.1|192.0.2.9||
1|To.test|sts|id1|mx.to.test|192.0.2.1|192.0.2.9|certificate-expired|it is old
1|to.test|tlsa|3 1 1 abcd,2 0 1 ef|mx.to.test|2001:db8::1||handshake-failure|bad "thing"
1|other.test|no-policy-found||mx.other.test|192.0.2.1|192.0.2.9|starttls-not-supported|no TLS
1|to.test|sts|id1|mx.to.test|192.0.2.1|192.0.2.9|cut by a cr1|x.test|sts
nonsense
1|to.test|sts|id1|mx.to.test|192.0.2.1|192.0.2.9||in the maki'

# judge SCRIPT: python judges the reports on standard input, in reports
judge()
{
	cat >judge.py
	atf_check python3 judge.py
}

atf_test_case shows_what_was_noted
shows_what_was_noted_body()
{
	mkdir -p control state/sts
	FACTEUR_HOME=$PWD
	export FACTEUR_HOME
	echo mx.me.test >control/me
	echo 'Example "Ltd" <tls@me.test>' >control/tlsreport
	printf %s "$some" | note 2026-10-05
	printf 'sts1 1700000000 id1\nversion: STSv1\r\nmode: enforce\nmx: *.to.test\nmax_age: 5\n' >state/sts/to.test
	atf_check -o save:shown tls-report show 2026-10-05
	judge <<-'END'
	import json
	other, to = [json.loads(line) for line in open("shown")]
	assert to["organization-name"] == 'Example "Ltd"' and to["contact-info"] == "tls@me.test"
	assert to["date-range"] == {"start-datetime": "2026-10-05T00:00:00Z", "end-datetime": "2026-10-05T23:59:59Z"}
	assert to["report-id"] != other["report-id"] and to["report-id"].endswith("@mx.me.test")
	sts, tlsa = to["policies"]
	assert sts["policy"] == {"policy-type": "sts", "policy-domain": "to.test", "mx-host": ["*.to.test"],
	    "policy-string": ["version: STSv1", "mode: enforce", "mx: *.to.test", "max_age: 5"]}, sts
	assert sts["summary"] == {"total-successful-session-count": 2, "total-failure-session-count": 2}
	assert sts["failure-details"] == [{"result-type": "certificate-expired", "sending-mta-ip": "192.0.2.9",
	    "receiving-mx-hostname": "mx.to.test", "receiving-ip": "192.0.2.1",
	    "failure-reason-code": "it is old", "failed-session-count": 2}]
	assert tlsa["policy"]["policy-string"] == ["3 1 1 abcd", "2 0 1 ef"]
	assert tlsa["failure-details"][0]["result-type"] == "validation-failure"
	assert tlsa["failure-details"][0]["failure-reason-code"] == 'bad "thing"'
	none, = other["policies"]
	assert none["policy"] == {"policy-type": "no-policy-found", "policy-domain": "other.test"}
	assert none["summary"]["total-failure-session-count"] == 1
	END
	atf_check tls-report show today
	atf_check tls-report show
	printf '1|to.test|no-policy-found||mx.to.test|192.0.2.1||||\n1|to.test|no-policy-found||mx.to.test||||\n' |
		note "$(date -u +%Y-%m-%d)"
	# one of the two has a field too many
	atf_check -o match:'"total-successful-session-count":1' tls-report show today
	for words in '' 'show 2026-02-30' 'show tomorrow' 'send' 'send today' 'show today x' 'say'; do
		atf_check -s exit:111 -e match:usage tls-report $words
	done
}

# keep_mail: a sink
keep_mail()
{
	cat >sink <<-'END'
	#!/bin/sh
	cat >message
	tr '\0' '|' <&1 >envelope
	exit ${1:-0}
	END
	chmod +x sink
}

yesterday()
{
	date -u -d yesterday +%Y-%m-%d
}

atf_test_case sends_to_who_asks_for_it cleanup
sends_to_who_asks_for_it_body()
{
	begin
	keep_mail
	cat >more.options <<-END
	txt-record=_smtp._tls.to.test,"v=TLSRPTv1; rua=mailto:tls%40to.test?subject=x,https://127.0.0.1:$(cat port)/report"
	txt-record=_smtp._tls.to.test,"v=spf1 -all"
	END
	sed -i 's/"//g; s/,https/\\,https/' more.options
	sed -i 's/rua=mailto:tls%40to.test?subject=x\\,/rua=/' more.options
	record to.test 'v=STSv1; id=1'
	serve_dns_socket
	day=$(yesterday)
	printf '%s\n' "$some" | note "$day"
	# off
	atf_check tls-report send ./sink
	atf_check test ! -e message
	echo 'Example <tls@me.test>' >control/tlsreport
	echo '200 text/plain' >web
	atf_check -e match:'at=tls-report event=report domain=to.test' -e match:'at=https-post event=posted .* code=200' \
	    tls-report send ./sink
	atf_check test ! -e message # who wants it from the web
	atf_check -o match:'^Content-Type: application/tlsrpt.gzip' cat posted.head
	zcat <posted >report || atf_fail "not packed"
	atf_check -o match:'"policy-domain":"to.test"' -o not-match:other.test cat report
	# once
	rm posted
	atf_check tls-report send "$day" ./sink
	atf_check test ! -e posted
	# also when a crash has cut what was written of another
	printf oth >"state/tlssent/$day"
	atf_check -e match:'code=200' tls-report send "$day" ./sink
	rm posted
	atf_check tls-report send "$day" ./sink
	atf_check test ! -e posted
	# what can't be had is tried again
	rm state/tlssent/*
	echo '503 text/plain' >web
	atf_check -s exit:111 -e match:'code=503' tls-report send "$day" ./sink
	echo '404 text/plain' >web
	atf_check -e match:'code=404' tls-report send "$day" ./sink
}
sends_to_who_asks_for_it_cleanup()
{
	end
}

atf_test_case sends_by_mail cleanup
sends_by_mail_body()
{
	begin
	keep_mail
	echo 'txt-record=_smtp._tls.to.test,v=TLSRPTv1;rua=mailto:tls%40to.test?subject=x' >more.options
	echo 'txt-record=_smtp._tls.other.test,v=TLSRPTv1;rua=mailto:a b@to.test' >>more.options
	record to.test 'v=STSv1; id=1'
	serve_dns_socket
	echo 'Example <tls@me.test>' >control/tlsreport
	day=$(yesterday)
	printf '%s\n' "$some" | note "$day"
	atf_check -s exit:111 -e match:'event=failed domain=to.test' tls-report send ./sink 111
	atf_check -e match:'event=report domain=to.test' tls-report send ./sink
	atf_check -o inline:'Ftls@me.test|Ttls@to.test||' cat envelope
	judge <<-'END'
	import email, gzip, json
	m = email.message_from_file(open("message"))
	assert m.get_content_type() == "multipart/report" and m.get_param("report-type") == "tlsrpt"
	assert m["TLS-Report-Domain"] == "to.test" and m["TLS-Report-Submitter"] == "mx.me.test"
	assert m["TLS-Required"] == "No" and m["To"] == "<tls@to.test>"
	text, file = m.get_payload()
	assert file.get_content_type() == "application/tlsrpt+gzip"
	assert file.get_filename().startswith("mx.me.test!to.test!") and file.get_filename().endswith(".json.gz")
	report = json.loads(gzip.decompress(file.get_payload(decode=True)))
	assert report["policies"][0]["policy"]["policy-domain"] == "to.test"
	END
	rm message
	atf_check tls-report send ./sink
	atf_check test ! -e message
	# today's is not the last word
	printf '%s\n' "$some" | note "$(date -u +%Y-%m-%d)"
	for i in 1 2; do
		rm -f message
		atf_check -e match:event=report tls-report send today ./sink
		atf_check test -e message
	done
	# without the DNS it waits
	kill "$(cat socket.pid)"
	rm -f state/tlssent/* message
	atf_check -s exit:111 -e ignore tls-report send ./sink
	atf_check test ! -e message
}
sends_by_mail_cleanup()
{
	end
}

atf_init_test_cases()
{
	atf_add_test_case shows_what_was_noted
	atf_add_test_case sends_to_who_asks_for_it
	atf_add_test_case sends_by_mail
}
