#! /usr/bin/env atf-sh
# The EXAMPLES of the man pages, pasted into a shell.
PATH=$(cd "$(atf_get_srcdir)/../../bin" && pwd):$PATH

# commands PAGE: those of its EXAMPLES, a block each, ended by a line %%
commands()
{
	awk '
	function plain(s) {
		gsub(/\\e/, "\\", s)
		gsub(/\\\(aq/, "\047", s)
		gsub(/\\\(dq/, "\"", s)
		gsub(/\\&/, "", s)
		return s
	}
	function block(   i, n, line, prompted, on) {
		n = split(text, line, "\n")
		for (i = 1; i < n; i++)
			prompted = prompted || line[i] ~ /^[$#] /
		for (i = 1; i < n; i++) {
			on = !prompted || line[i] ~ /^[$#] / || (on && line[i - 1] ~ /[|\\]$/)
			if (prompted)
				sub(/^[$#] /, "", line[i])
			if (on)
				print line[i]
		}
		print "%%"
		text = ""
	}
	/^\.Sh / { on = $2 == "EXAMPLES" }
	!on { next }
	/^\.Dl / { text = plain(substr($0, 5)) "\n"; block() }
	/^\.Ed/ { literal = 0; block() }
	literal { text = text plain($0) "\n" }
	/^\.Bd -literal/ { literal = 1 }
	' "$1"
}

# What a shell says of what it can not do, and a program of how it is used.  What the machine
# has not (a port, a server, a mailbox) is another matter.
complaint='usage:|not found|[Ss]yntax error|[Bb]ad (fd|file)|unexpected|Illegal|not of the form|malformed'

# Only what begins or names something outside of the folder is not run.
outside='certbot|uacme|deploy_cert|update-alternatives|bin=|tcpserver|tcp-listen|s6-(svscan|svwait|svc|ipcserver|ipcclient)|mail-setup|/var/|rm -r|\.\.\.|some-filter|run-alone|queue-run|kill '

atf_test_case examples_can_be_pasted
examples_can_be_pasted_head()
{
	atf_set timeout 600
}
examples_can_be_pasted_body()
{
	[ -n "$FACTEUR_SOURCE" ] || atf_fail "FACTEUR_SOURCE, the source tree, is not set"
	mkdir -p home/control home/users home/run home/log home/state home/queue/new home/queue/later \
	    home/queue/hold home/queue/paused home/queue/bad Maildir/new Maildir/cur Maildir/tmp
	export FACTEUR_HOME=$PWD/home TCPREMOTEIP=127.0.0.1
	echo mx.example.test >home/control/me
	printf 'example.test\nexample.org\n' >home/control/domains
	printf 'Subject: x\n\nx\n' >message
	ran=0
	for page in "$FACTEUR_SOURCE"/doc/*.8; do
		: >block
		commands "$page" | while IFS= read -r line; do
			if [ "$line" != %% ]; then
				printf '%s\n' "$line" >>block
				continue
			fi
			mv block example
			: >block
			[ -s example ] || continue
			grep -Eq '^([.:]|\[[a-zA-Z]|client [0-9])' example && continue # a file, not commands
			sh -n example 2>said || { cat example said; atf_fail "${page##*/}: $(head -n 1 said)"; }
			echo x >>ran
			grep -Eq "$outside" example && continue
			echo y >>ran
			timeout 20 sh example 1 15 >said 2>&1 </dev/null
			! grep -E "$complaint" said >complaint ||
				{ cat example said; atf_fail "${page##*/}: $(head -n 1 complaint)"; }
		done || exit 1
	done
	[ "$(grep -c x ran)" -gt 50 ] || atf_fail "only $(grep -c x ran) examples were found"
	[ "$(grep -c y ran)" -gt 25 ] || atf_fail "only $(grep -c y ran) examples were run"
}

atf_test_case the_sink_of_smtp_recv_shows_what_it_gets
the_sink_of_smtp_recv_shows_what_it_gets_body()
{
	mkdir -p home/control home/users
	echo mx.example.test >home/control/me
	export FACTEUR_HOME=$PWD/home TCPREMOTEIP=127.0.0.1
	commands "$FACTEUR_SOURCE/doc/smtp-recv.8" | sed -n '/HELO me/,$p' | sed '/^%%/d' >example
	atf_check -o match:'^354' -o match:'^250 .*' -e match:'^hi' -e match:'^F' -e match:'^Ta@b' sh example
}

atf_test_case lengths_of_netstrings_are_right
lengths_of_netstrings_are_right_body()
{
	cd "$FACTEUR_SOURCE" || exit
	for page in doc/*.5 doc/*.8; do
		commands "$page" | grep -ao "[\"'][0-9]*:[^%\"']*,[\"']" | sed "s/.\\(.*\\)./\\1/"
	done | sort -u | while read -r netstring; do
		printf "${netstring#*:}" >"$HOME/text"
		[ "$(wc -c <"$HOME/text")" = $((${netstring%%:*} + 1)) ] || atf_fail "$netstring has another length"
		echo x
	done >"$HOME/seen"
	atf_check -o not-empty cat "$HOME/seen"
}

atf_init_test_cases()
{
	atf_add_test_case examples_can_be_pasted
	atf_add_test_case the_sink_of_smtp_recv_shows_what_it_gets
	atf_add_test_case lengths_of_netstrings_are_right
}
