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
outside='certbot|my-policy|uacme|deploy_cert|update-alternatives|bin=|tcpserver|tcp-listen|s6-(svscan|svwait|svc|ipcserver|ipcclient)|mail-setup|/var/|rm -r|\.\.\.|some-filter|run-alone|queue-run|kill '

# Those of them that begin something that goes on.
servers='(tcpserver|tcp-listen|s6-ipcserver)'

# each COMMAND: for each example of the pages, in ./example, and its page in $page
each()
{
	[ -n "$FACTEUR_SOURCE" ] || atf_fail "FACTEUR_SOURCE, the source tree, is not set"
	for page in "$FACTEUR_SOURCE"/doc/*.[578]; do
		# of users and settings there are files
		case $page in */control.5 | */users.5) continue ;; esac
		: >block
		commands "$page" | while IFS= read -r line; do
			if [ "$line" != %% ]; then
				printf '%s\n' "$line" >>block
				continue
			fi
			mv block example
			: >block
			case $page in *.5) command -v -- "$(sed 's/ .*//;q' example)" >/dev/null || continue ;; esac
			# a file is no commands
			[ ! -s example ] || grep -Eq '^([.:]|\[[a-zA-Z]|client [0-9])' example || "$1" || exit
		done || exit 1
	done
}

# home: a folder that has what programs read
home()
{
	mkdir -p home/control home/users home/run home/log home/state home/queue/new home/queue/later \
	    home/queue/hold home/queue/paused home/queue/bad Maildir/new Maildir/cur Maildir/tmp
	export FACTEUR_HOME=$PWD/home TCPREMOTEIP=127.0.0.1
	echo mx.example.test >home/control/me
	printf 'example.test\nexample.org\n' >home/control/domains
	printf 'Subject: x\n\nx\n' >message
}

# complain WHAT: of ./example
complain()
{
	cat example said
	atf_fail "${page##*/}: $1"
}

# paste: run ./example, and see that nobody says that it is not how he is used
paste()
{
	sh -n example 2>said || complain "$(head -n 1 said)"
	echo x >>ran
	! grep -Eq "$outside" example || return 0
	echo y >>ran
	timeout 20 sh example 1 15 >said 2>&1 </dev/null
	! grep -E "$complaint" said >complaint || complain "$(head -n 1 complaint)"
}

# paste_server: ./example, if it is a server, on a port of 127.0.0.1 that is free, goes on until it is ended
paste_server()
{
	grep -Eq "$servers" example && ! grep -Eq 'exec |\.\.\.|run-alone|tlswrapper|qmail|socket-give|/tmp/try|kill|FACTEUR_HOME|HOME/|ipcclient' example ||
		return 0
	sed -e 's/^\(tcpserver.*\) 0 [0-9][0-9]* /\1 127.0.0.1 0 /' -e 's/ 127.0.0.1 2525 / 127.0.0.1 0 /' \
	    -e 's/^\(tcpserver\|tcp-listen\|s6-ipcserver\).*[^\]$/& \&/' example >server
	printf 'wait\n' >>server
	echo x >>ran
	rm -rf run && mkdir run
	timeout 2 sh server >said 2>&1 </dev/null
	[ $? = 124 ] || complain 'does not go on'
	! grep -E "$complaint" said >complaint || complain "$(head -n 1 complaint)"
}

atf_test_case servers_can_be_pasted
servers_can_be_pasted_head()
{
	atf_set timeout 300
	atf_set require.progs 'tcpserver s6-ipcserver tcprules'
}
servers_can_be_pasted_body()
{
	home
	export CONCURRENCY=10 IP=127.0.0.1 PORT=0 ME=mx.example.test
	each paste_server
	[ "$(grep -c x ran)" -gt 10 ] || atf_fail "only $(grep -c x ran) servers were run"
}

# What mail-setup's page has, in one home of an ordinary user.
atf_test_case a_home_is_made_as_its_page_says
a_home_is_made_as_its_page_says_head()
{
	atf_set timeout 120
	atf_set require.progs 's6-svscan tcpserver openssl setpriv'
}
a_home_is_made_as_its_page_says_body()
{
	chmod 755 .
	mkdir place
	[ "$(id -u)" != 0 ] || chown nobody:nogroup place
	[ "$(id -u)" != 0 ] || as_nobody='setpriv --reuid=nobody --regid=nogroup --clear-groups'
	commands "$FACTEUR_SOURCE/doc/mail-setup.8" | sed -e '/^%%$/d' -e '/^s6-sv/d' -e 's/^mail-setup -u.*/true/' \
	    -e "s|^mail-setup -m|mail-setup -u -i 127.0.0.1 -p 20000 -m|" -e "s|/var/facteur|$PWD/place/home|" >commands
	chmod 644 commands
	atf_check -o match:'is ready for: example.test example.org example.net' $as_nobody sh -ec ". $PWD/commands"
	FACTEUR_HOME=$PWD/place/home atf_check -o match:'^bob@example.test' $as_nobody mail-user list
}

atf_test_case examples_can_be_pasted
examples_can_be_pasted_head()
{
	atf_set timeout 600
}
examples_can_be_pasted_body()
{
	home
	each paste
	[ "$(grep -c x ran)" -gt 100 ] || atf_fail "only $(grep -c x ran) examples were found"
	[ "$(grep -c y ran)" -gt 80 ] || atf_fail "only $(grep -c y ran) examples were run"
}

# What the other documents name in a line, as `queue-list -c`, and in blocks.
atf_test_case commands_of_the_documents_are_understood
commands_of_the_documents_are_understood_head()
{
	atf_set timeout 300
}
commands_of_the_documents_are_understood_body()
{
	[ -n "$FACTEUR_SOURCE" ] || atf_fail "FACTEUR_SOURCE, the source tree, is not set"
	home
	mail-compile 2>/dev/null
	# the tutorial has a test of its own
	for page in trouble backup cookbook from-qmail path durability house; do
		{
			grep -o '`[a-z]*-[a-z]* [^`]*`' "$FACTEUR_SOURCE/doc/$page.md" | tr -d '`'
			sed -n 's/^    \([a-z]*-[a-z]* .*[^\\|]\)$/\1/p' "$FACTEUR_SOURCE/doc/$page.md"
		} | sort -u | while IFS= read -r command; do
			command -v "${command%% *}" | grep -q "^${PATH%%:*}" || continue
			case $command in
			'queue-edit '*' '*) ;;
			'queue-edit '*) continue ;; # a verb only
			*-w* | 'tls-install -f' | *'$('* | mail-setup* | *' | '* | *'<'*) continue ;;
			esac
			printf '%s\n' "$command" | sed 's/ IP$/ 192.0.2.1/' >example
			echo x >>ran
			timeout 20 sh example >said 2>&1 </dev/null
			! grep -E "$complaint" said >complaint || complain "$(head -n 1 complaint)"
		done || exit 1
	done
	[ "$(grep -c x ran)" -gt 20 ] || atf_fail "only $(grep -c x ran) commands were found"
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
	atf_add_test_case servers_can_be_pasted
	atf_add_test_case a_home_is_made_as_its_page_says
	atf_add_test_case commands_of_the_documents_are_understood
	atf_add_test_case the_sink_of_smtp_recv_shows_what_it_gets
	atf_add_test_case lengths_of_netstrings_are_right
}
