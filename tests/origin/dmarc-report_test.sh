#! /usr/bin/env atf-sh
# Reports sent, with a resolver of our own (tests/dns/zone.py), and those of others read.
PATH=$(atf_get_srcdir)/../../bin:$PATH
zone=$(atf_get_srcdir)/../dns/zone.py

# A home that reports, a sink "keep" that keeps messages and envelopes there, a zone.
home()
{
	FACTEUR_HOME=$PWD/home
	PATH=$PWD/bin:$PATH
	export FACTEUR_HOME PATH
	mkdir -p home/control home/run home/state/dmarc bin
	echo mx.example.test >home/control/me
	echo 'Example, "Ltd" <dmarc@example.test>' >home/control/dmarcreport
	cat >bin/keep <<-'END'
		#!/bin/sh
		n=$(ls | grep -c '^message')
		cat >message$n
		tr '\0' '|' <&1 >envelope$n
		[ -z "${RELAYCLIENT-unset}" ] || exit 31
		echo "K$QUEUEID" >&4
	END
	chmod +x bin/keep
	cat >zone <<-'END'
		_dmarc.example.org TXT "v=DMARC1; p=reject; sp=quarantine; rua=mailto:a@example.org"
	END
}

# line DOMAIN CLIENT AUTHOR RUA [SECONDS]: a result of yesterday
yesterday=$(date -u -d yesterday +%Y-%m-%d)
begin=$(date -u -d "$yesterday" +%s)
line()
{
	printf '\n1\t%s\t%s\t%s\t%s\tnone\tpass\tfail\tlocal_policy\tsend.er\tspf.dom\tfail\t%s\tv=DMARC1; p=reject; rua=%s\t.\n' \
	    "${5:-$((begin + 60))}" "$1" "$2" "$3" 'a.sig sel pass,b.sig sel2 fail' "$4" >>"home/state/dmarc/$yesterday"
}

# with_dns COMMANDS: run them while the DNS knows the zone.
with_dns()
{
	cat >script <<-END
	echo "127.0.0.1:\$DNS" >home/control/resolvers
	rm -f ready; mkfifo ready
	s6-ipcserver-socketbinder home/run/dns.sock dns-serve -l 5 >ready 2>dns-log &
	serve=\$!
	trap 'kill \$serve' EXIT
	read -r line <ready
	$1
	END
	"$zone" zone -- sh script
}

atf_test_case what_was_found_is_reported
what_was_found_is_reported_body()
{
	home
	printf '%s\n' 'From: joe@example.org' '' >message
	printf 'Fjoe@example.org\0Ta@b\0\0' >envelope
	export TCPREMOTEIP=192.0.2.7 SENDER=joe@example.org SPF_DOMAIN=example.org SPF_IDENTITY=mailfrom
	with_dns 'for result in pass fail fail; do
		SPF_RESULT=$result origin-check sh -c "cat >&2" <message 1<envelope 2>>out || exit; done'
	atf_check_equal 0 $?
	today=home/state/dmarc/$(date -u +%Y-%m-%d)
	atf_check_equal 3 "$(grep -c '\.$' "$today")"
	# nothing is sent on a day that is not over
	with_dns 'dmarc-report send keep'
	atf_check_equal 0 $?
	atf_check test -s "$today" -a ! -e home/message0
	mv "$today" "home/state/dmarc/$yesterday"
	with_dns 'dmarc-report send keep 2>log'
	atf_check_equal 0 $?
	atf_check_equal 1 "$(ls home/message* | wc -l)"
	atf_check -o empty ls home/state/dmarc
	atf_check -o match:'event=report domain=example.org day=.* to=a@example.org' cat log
	atf_check -o inline:'Fdmarc@example.test|NNOTIFY=NEVER|Ta@example.org||' cat home/envelope0
	atf_check -o save:table dmarc-report read home/message0
	atf_check -o inline:"example.org: p=reject sp=quarantine np=quarantine, from $yesterday 00:00 to $yesterday 23:59\n" head -n 1 table
	atf_check -o match:'^by Example, "Ltd" <dmarc@example.test>, [0-9-]*\.[0-9a-f]*@mx.example.test$' sed -n 2p table
	sed '1,3d; s/  */ /g' table | sort >rows
	atf_check -o inline:' 1 192.0.2.7 pass fail pass example.org spf:example.org:pass sender:example.org
 2 192.0.2.7 none fail fail example.org spf:example.org:fail sender:example.org because:local_policy\n' cat rows
	# the message is what RFC 9990 wants
	atf_check -o match:'^From: "Example, \\"Ltd\\"" <dmarc@example.test>$' \
	    -o match:'^To: <a@example.org>$' -o match:'^Subject: Report Domain: example.org$' \
	    -o match:'^	Submitter: mx.example.test$' -o match:'^	Report-ID: <.*@mx.example.test>$' \
	    -o match:"^	filename=\"mx.example.test!example.org!$begin!$((begin + 86399))![0-9a-f]*.xml.gz\"$" \
	    -o match:'^Content-Type: application/gzip$' cat home/message0
}

