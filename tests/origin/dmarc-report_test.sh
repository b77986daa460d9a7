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

# xml_of MESSAGE: the report in it.
xml_of()
{
	sed -n '/^Content-Transfer-Encoding: base64/,/^--/p' "$1" | grep -v '[-:. "]' | base64 -d 2>/dev/null | gzip -dc
}

# fits FILE...: each is what RFC 9990 says that a report is.
fits()
{
	for f; do
		atf_check -e ignore -o ignore xmllint --noout --relaxng "$FACTEUR_SOURCE/tests/origin/aggregate.rng" "$f"
	done
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
	atf_check -o match:'^by Example, "Ltd" <dmarc@example.test>, [0-9a-f]{32}$' sed -n 2p table
	sed '1,3d; s/  */ /g' table | sort >rows
	atf_check -o inline:' 1 192.0.2.7 pass fail pass example.org spf:example.org:pass sender:example.org
 2 192.0.2.7 none fail fail example.org spf:example.org:fail sender:example.org because:local_policy\n' cat rows
	# the message is what RFC 9990 wants
	atf_check -o match:'^From: "Example, \\"Ltd\\"" <dmarc@example.test>$' \
	    -o match:'^To: <a@example.org>$' -o match:'^Subject: Report Domain: example.org$' \
	    -o match:'^	Submitter: mx.example.test$' -o match:'^	Report-ID: <[0-9a-f]*>$' \
	    -o match:"^	filename=\"mx.example.test!example.org!$begin!$((begin + 86399))![0-9a-f]*.xml.gz\"$" \
	    -o match:'^Content-Type: application/gzip$' cat home/message0
	xml_of home/message0 >r.xml
	fits r.xml
	# one name for it everywhere
	atf_check_equal 4 "$(cat home/message0 r.xml | grep -cE "(<|!)$(sed -n 's|.*<report_id>\(.*\)</report_id>|\1|p' r.xml)[@>.]|<report_id>")"
}

atf_test_case what_a_report_says_fits_its_schema
what_a_report_says_fits_its_schema_body()
{
	home
	cat >>zone <<-'END'
		_dmarc.strict.test TXT "v=DMARC1; p=reject; sp=none; np=quarantine; t=y; adkim=s; aspf=s; fo=0:d:s; rua=mailto:a@strict.test"
		_dmarc.bad.test TXT "v=DMARC1; p=nothing; fo=0:1; adkim=x; rua=mailto:a@bad.test"
		s._domainkey.strict.test TXT "v=DKIM1; k=rsa; p="
	END
	printf 'F\0Ta@b\0\0' >envelope
	export TCPREMOTEIP=2001:db8::7 SENDER= SPF_DOMAIN=h.test SPF_IDENTITY=helo SPF_RESULT=none
	echo reject >home/control/dmarc
	echo 192.0.2.9 >home/control/dmarcexempt
	n=0
	for author in example.org x.strict.test strict.test bad.test Bücher.example.org; do
		for ip in 2001:db8::7 192.0.2.9; do
			n=$((n + 1))
			{
				printf 'DKIM-Signature: v=1; a=rsa-sha256; d=%s; s=s; h=from; bh=; b=AAAA\n' "$author"
				printf 'From: joe@%s\n\n' "$author"
			} >message$n
			echo "TCPREMOTEIP=$ip origin-check sh -c 'cat >&2' <message$n 1<envelope 2>>out"
		done
	done >all
	with_dns "$(cat all)"
	atf_check test -s "home/state/dmarc/$(date -u +%Y-%m-%d)"
	mv "home/state/dmarc/$(date -u +%Y-%m-%d)" "home/state/dmarc/$yesterday"
	with_dns 'dmarc-report send keep 2>log'
	atf_check_equal 0 $?
	atf_check_equal 3 "$(ls home/message* | wc -l)"
	for f in home/message*; do
		xml_of "$f" >"$f.xml"
	done
	fits home/message*.xml
	atf_check -o match:'<fo>0:d:s</fo>' -o match:'<np>quarantine</np>' -o match:'<testing>y</testing>' \
	    -o match:'<adkim>s</adkim>' -o match:'<type>trusted_forwarder</type>' -o match:'<type>policy_test_mode</type>' \
	    -o match:'<envelope_from></envelope_from>' sh -c 'cat home/message*.xml'
}

