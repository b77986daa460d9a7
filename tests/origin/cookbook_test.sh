#! /usr/bin/env atf-sh
# The scripts of doc/cookbook.md, with stand-ins for the daemons that they ask.
PATH=$(atf_get_srcdir)/../../bin:$PATH

# The scripts in bin/, and a sink "keep".
scripts()
{
	[ -n "$FACTEUR_SOURCE" ] || atf_fail "FACTEUR_SOURCE, the source tree, is not set"
	mkdir bin
	awk '/^```sh$/ { getline; first = $0; getline; name = "bin/" $2; print first >name; on = 1 }
		/^```$/ { on = 0 } on { print >name }' "$FACTEUR_SOURCE/doc/cookbook.md"
	printf '#!/bin/sh\ncat >message\ntr "\\0" "|" <&1 >envelope-out\n' >bin/keep
	chmod +x bin/*
	PATH=$PWD/bin:$PATH
	export TCPREMOTEIP=192.0.2.1 SENDER=a@b
	mkdir tmp
	printf 'Fa@b\0Tjoe@c\0Td+e@f\0\0' >envelope
	printf '%s\n' 'From: a@b' 'Subject: s' '' 'X-Spam: Yes' >ham
}

# stand_in NAME: make it of standard input
stand_in()
{
	{
		echo '#!/bin/sh'
		cat
	} >"bin/$1"
	chmod +x "bin/$1"
}

# pass CODE FILTER MESSAGE: what it says is in report, nothing is left behind
pass()
{
	rm -f message
	TMPDIR=$PWD/tmp "$2" keep <"$3" 1<envelope 4>report
	atf_check_equal "$1" $?
	atf_check -o empty ls tmp
}

atf_test_case messages_are_marked_by_spamassassin
messages_are_marked_by_spamassassin_body()
{
	scripts
	stand_in spamc <<-'END'
		sed '1s/^/X-Spam-Flag: YES\n/'
	END
	pass 0 spam-mark ham
	atf_check -o inline:'X-Spam-Flag: YES\n' head -n 1 message
	echo 'cat >/dev/null; exit 69' | stand_in spamc
	pass 71 spam-mark ham
}

atf_test_case rspamd_is_asked
rspamd_is_asked_body()
{
	scripts
	printf '%s\n' 'x-spam: no' 'From: a@b' '' 'X-Spam: Yes' >forged
	for verdict in 'no action:0:No' 'add header:0:Yes' 'rewrite subject:0:Yes' reject:31 greylist:71; do
		action=${verdict%%:*} rest=${verdict#*:}
		stand_in curl <<-END
			cat "\${5#@}" >about
			echo '{"score":1.0,"action":"$action","symbols":{}}'
		END
		pass "${rest%:*}" rspamd-ask forged
		[ "$rest" != 0 ] || continue
		[ ! -e message ] || {
			printf '%s\n' "X-Spam: ${rest#*:}" 'From: a@b' '' 'X-Spam: Yes' >expected
			atf_check cmp expected message
		}
	done
	atf_check -o inline:'IP: 192.0.2.1\nFrom: a@b\n' cat about
	echo 'exit 7' | stand_in curl
	pass 71 rspamd-ask ham
}

atf_test_case viruses_are_refused
viruses_are_refused_body()
{
	scripts
	echo 'exit 0' | stand_in clamdscan
	pass 0 virus-refuse ham
	atf_check cmp ham message
	echo 'echo "$3: Some.Virus FOUND"; exit 1' | stand_in clamdscan
	pass 31 virus-refuse ham
	atf_check -o inline:'D550 5.7.1 this holds Some.Virus FOUND\n' cat report
	echo 'exit 2' | stand_in clamdscan
	pass 71 virus-refuse ham
}

atf_test_case spam_goes_aside
spam_goes_aside_body()
{
	scripts
	pass 0 spam-aside ham
	atf_check -o inline:'Fa@b|Tjoe@c|Td+e@f||' cat envelope-out
	for mark in 'X-Spam: Yes' 'X-Spam-Flag: YES' 'X-Facteur-Quarantine: dmarc'; do
		{ echo "$mark"; cat ham; } >spam
		pass 0 spam-aside spam
		atf_check cmp spam message
		atf_check -o inline:'Fa@b|Tjoe+spam@c|Td+e@f||' cat envelope-out
	done
}

atf_init_test_cases()
{
	atf_add_test_case messages_are_marked_by_spamassassin
	atf_add_test_case rspamd_is_asked
	atf_add_test_case viruses_are_refused
	atf_add_test_case spam_goes_aside
}