atf_test_case nothing_is_kept_or_sent_unless_it_is_wanted
nothing_is_kept_or_sent_unless_it_is_wanted_body()
{
	home
	printf '%s\n' 'From: joe@example.org' '' >message
	printf 'Fjoe@example.org\0Ta@b\0\0' >envelope
	line example.org 192.0.2.1 example.org mailto:a@example.org
	rm home/control/dmarcreport
	export TCPREMOTEIP=192.0.2.7
	with_dns 'SPF_RESULT=pass SPF_DOMAIN=example.org origin-check sh -c "cat >&2" <message 1<envelope 2>out && dmarc-report send keep'
	atf_check_equal 0 $?
	atf_check -o inline:"$yesterday\n" ls home/state/dmarc
	atf_check test ! -e home/message0
}

atf_test_case who_is_elsewhere_must_want_it
who_is_elsewhere_must_want_it_body()
{
	home
	# RFC 9990, 4, and what may go wrong there
	line blue.example.com 192.0.2.1 blue.example.com mailto:reports@red.example.net
	line silent.test 192.0.2.1 silent.test mailto:reports@red.example.net
	line other.test 192.0.2.1 other.test mailto:x@moved.example.net
	line far.test 192.0.2.1 far.test mailto:x@away.example.net
	line sub.example.org 192.0.2.1 sub.example.org mailto:x@mail.example.org,mailto:y@red.example.net
	line many.test 192.0.2.1 many.test mailto:x@any.test
	cat >>zone <<-'END'
		blue.example.com._report._dmarc.red.example.net TXT "v=DMARC1"
		silent.test._report._dmarc.red.example.net TXT "v=spf1"
		other.test._report._dmarc.moved.example.net TXT "v=DMARC1; rua=mailto:there@moved.example.net"
		far.test._report._dmarc.away.example.net TXT "v=DMARC1; rua=mailto:there@elsewhere.example.net"
		many.test._report._dmarc.any.test TXT "v=DMARC1;"
	END
	with_dns 'dmarc-report send keep 2>log'
	atf_check_equal 0 $?
	atf_check -o inline:'Fdmarc@example.test|NNOTIFY=NEVER|Treports@red.example.net||\nFdmarc@example.test|NNOTIFY=NEVER|Tthere@moved.example.net||\nFdmarc@example.test|NNOTIFY=NEVER|Tx@any.test||\nFdmarc@example.test|NNOTIFY=NEVER|Tx@mail.example.org||\n' \
	    sh -c 'for f in home/envelope*; do cat $f; echo; done | sort'
	atf_check -o empty ls home/state/dmarc
}

atf_test_case what_can_not_be_sent_is_sent_later_and_once
what_can_not_be_sent_is_sent_later_and_once_body()
{
	home
	line example.org 192.0.2.1 example.org mailto:a@example.org
	line slow.test 192.0.2.1 slow.test mailto:a@away.test
	echo 'slow.test._report._dmarc.away.test SERVFAIL' >>zone
	with_dns 'dmarc-report send keep 2>log'
	atf_check_equal 111 $?
	atf_check_equal 1 "$(ls home/message* | wc -l)"
	sed -i 's/SERVFAIL/TXT "v=DMARC1"/' zone
	printf '#!/bin/sh\ncat >/dev/null\nexit 71\n' >bin/later
	chmod +x bin/later
	with_dns 'dmarc-report send later 2>log'
	atf_check_equal 111 $?
	atf_check -o match:'event=failed domain=slow.test' cat log
	with_dns 'dmarc-report send keep 2>log'
	atf_check_equal 0 $?
	atf_check_equal 2 "$(ls home/message* | wc -l)"
	atf_check -o inline:'Fdmarc@example.test|NNOTIFY=NEVER|Ta@away.test||' cat home/envelope1
	atf_check -o empty ls home/state/dmarc
}

