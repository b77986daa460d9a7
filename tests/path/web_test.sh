#! /usr/bin/env atf-sh
# What clients and other servers look for on the web, and the DNS records that lead there.

system_source=$(atf_get_srcdir)
build=$(cd "$system_source/../.." && pwd)
. "$system_source/system.sh"
. "$system_source/journeys.sh"
needed='s6-svscan tcpserver curl python3 setpriv busybox'

# get NAME PATH [CURL-ARGUMENT...]: by HTTPS
get()
{
	name=$1 path=$2
	shift 2
	curl -sSk -D header --resolve "$name:$https:127.0.0.1" "$@" "https://$name:$https/$path"
}

atf_test_case each_name_has_its_own_files cleanup
each_name_has_its_own_files_head()
{
	atf_set require.progs "$needed"
	atf_set timeout 120
}
each_name_has_its_own_files_body()
{
	chmod 755 .
	PATH=$bin:$PATH:/usr/sbin
	system_make example.test example.org || atf_fail "mail-setup failed"
	https=$((base + 443))
	start
	for domain in example.test example.org; do
		get "mta-sts.$domain" .well-known/mta-sts.txt >got || atf_fail "no policy"
		printf '%s\r\n' 'version: STSv1' 'mode: testing' 'mx: mx.example.test' 'max_age: 604800' >expected
		atf_check cmp expected got
		atf_check -o match:'^HTTP/1.1 200' -o match:'^[Cc]ontent-[Tt]ype: text/plain' grep -i -e ^http -e ^content header
		get "autoconfig.$domain" "mail/config-v1.1.xml?emailaddress=a@$domain" >got || atf_fail "no autoconfig"
		atf_check /usr/bin/python3 - "$domain" $((base + 995)) $((base + 465)) <<-'END'
			import sys, xml.etree.ElementTree as t
			r = t.parse("got").getroot()
			assert r.find("emailProvider").get("id") == sys.argv[1]
			assert r.find("emailProvider/outgoingServer/hostname").text == "mx.example.test"
			assert [p.text for p in r.iter("port")] == sys.argv[2:]
		END
		get "autodiscover.$domain" autodiscover/autodiscover.xml >got || atf_fail "no autodiscover"
		# Outlook and others POST, and write the name as they like
		for path in autodiscover/autodiscover.xml Autodiscover/Autodiscover.xml AutoDiscover/AutoDiscover.xml; do
			get "AUTODISCOVER.$domain" "$path" -d '<Autodiscover/>' >posted || atf_fail "no POST"
			atf_check -o match:'^HTTP/1.1 200' head -n 1 header
			atf_check cmp got posted
		done
		atf_check /usr/bin/python3 - $((base + 995)) $((base + 465)) <<-'END'
			import sys, xml.etree.ElementTree as t
			r = t.parse("got").getroot()
			assert [e.text for e in r.iter() if e.tag.endswith("}Port")] == sys.argv[1:]
		END
	done

	# and nothing else
	for place in 'mx.example.test control/me' '127.0.0.1 control/me' 'mta-sts.example.test ../../control/me' \
	    'mta-sts.example.test ../autoconfig.example.test/mail/config-v1.1.xml' \
	    'mta-sts.example.test %2e%2e/%2e%2e/control/me' 'none.test .well-known/mta-sts.txt' \
	    'mta-sts.example.test .well-known/' 'mta-sts.example.test /'; do
		get ${place% *} "${place#* }" --path-as-is >got
		atf_check -o match:'^HTTP/1.1 40[034]' head -n 1 header
		atf_check -s exit:1 grep -e mx.example.test got
	done
	# a name that would lead out of the folder: clients may say whatever they like
	for name in .. ../control a/../..; do
		atf_check -s exit:1 -o ignore grep -r mx.example.test - <<-END
			$(printf 'GET /me HTTP/1.0\r\n\r\n' |
				TLS_SNI=$name FACTEUR_HOME="$PWD/home" sh home/service/web/serve)
		END
	done
}
each_name_has_its_own_files_cleanup()
{
	system_kill
}

atf_init_test_cases()
{
	atf_add_test_case each_name_has_its_own_files
}
