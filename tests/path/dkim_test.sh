#! /usr/bin/env atf-sh
# Signatures on their way through a running system: ours, and those of others.

system_source=$(atf_get_srcdir)
build=$(cd "$system_source/../.." && pwd)
. "$system_source/system.sh"
. "$system_source/journeys.sh"
needed='s6-svscan tcpserver swaks dnsmasq python3 setpriv openssl'
dkim=$system_source/../dkim

# begin: a system for example.test, and the world; the records of the keys in records
begin()
{
	chmod 755 .
	export FACTEUR_HOME="$PWD/home" PATH="$bin:$PATH:/usr/sbin"
	system_make example.test || atf_fail "mail-setup failed"
	mailbox bob@example.test builder || atf_fail "mail-user failed"
	system_admin mail-user alias away@example.test friend@world.test || atf_fail "mail-user failed"
	world_start
	start
	for domain in example.test mx.example.test; do
		system_admin dkim-key show $domain
	done | tr -d '\n' | sed 's/ )/\n/g' | sed 's/\. IN TXT ( "/ /; s/"	"//g; s/"$//' >records
	mkdir plain others
	"$dkim/corpus.py" plain
}

end()
{
	world_stop
	system_stop
}

# hand_over FROM-IP FROM TO FILE...: each by SMTP, as it is
hand_over()
{
	/usr/bin/python3 - "$smtp" "$@" <<-'END'
	import smtplib, sys
	port, source, sender, to = sys.argv[1:5]
	with smtplib.SMTP("127.0.0.1", int(port), "client.test", source_address=(source, 0)) as smtp:
	    for path in sys.argv[5:]:
	        with open(path, "rb") as file:
	            text = file.read().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
	            smtp.sendmail(sender, [to], text, ["BODY=8BITMIME"])
	END
}

# unpack: what came to the world, without what the world adds, as world/NUMBER.eml
unpack()
{
	for file in world/*[0-9]; do
		sed -e '/^X-From: /d' -e '/^X-To: /d' "$file" >"$file.eml"
	done
}

# expect_world COUNT: wait for so many messages there
expect_world()
{
	await eval "[ \$(ls world | grep -c '^[0-9]*\$') -ge $1 ]" || lost "not $1 messages in the world"
	unpack
}

has_verifier()
{
	case $1 in
	dkimpy) /usr/bin/python3 -c 'import dkim, nacl' ;;
	opendkim) test -x /usr/sbin/opendkim ;;
	mail-dkim) perl -MMail::DKIM -e 1 ;;
	esac 2>/dev/null
}

# expect_verdicts VERDICTS RECORDS: what dkimpy says of all that came, and what others say, who know RSA only
expect_verdicts()
{
	for verifier in dkimpy opendkim mail-dkim; do
		has_verifier $verifier || continue
		"$dkim/verify.py" $verifier "$2" world/*.eml >said || atf_fail "$verifier failed"
		verdicts=$1
		[ $verifier = dkimpy ] || verdicts=pass
		[ $verifier = dkimpy ] || sed -i 's/ pass\( pass\)*$/ pass/' said
		atf_check -o inline:" $verdicts\n" sh -c 'sed "s/^[^ ]*//" said | sort -u'
	done
}

# What a client of ours sends arrives signed, and is what was sent, byte for byte.
what_we_send_verifies_journey()
{
	hand_over 127.0.0.2 a@example.test friend@world.test plain/* || lost 'it was not taken'
	expect_world "$(ls plain | wc -l)"
	expect_verdicts 'pass pass' records
	for file in plain/*; do
		sed 's/$/\r/' "$file" >sent
		[ -z "$(tail -c 1 "$file")" ] || printf '\n' >>sent
		for came in world/*.eml; do
			tail -c "$(wc -c <sent)" "$came" | cmp -s - sent && break
		done || atf_fail "$file did not arrive as it was"
	done
}

# What others have signed and we forward is not touched; that they use our domain changes nothing.
what_is_forwarded_keeps_its_signatures_journey()
{
	has_verifier dkimpy || return 0
	mkdir -p keys
	openssl genrsa -out keys/r.key 2048 2>err && openssl genpkey -algorithm ed25519 -out keys/e.key || atf_fail openssl
	{
		printf 'r._domainkey.example.test v=DKIM1; k=rsa; p='
		openssl rsa -in keys/r.key -pubout -outform DER 2>err | base64 -w 0
		printf '\ne._domainkey.example.test v=DKIM1; k=ed25519; p='
		openssl pkey -in keys/e.key -pubout -outform DER | tail -c 32 | base64 -w 0
		echo
	} >records.others
	rm -f plain/long # dkimpy's l= does not like it
	"$dkim/verify.py" sign-dkimpy keys others plain/* || atf_fail 'nothing is signed'
	hand_over 127.0.0.1 a@example.test away@example.test others/* || lost 'it was not taken'
	expect_world "$(ls others | wc -l)"
	expect_verdicts 'pass pass pass pass' records.others
}

# A stranger with our domain in From gets no signature of ours.
forgeries_are_not_signed_journey()
{
	hand_over 127.0.0.1 stranger@world.test bob@example.test plain/plain || lost 'it was not taken'
	await eval '[ "$(count bob@example.test)" = 1 ]' || lost 'it did not arrive'
	atf_check -s exit:1 grep -r -i dkim-signature "$(maildir bob@example.test)/new"
}

reports_are_signed_journey()
{
	hand_over 127.0.0.2 friend@world.test refused@world.test plain/plain || lost 'it was not taken'
	expect_world 1
	atf_check -o match:'From: .*MAILER-DAEMON@mx.example.test' -o match:'d=mx.example.test' cat world/1.eml
	expect_verdicts 'pass pass' records
}

programs_of_the_machine_sign_journey()
{
	login=$(as_user sh -c 'IPCREMOTEEUID=$(id -u) peer-user sh -c "echo \$AUTHUSER"')
	echo "$login:@example.test" | as_user tee home/control/senders >/dev/null
	printf 'From: a@example.test\nTo: friend@world.test\nSubject: one\n\ntext\n' >letter
	chmod 644 letter
	as_user mail-submit -f a@example.test friend@world.test <letter || lost 'it was not taken'
	expect_world 1
	expect_verdicts 'pass pass' records
}

journeys signatures_verify "What we send, forward and report, verified by others" what_we_send_verifies \
    what_is_forwarded_keeps_its_signatures forgeries_are_not_signed reports_are_signed \
    programs_of_the_machine_sign

atf_init_test_cases()
{
	for case in $cases; do
		atf_add_test_case "$case"
	done
}