atf_test_case lines_that_a_crash_has_cut_do_no_harm
lines_that_a_crash_has_cut_do_no_harm_body()
{
	home
	line example.org 192.0.2.1 example.org mailto:a@example.org
	printf '\n1\t%s\texample.org\t192.0' "$begin" >>"home/state/dmarc/$yesterday"
	line example.org 192.0.2.1 example.org mailto:a@example.org
	printf '\n1\t2\t3\n\n2\tx\n\0\0\n\t\t\t\n' >>"home/state/dmarc/$yesterday"
	head -c 100000 /dev/urandom >>"home/state/dmarc/$yesterday"
	line example.org 192.0.2.1 example.org mailto:a@example.org
	printf '\n1\t%s\texample.org\t192.0.2' "$begin" >>"home/state/dmarc/$yesterday"
	with_dns 'dmarc-report send keep 2>log'
	atf_check_equal 0 $?
	atf_check -o match:'^ *3 192.0.2.1 ' dmarc-report read home/message0
}

atf_test_case hostile_names_do_not_break_the_xml
hostile_names_do_not_break_the_xml_body()
{
	home
	line example.org '1&2<3>"4' '</record>&x;' mailto:a@example.org
	with_dns 'dmarc-report send keep 2>log'
	atf_check_equal 0 $?
	atf_check -o match:'1&2<3>"4' -o match:'</record>&x;' dmarc-report read home/message0
	sed -n '/^Content-Transfer-Encoding: base64/,/^--/p' home/message0 | grep -v '[-:. "]' | base64 -d 2>/dev/null |
	    gzip -dc >xml
	atf_check python3 -c 'import sys, xml.etree.ElementTree as t
root = t.parse("xml").getroot()
ns = "{urn:ietf:params:xml:ns:dmarc-2.0}"
names = lambda e: [c.tag.replace(ns, "") for c in e]
assert root.tag == ns + "feedback"
assert names(root) == ["version", "report_metadata", "policy_published", "record"], names(root)
assert names(root[1]) == ["org_name", "email", "report_id", "date_range", "generator"]
assert names(root[2]) == ["domain", "discovery_method", "p", "sp", "np", "fo", "adkim", "aspf", "testing"]
assert names(root[3]) == ["row", "identifiers", "auth_results"]
assert names(root[3][0]) == ["source_ip", "count", "policy_evaluated"]
assert names(root[3][0][2]) == ["disposition", "dkim", "spf", "reason"]
assert names(root[3][1]) == ["header_from", "envelope_from"]
assert names(root[3][2]) == ["dkim", "dkim", "spf"]
assert names(root[3][2][0]) == ["domain", "selector", "result"]
assert names(root[3][2][2]) == ["domain", "scope", "result"]'
}

# As RFC 7489, C and RFC 9990, B have them.
report()
{
	cat <<-'END'
	<?xml version="1.0"?>
	<!-- a comment with <tags> -->
	<feedback xmlns="urn:ietf:params:xml:ns:dmarc-2.0" xmlns:ext="URI">
	<version>1.0</version>
	<report_metadata><org_name>Sample &amp; Reporter</org_name><email>report_sender@example-reporter.com</email>
	<extra_contact_info>...</extra_contact_info><report_id>3v98abbp8ya9n3va8yr8oa3ya</report_id>
	<date_range><begin>161212415</begin><end>161221511</end></date_range></report_metadata>
	<policy_published><domain>example.com</domain><p>quarantine</p><sp>none</sp><np>none</np><testing>n</testing>
	<discovery_method>treewalk</discovery_method></policy_published>
	<extension><ext:x>y</ext:x></extension>
	<record><row><source_ip>192.0.2.123</source_ip><count>123</count><policy_evaluated>
	<disposition>pass</disposition><dkim>pass</dkim><spf>fail</spf></policy_evaluated></row>
	<identifiers><envelope_from>example.com</envelope_from><header_from>example.com</header_from></identifiers>
	<auth_results><dkim><domain>example.com</domain><result>pass</result><selector>abc123</selector></dkim>
	<spf><domain>example.com</domain><result>fail</result></spf></auth_results><ext:y z="&quot;>"/></record>
	<record><row><source_ip>2001:db8::1</source_ip><count>7</count><policy_evaluated>
	<disposition>none</disposition><dkim/><spf>fail</spf></policy_evaluated></row>
	<identifiers><header_from><![CDATA[sub.example.com]]></header_from></identifiers><auth_results/></record>
	</feedback>
	END
}

