#! /usr/bin/env atf-sh
# A milter hears from us what it hears from Postfix, and what it changes comes out alike.
PATH=$(atf_get_srcdir)/../../bin:$PATH
asking=$(atf_get_srcdir)
build=$(cd "$asking/../.." && pwd)
. "$asking/../lib/until.sh"
. "$asking/asking.sh"

# heard LOG: what is the same of it.  Postfix tells the message ID before each field and piece, we once before them,
# and it ends each message with an abort; more macros are told by us, and what mailers and software there are is each
# one's own.
heard()
{
	grep -v -e '^[OA]' -e '^D [TLB]' -e '^answered' "$1" | awk '
	/^C/ { $4 = 0 }
	/^D/ {
		kept = $1 " " $2
		n = split("j {daemon_name} {daemon_addr} {mail_addr} {mail_host} {rcpt_addr} {rcpt_host}", names, " ")
		for (k = 1; k <= n; k++)
			for (i = 3; i <= NF; i++)
				if (index($i, names[k] "=") == 1)
					kept = kept " " $i
		$0 = kept
	}
	{
		sub(/ +$/, "")
		print
	}'
}

# bare FILE: a message without the trace field
bare()
{
	sed -e '/^Received: /,/^[^ 	R]/{/^Received: /d;/^[ 	]/d;}' "$1"
}

# prepare: Postfix, and a home of ours
prepare()
{
	"$FACTEUR_SOURCE/tests/dependencies" unpack "$build/peers" postfix || atf_skip "the package postfix can't be had"
	unshare -m true || atf_skip "no namespace of our own"
	home
	chmod 755 .
	echo postfix.test >home/control/me
}

# beside: what Postfix makes of "spoken", with the milter at $milter
beside()
{
	chmod 777 "${milter#*:}"
	milter=$milter inlet=$("$asking/../lib/ports.py" port) peers=$build/peers peer_source=$build/tests/path asking=$asking \
	    timeout 100 unshare -m sh "$asking/beside.sh" 2>postfix.log || atf_fail "$(cat postfix.log)"
}

atf_test_case what_postfix_tells_and_does cleanup
what_postfix_tells_and_does_head()
{
	atf_set require.progs 'unshare apt-get'
	atf_set require.user root
	atf_set timeout 120
}
what_postfix_tells_and_does_body()
{
	prepare
	cat >spoken <<-'EOF'
		EHLO client.test
		MAIL FROM:<a@client.test> size=10 BODY=8BITMIME
		RCPT TO:<b@other.test> NOTIFY=NEVER
		RCPT TO:<"c d"@other.test>
		DATA
		From: a@client.test
		To:b@other.test
		Date: Mon, 30 Nov 2026 12:00:00 +0000
		Message-Id: <1@client.test>
		Tab:	tab
		Two:  blanks
		Empty:
		Folded: one
			two
		  three
		Folded:
		 four
		Eight: über
		Subject: x

		body
		..dot

		.
		MAIL FROM:<a@client.test>
		RSET
		HELO again.test
		MAIL FROM:<b@client.test>
		RCPT TO:<b@other.test>
		DATA
		From: a@client.test
		Date: Mon, 30 Nov 2026 12:00:00 +0000
		Message-Id: <1@client.test>

		.
		QUIT
	EOF
	changes='E=i\x00\x00\x00\x01X-One\x001\x00|i\x00\x00\x00\x03X-Three\x003\x00|i\x00\x00\x00\x00X-Zero\x000\x00'
	changes="$changes"'|hX-Fold\x00a\n b\x00|m\x00\x00\x00\x01Subject\x00new\x00|m\x00\x00\x00\x01To\x00\x00'
	changes="$changes"'|m\x00\x00\x00\x02Folded\x00unfolded\x00|m\x00\x00\x00\x05Nothing\x00n\x00'
	changes="$changes"'|bnew\r\n.body\r\n|qhold\x00|c'
	raw_beside theirs "$changes"
	beside
	raw_beside ours "$changes"
	cat >bin/keep <<-EOF
		#!/bin/sh
		cat >"$PWD/ours.message.\$\$"
		cat <&1 >"$PWD/envelope"
	EOF
	sed 's/$/\r/' spoken | TCPREMOTEIP=127.0.0.1 TCPLOCALIP=127.0.0.1 \
	    smtp-recv -p "milter-ask $milter" milter-ask "$milter" keep 2>log >ours.replies
	atf_check_equal '2 2' "$(grep -c '^250 2.0.0 Ok: queued' theirs.replies) $(grep -c '^250 2.0.0 ok [0-9a-z]' ours.replies)"
	heard theirs >theirs.heard
	heard ours >ours.heard
	atf_check diff -u theirs.heard ours.heard
	bare theirs.message >theirs.bare
	bare "$(grep -l '^Tab:' ours.message.*)" >ours.bare
	atf_check diff -u theirs.bare ours.bare
}
what_postfix_tells_and_does_cleanup() { stop; }

# However a new body ends, and in whatever pieces it comes.
atf_test_case new_bodies_are_what_postfix_makes_of_them cleanup
new_bodies_are_what_postfix_makes_of_them_head()
{
	what_postfix_tells_and_does_head
}
new_bodies_are_what_postfix_makes_of_them_body()
{
	prepare
	set -- 'bx\r' 'bx' 'bx\n' 'bx\r\n' 'b' 'b\r' 'b\r\n' 'b\n' 'bx\r\r\n' 'bx\r|b\ny' 'bx\r|by' 'b.\r\n..\r\n.' \
	    'b\r\n\r\n' 'bx\ry\nz\r' 'b\r\r' 'bx\r\n|b\r|b\n' 'b|bx' 'bx|b'
	turns=$#
	{
		printf '%s\n' 'EHLO client.test'
		for n in $(seq $turns); do
			printf '%s\n' 'MAIL FROM:<a@client.test>' 'RCPT TO:<b@other.test>' DATA 'From: a@client.test' \
			    'Date: Mon, 30 Nov 2026 12:00:00 +0000' "Message-Id: <$n@client.test>" "Turn: $n" '' old .
		done
		echo QUIT
	} >spoken
	n=0
	for body; do
		n=$((n + 1))
		shift
		set -- "$@" "E:$n=$body|qhold\\x00|c"
	done
	raw_beside theirs "$@"
	beside
	raw_beside ours "$@"
	cat >bin/keep <<-EOF
		#!/bin/sh
		cat >"$PWD/kept"
		mv "$PWD/kept" "$PWD/ours.\$(sed -n 's/^Turn: //p' "$PWD/kept")"
		cat <&1 >/dev/null
	EOF
	sed 's/$/\r/' spoken | TCPREMOTEIP=127.0.0.1 TCPLOCALIP=127.0.0.1 smtp-recv milter-ask "$milter" keep 2>log >ours.replies
	for n in $(seq $turns); do
		atf_check test -s "theirs.$n" -a -s "ours.$n"
		for whose in theirs ours; do
			sed '1,/^$/d' "$whose.$n" >"$whose.body"
		done
		cmp theirs.body ours.body || { od -c theirs.body; od -c ours.body; atf_fail "body $n"; }
	done
}
new_bodies_are_what_postfix_makes_of_them_cleanup() { stop; }

atf_init_test_cases()
{
	atf_add_test_case new_bodies_are_what_postfix_makes_of_them
	atf_add_test_case what_postfix_tells_and_does
}