atf_test_case addresses_get_one_report_each_that_is_not_too_large
addresses_get_one_report_each_that_is_not_too_large_body()
{
	home
	line small.test 192.0.2.1 small.test 'mailto:a@small.test!100,mailto:b@small.test!1k,mailto:c@small.test!9,mailto:b@small.test'
	line large.test 192.0.2.1 large.test 'mailto:a@large.test!10,mailto:b@large.test!1'
	line units.test 192.0.2.1 units.test 'mailto:a@units.test!10m,mailto:b@units.test!1T,mailto:c@units.test!9g,mailto:d@units.test!x'
	line twice.test 192.0.2.1 twice.test mailto:a@r.test,mailto:b@r.test,https://r.test/
	list=$(for n in 1 2 3 4 5 6 7 8 9 10 11 12; do printf ',mailto:a%d@r.test' $n; done)
	cat >>zone <<-END
		twice.test._report._dmarc.r.test TXT "v=DMARC1; rua=mailto:there@r.test" "$list"
	END
	with_dns 'dmarc-report send keep 2>log'
	atf_check_equal 0 $?
	atf_check -o match:'event=toolarge domain=large.test' cat log
	atf_check -o inline:'Tb@small.test\nTa@units.test\nTb@units.test\nTc@units.test\nTd@units.test\nTthere@r.test\nTa1@r.test\nTa2@r.test\nTa3@r.test\nTa4@r.test\nTa5@r.test\nTa6@r.test\nTa7@r.test\nTa8@r.test\nTa9@r.test\n' \
	    sh -c 'for d in small units r; do cat home/envelope* | tr "|" "\n" | grep "^T.*@$d"; done'
	atf_check -o empty ls home/state/dmarc
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
	xml_of home/message0 >xml
	atf_check -o match:'<source_ip>1&amp;2&lt;3&gt;"4</source_ip>' -o match:'<header_from>&lt;/record&gt;&amp;x;<' cat xml
	# but for the names it is what it has to be
	sed -i 's|<source_ip>.*</|<source_ip>192.0.2.1</|; s|<header_from>.*</|<header_from>b.test</|' xml
	fits xml
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
	# parts of other kinds before it, and the field in the next line
	page=$(echo '<html><feedback/></html>' | base64)
	{
		printf '%s\r\n' 'Content-Type: multipart/mixed; boundary=x' '' --x 'Content-Transfer-Encoding: base64' \
		    'Content-Type: text/html' '' "$page" --x 'Content-Type: text/html' '' '<html></html>' --x \
		    'Content-Transfer-Encoding: base64' '' "$(printf '\037\213 no' | base64)" --x \
		    'Content-Transfer-Encoding:' '	base64' 'Content-Type: application/gzip' ''
		base64 r.xml.gz | sed 's/$/ \r/'
		printf -- '--x--\r\n'
	} >after
	{
		printf '%s\r\n' 'Content-Type: multipart/mixed; boundary=x' '' --x 'Content-Type: text/xml' ''
		sed 's/$/\r/' r.xml
		printf '%s\r\n' '' --x 'Content-Type: text/plain' '' 'more' --x--
	} >clear
	{
		printf '%s\n' 'Content-Type: text/xml' 'Content-Transfer-Encoding: Quoted-Printable' ''
		python3 -c 'import quopri, sys; quopri.encode(open("r.xml", "rb"), sys.stdout.buffer, False)'
	} >quoted
	for f in r.xml r.xml.gz r.zip s.zip whole parts after clear quoted; do
		atf_check -o save:said dmarc-report read $f
		sed -i 's/ *$//' said
		atf_check diff expected said
	done
	atf_check -o save:said sh -c 'dmarc-report read - r.zip <r.xml'
	atf_check_equal 2 "$(grep -c ^example.com: said)"
}

atf_test_case what_reports_say_of_troubles_is_shown
what_reports_say_of_troubles_is_shown_body()
{
	cat >r.xml <<-'END'
	<feedback><report_metadata><org_name>o</org_name><email>a@o</email><report_id>1</report_id>
	<date_range><begin>0</begin><end>86399</end></date_range><error>two records</error></report_metadata>
	<policy_published><domain>example.com</domain><adkim>r</adkim><p>none</p><sp>none</sp><pct>50</pct></policy_published>
	<record><row><source_ip>192.0.2.1</source_ip><count>2</count><policy_evaluated><disposition>none</disposition>
	<dkim>fail</dkim><spf>pass</spf><reason><type>forwarded</type></reason>
	<reason><type>local_policy</type><comment>arc=pass</comment></reason></policy_evaluated></row>
	<identifiers><header_from>example.com</header_from></identifiers>
	<auth_results><dkim><domain>d</domain><selector>s</selector><result>fail</result><human_result>body hash</human_result></dkim>
	<spf><domain>h</domain><scope>helo</scope><result>pass</result></spf></auth_results></record></feedback>
	END
	cat >expected <<-'END'
	example.com: p=none sp=none pct=50, from 1970-01-01 00:00 to 1970-01-01 23:59
	by o <a@o>, 1
	error: two records
	   COUNT CLIENT                   DONE       DKIM SPF  FROM                     RESULTS
	       2 192.0.2.1                none       fail pass example.com              dkim:d:s:fail(body hash) helo:h:pass because:forwarded because:local_policy(arc=pass)
	END
	atf_check -o file:expected dmarc-report read r.xml
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
	# many bombs in a message, and elements in elements
	for n in 1 2 3 4 5 6 7 8; do
		printf '%s\n' --x 'Content-Transfer-Encoding: base64' ''
		base64 bomb.gz
	done >bombs
	python3 -c 'print("<feedback>" + "<a>" * 3000000)' >deep.xml
	python3 -c 'print("<feedback><record>" + "<row><count>1</count></row>" * 1000000 + "</record>")' >long.xml
	for f in cut.gz cut.xml empty other.xml cut.zip bomb.xml bomb.gz bombs deep.xml long.xml; do
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
	atf_add_test_case what_a_report_says_fits_its_schema
	atf_add_test_case addresses_get_one_report_each_that_is_not_too_large
	atf_add_test_case nothing_is_kept_or_sent_unless_it_is_wanted
	atf_add_test_case who_is_elsewhere_must_want_it
	atf_add_test_case what_can_not_be_sent_is_sent_later_and_once
	atf_add_test_case lines_that_a_crash_has_cut_do_no_harm
	atf_add_test_case hostile_names_do_not_break_the_xml
	atf_add_test_case reports_of_others_are_read
	atf_add_test_case what_reports_say_of_troubles_is_shown
	atf_add_test_case what_is_no_report_is_told
}
