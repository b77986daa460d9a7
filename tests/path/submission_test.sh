#! /usr/bin/env atf-sh
# The submission service of a running system, as mail programs use it.

system_source=$(atf_get_srcdir)
build=$(cd "$system_source/../.." && pwd)
. "$system_source/system.sh"
. "$system_source/journeys.sh"
needed='s6-svscan tcpserver swaks curl msmtp s-nail mutt python3 setpriv'

# begin: a system for example.test with alice and bob, where AUTH needs no TLS.
begin()
{
	chmod 755 .
	export FACTEUR_HOME="$PWD/home" PATH="$bin:$PATH:/usr/sbin"
	system_make example.test || atf_fail "mail-setup failed"
	mailbox alice@example.test wonderland || atf_fail "mail-user failed"
	mailbox bob@example.test builder || atf_fail "mail-user failed"
	system_admin mail-user alias queen@example.test alice@example.test ||
	    atf_fail "mail-user failed"
	echo 1 | as_user tee home/service/submission/env/AUTH_CLEAR >/dev/null
	start
	HOME=$PWD
	export HOME
}

end()
{
	system_stop
}

# submit SWAKS-ARGUMENT...: by swaks
submit()
{
	swaks --server 127.0.0.1 --port "$submission" --helo client.test --to bob@example.test "$@" 2>&1
}

arrived()
{
	grep -rl "Subject: $1\$" "$(maildir bob@example.test)/new" >/dev/null 2>&1
}