atf_test_case reports_of_others_are_read
reports_of_others_are_read_body()
{
	report >r.xml
	cat >expected <<-'END'
	example.com: p=quarantine sp=none np=none, from 1975-02-09 21:13 to 1975-02-09 23:45
	by Sample & Reporter <report_sender@example-reporter.com>, 3v98abbp8ya9n3va8yr8oa3ya
	   COUNT CLIENT                   DONE       DKIM SPF  FROM                     RESULTS
	     123 192.0.2.123              pass       pass fail example.com              dkim:example.com:abc123:pass spf:example.com:fail sender:example.com
	       7 2001:db8::1              none       -    fail sub.example.com         
	END
	sed -i 's/ *$//' expected
	gzip -kn r.xml
	python3 -c 'import zipfile
with zipfile.ZipFile("r.zip", "w", zipfile.ZIP_DEFLATED) as z: z.write("r.xml")
with zipfile.ZipFile("s.zip", "w") as z: z.write("r.xml")'
	{
		printf '%s\r\n' 'From: a@b' 'Content-Type: application/zip' 'Content-Transfer-Encoding: base64' ''
		base64 r.zip | sed 's/$/\r/'
	} >whole
	{
		printf '%s\n' 'From: a@b' 'Content-Type: multipart/mixed; boundary=x' '' --x 'Content-Transfer-Encoding: base64' '' \
		    'bm8gcmVwb3J0' --x 'content-transfer-encoding:BASE64' ''
		base64 r.xml.gz
		echo --x--
	} >parts
	for f in r.xml r.xml.gz r.zip s.zip whole parts; do
		atf_check -o save:said dmarc-report read $f
		sed -i 's/ *$//' said
		atf_check diff expected said
	done
	atf_check -o save:said sh -c 'dmarc-report read - r.zip <r.xml'
	atf_check_equal 2 "$(grep -c ^example.com: said)"
}

atf_test_case what_is_no_report_is_told
what_is_no_report_is_told_body()
{
	report >r.xml
	gzip -kn r.xml
	head -c 300 r.xml.gz >cut.gz
	head -c 500 r.xml >cut.xml
	: >empty
	echo '<html></html>' >other.xml
	printf 'PK\3\4 cut' >cut.zip
	printf '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><feedback>&a;</feedback>' >bomb.xml
	head -c 200000000 /dev/zero | gzip -1 >bomb.gz
	for f in cut.gz cut.xml empty other.xml cut.zip bomb.xml bomb.gz; do
		atf_check -s exit:100 -e match:"dmarc-report: unable to understand $f: " dmarc-report read $f
	done
	atf_check -s exit:111 -e match:'unable to read none' dmarc-report read none
	sed 's/192.0.2.123/\&#27;[2J\&#x202e;x/; s/Sample/\x1b]0;/' r.xml >evil.xml
	atf_check -o save:said dmarc-report read evil.xml
	atf_check -s exit:1 grep -q "$(printf '\033')" said
	atf_check -s exit:111 -e match:'usage: ' dmarc-report
	atf_check -s exit:111 -e match:'usage: ' dmarc-report send -w
	atf_check -s exit:111 -e match:'usage: ' dmarc-report write x
}

atf_init_test_cases()
{
	atf_add_test_case what_was_found_is_reported
	atf_add_test_case nothing_is_kept_or_sent_unless_it_is_wanted
	atf_add_test_case who_is_elsewhere_must_want_it
	atf_add_test_case what_can_not_be_sent_is_sent_later_and_once
	atf_add_test_case lines_that_a_crash_has_cut_do_no_harm
	atf_add_test_case hostile_names_do_not_break_the_xml
	atf_add_test_case reports_of_others_are_read
	atf_add_test_case what_is_no_report_is_told
}