# expect SUBJECT [PROTOCOL]: it arrives, from alice who has authenticated, and complete
expect()
{
	await arrived "$1" || {
		tail -n 30 home/log/*/current
		atf_fail "$1 did not arrive"
	}
	mail=$(cat "$(grep -rl "Subject: $1\$" "$(maildir bob@example.test)/new")")
	printf '%s\n' "$mail" >mail
	atf_check -o match:"^	by mx.example.test with ${2:-ESMTPA} id" -o match:'^Date: ' -o match:'^Message-I[Dd]: <' \
	    -o not-match:'^Bcc:' -o not-match:'^bcc:' cat mail
}

letter()
{
	printf 'From: %s\nTo: bob@example.test\nBcc: bob@example.test\nSubject: %s\n\nhello\n' "${2-alice@example.test}" "$1"
}

# swaks, curl, msmtp, smtplib, s-nail and mutt send by AUTH.
mail_programs_submit_journey()
{
	for way in PLAIN LOGIN; do
		atf_check -o ignore swaks --server 127.0.0.1 --port "$submission" --to bob@example.test \
		    --from alice@example.test --auth $way --auth-user alice@example.test \
		    --auth-password wonderland --data - <<-END
			From: alice@example.test
			Subject: swaks-$way

			hello
		END
		expect "swaks-$way"
	done

	letter curl | sed 's/$/\r/' >letter
	atf_check curl -sS --user alice@example.test:wonderland --mail-from queen@example.test \
	    --mail-rcpt bob@example.test --upload-file letter "smtp://127.0.0.1:$submission"
	expect curl

	for way in plain login scram-sha-256; do
		letter "msmtp-$way" | atf_check msmtp -C /dev/null --host=127.0.0.1 --port="$submission" \
		    --auth=$way --user=alice@example.test --passwordeval='echo wonderland' --tls=off \
		    --from=alice@example.test bob@example.test
		expect "msmtp-$way"
	done
	atf_check -o match:'mechanism=SCRAM-SHA-256' cat home/log/submission/current

	atf_check python3 - "$submission" <<-'END'
		import smtplib, sys
		client = smtplib.SMTP("127.0.0.1", int(sys.argv[1]))
		client.login("alice", "wonderland")
		client.sendmail("alice@example.test", ["bob@example.test"], "From: alice@example.test\nSubject: smtplib\n\nhello")
		client.quit()
	END
	expect smtplib

	echo hello | atf_check -e ignore env HOME="$PWD" DEAD=/dev/null s-nail -:/ -Sv15-compat -Ssmtp-auth=login \
	    -Smta="smtp://alice%40example.test:wonderland@127.0.0.1:$submission" -Sfrom=alice@example.test \
	    -s s-nail bob@example.test
	expect s-nail

	cat >muttrc <<-END
		set from=alice@example.test ssl_starttls=no ssl_force_tls=no copy=no
		set smtp_url="smtp://alice%40example.test:wonderland@127.0.0.1:$submission"
	END
	echo hello | atf_check -o ignore mutt -n -F muttrc -s mutt bob@example.test
	expect mutt
	atf_check -o match:'event=authenticated client=127.0.0.1 user=alice' cat home/log/auth/current
}

# begin_tls: AUTH under TLS only; the certificate in "trusted", the port for TLS from the start
begin_tls()
{
	if [ -e home/service/submission/env/AUTH_CLEAR ]; then
		rm home/service/submission/env/AUTH_CLEAR
		as_user s6-svc -wR -T 20000 -r home/service/submission
	fi
	cat home/tls/mx.example.test/cert.pem >trusted
	submissions=$((base + 465))
	secure='ESMTPSA \(TLSv1.[23]\)'
}

# compose NAME SCHEME PORT [SETTING...]: by mutt, over TLS
compose()
{
	name=$1-$2
	cat >muttrc <<-END
		set from=alice@example.test ssl_starttls=yes ssl_force_tls=yes ssl_verify_host=no copy=no
		set certificate_file=trusted
		set smtp_url="$2://alice%40example.test:wonderland@127.0.0.1:$3"
	END
	shift 3
	printf '%s\n' "$@" >>muttrc
	echo hello | atf_check -o ignore mutt -n -F muttrc -s "$name" bob@example.test
	expect "$name" "$secure"
}

# The same by STARTTLS, and on port 465, with our certificate.
mail_programs_submit_over_tls_journey()
{
	begin_tls
	for way in "--tls --port $submission" "--tls-on-connect --port $submissions"; do
		subject=swaks-${way##* }
		atf_check -o ignore swaks --server 127.0.0.1 $way --tls-verify --tls-ca-path trusted \
		    --to bob@example.test --from alice@example.test --auth PLAIN --auth-user alice \
		    --auth-password wonderland --header "Subject: $subject"
		expect "$subject" "$secure"
	done

	letter curl-465 | sed 's/$/\r/' >letter
	atf_check curl -sS --cacert trusted --connect-to "mx.example.test:$submissions:127.0.0.1:$submissions" \
	    --user alice@example.test:wonderland --mail-from alice@example.test \
	    --mail-rcpt bob@example.test --upload-file letter "smtps://mx.example.test:$submissions"
	expect curl-465 "$secure"
	letter curl-587 | sed 's/$/\r/' >letter
	atf_check curl -sS --cacert trusted --connect-to "mx.example.test:$submission:127.0.0.1:$submission" \
	    --ssl-reqd --login-options AUTH=LOGIN --user alice@example.test:wonderland \
	    --mail-from alice@example.test --mail-rcpt bob@example.test --upload-file letter \
	    "smtp://mx.example.test:$submission"
	expect curl-587 "$secure"

	for port in "$submission" "$submissions"; do
		starttls=on
		[ "$port" = "$submission" ] || starttls=off
		letter "msmtp-$port" | atf_check msmtp -C /dev/null --host=127.0.0.1 --port="$port" --auth=scram-sha-256 \
		    --user=alice@example.test --passwordeval='echo wonderland' --tls=on \
		    --tls-starttls=$starttls --tls-trust-file=trusted --tls-host-override=mx.example.test \
		    --from=alice@example.test bob@example.test
		expect "msmtp-$port" "$secure"
	done
	atf_check -o match:'mechanism=SCRAM-SHA-256' cat home/log/submission/current

	atf_check python3 - "$submission" "$submissions" <<-'END'
		import smtplib, ssl, sys
		context = ssl.create_default_context(cafile="trusted")
		context.check_hostname = False  # it is for mx.example.test
		for port in sys.argv[1:]:
		    if port == sys.argv[1]:
		        client = smtplib.SMTP("127.0.0.1", int(port))
		        client.starttls(context=context)
		    else:
		        client = smtplib.SMTP_SSL("127.0.0.1", int(port), context=context)
		    client.login("alice", "wonderland")
		    client.sendmail("alice@example.test", ["bob@example.test"],
		        f"From: alice@example.test\nSubject: smtplib-{port}\n\nhello")
		    client.quit()
	END
	expect "smtplib-$submission" "$secure"
	expect "smtplib-$submissions" "$secure"

	for way in "smtp $submission" "smtps $submissions"; do
		subject=s-nail-${way% *}
		echo hello | atf_check -e ignore env HOME="$PWD" DEAD=/dev/null s-nail -:/ -Sv15-compat \
		    -Ssmtp-use-starttls -Ssmtp-auth=plain -Stls-verify=ignore \
		    -Smta="${way% *}://alice%40example.test:wonderland@127.0.0.1:${way#* }" \
		    -Sfrom=alice@example.test -s "$subject" bob@example.test
		expect "$subject" "$secure"
		compose mutt "${way% *}" "${way#* }" 'set smtp_authenticators="scram-sha-256:plain"'
	done
	# it would choose channel binding, which it can't do, and nothing else
	echo 0 | as_user tee home/control/channelbinding >/dev/null
	compose mutt-unbound smtps "$submissions"
}

# openssl s_client as a mail program; with -ign_eof, for without it a line that begins with R would
# renegotiate, and one with Q end.
openssl_submits_journey()
{
	begin_tls
	plain=$(printf '\0alice@example.test\0wonderland' | base64)
	for way in "-connect 127.0.0.1:$submissions" "-starttls smtp -connect 127.0.0.1:$submission"; do
		subject=openssl-${way##*:}
		letter "$subject" >letter
		{
			printf '%s\r\n' 'EHLO client.test' "AUTH PLAIN $plain" 'MAIL FROM:<alice@example.test>' \
			    'RCPT TO:<bob@example.test>' DATA
			sed 's/$/\r/' letter
			printf '%s\r\n' . QUIT
		} | timeout 30 openssl s_client $way -CAfile trusted -verify_hostname mx.example.test \
		    -verify_return_error -ign_eof -quiet >said 2>error || cat error
		atf_check -o match:'^235 2.7.0' -o match:'^221 2.0.0' cat said
		expect "$subject" "$secure"
	done
}

# Strangers, wrong passwords, and senders who are somebody else.
what_is_not_allowed_is_refused_journey()
{
	dialogue=$(submit --from alice@example.test)
	atf_check -o match:'^<\*\* 530 5.7.0 ' printf '%s\n' "$dialogue"
	alice="--auth PLAIN --auth-user alice --auth-password"
	dialogue=$(submit --from alice@example.test $alice wrong)
	atf_check -o match:'^<\*\* 535 5.7.8 ' printf '%s\n' "$dialogue"
	dialogue=$(submit --from bob@example.test $alice wonderland)
	atf_check -o match:'^<\*\* 553 5.7.1 ' printf '%s\n' "$dialogue"
	echo alice@example.test:bob@example.test | as_user tee home/control/senders >/dev/null
	dialogue=$(submit --from bob@example.test $alice wonderland)
	atf_check -o match:"^<-  250 2.0.0 ok [0-9a-z]" printf "%s\n" "$dialogue"

	echo 0 | as_user tee home/control/checkfrom >/dev/null
	dialogue=$(submit --from alice@example.test --h-From king@example.test $alice wonderland)
	atf_check -o match:'^<-  250 2.0.0 ok [0-9a-z]' printf '%s\n' "$dialogue"
	as_user rm home/control/checkfrom
	dialogue=$(submit --from alice@example.test --h-From king@example.test $alice wonderland)
	atf_check -o match:'^<\*\* 550 5.7.1 the address in the From field' printf '%s\n' "$dialogue"
	dialogue=$(submit --from alice@example.test --h-From queen@example.test $alice wonderland)
	atf_check -o match:'^<-  250 2.0.0 ok [0-9a-z]' printf '%s\n' "$dialogue"
}

# sasl MECHANISM PASSWORD [OPTION...]: what GNU SASL hears
sasl()
{
	mechanism=$1 password=$2
	shift 2
	gsasl --smtp --connect="127.0.0.1:$submission" --x509-ca-file= -m "$mechanism" \
	    -a alice@example.test -p "$password" "$@" </dev/null 2>&1
}

# GNU SASL by SCRAM, with and without TLS and channel binding.
gnu_sasl_proves_itself_journey()
{
	command -v gsasl >/dev/null || atf_skip "gsasl is not there"
	right='235 2.7.0 authentication succeeded'
	atf_check -o match:"$right" printf '%s\n' "$(sasl SCRAM-SHA-256 wonderland --no-starttls)"
	atf_check -o match:"$right" printf '%s\n' "$(sasl SCRAM-SHA-256 wonderland --no-cb)"
	atf_check -o match:"$right" printf '%s\n' "$(sasl SCRAM-SHA-256-PLUS wonderland)"
	atf_check -o match:'mechanism=SCRAM-SHA-256-PLUS' cat home/log/submission/current
	atf_check -o match:'535 5.7.8' printf '%s\n' "$(sasl SCRAM-SHA-256-PLUS Wonderland)"
	atf_check -o match:"$right" printf '%s\n' "$(sasl PLAIN wonderland)"
	atf_check -o match:"$right" printf '%s\n' "$(sasl LOGIN wonderland)"
	# GNU SASL prepares passwords (RFC 4013), which changes nothing of a composed one
	cafe=$(printf 'caf\303\251')
	echo "$cafe" | system_admin mail-user passwd alice@example.test || atf_fail "mail-user failed"
	atf_check -o match:"$right" printf '%s\n' "$(LC_ALL=C.UTF-8 sasl SCRAM-SHA-256-PLUS "$cafe")"
}

# AUTH by STARTTLS and on port 465, and not without.
passwords_go_over_tls_only_journey()
{
	begin_tls
	auth="--auth PLAIN --auth-user alice --auth-password wonderland --from alice@example.test"
	dialogue=$(submit $auth)
	atf_check -o not-match:AUTH printf '%s\n' "$dialogue"
	dialogue=$(submit $auth --tls --h-Subject starttls)
	atf_check -o match:'^<~  235 2.7.0 ' printf '%s\n' "$dialogue"
	await arrived starttls || atf_fail "it did not arrive"
	atf_check -o match:'by mx.example.test with ESMTPSA \(TLSv1.3\) id' cat "$(maildir bob@example.test)"/new/*
	dialogue=$(swaks --server 127.0.0.1 --port $((base + 465)) --tlsc --to bob@example.test $auth --h-Subject 465)
	atf_check -o match:'^<~  250 2.0.0 ok ' printf '%s\n' "$dialogue"
	await arrived 465 || atf_fail "it did not arrive"
}

# the last of the first case, and the one of the last, have passwords that are wrong
journeys mail_is_submitted "AUTH without TLS, where that is allowed" \
    mail_programs_submit what_is_not_allowed_is_refused
journeys mail_is_submitted_over_tls "STARTTLS, and port 465" passwords_go_over_tls_only \
    openssl_submits mail_programs_submit_over_tls
journeys gnu_sasl_proves_itself "SCRAM, with and without TLS and channel binding" gnu_sasl_proves_itself

atf_init_test_cases()
{
	for case in $cases; do
		atf_add_test_case "$case"
	done
}
