#! /usr/bin/env atf-sh
# The programs of a machine, which send by calling sendmail.

system_source=$(atf_get_srcdir)
build=$(cd "$system_source/../.." && pwd)
. "$system_source/system.sh"
. "$system_source/journeys.sh"
needed='s6-svscan tcpserver s-nail mutt python3 setpriv'

# begin: a system for example.test with bob, whose machine's user may send as anybody there.
begin()
{
	chmod 755 .
	export FACTEUR_HOME="$PWD/home" PATH="$bin:$PATH:/usr/sbin"
	system_make example.test || atf_fail "mail-setup failed"
	mailbox bob@example.test builder || atf_fail "mail-user failed"
	start
	mkdir own && chmod 777 own
	login=$(as_user sh -c 'IPCREMOTEEUID=$(id -u) peer-user sh -c "echo \$AUTHUSER"')
	echo "$login:@example.test" | as_user tee home/control/senders >/dev/null
}

end()
{
	system_stop
}

# user COMMAND...: in a folder of his own; it must succeed
user()
{
	(cd own && HOME=$PWD TMPDIR=$PWD && export HOME TMPDIR && become_user "$@") || atf_fail "$*: $?"
}

arrived()
{
	grep -rl "^Subject: $1\$" "$(maildir bob@example.test)/new" >/dev/null 2>&1
}

# expect SUBJECT [FROM]: it arrives, complete
expect()
{
	await arrived "$1" || {
		tail -n 30 home/log/*/current
		atf_fail "$1 did not arrive"
	}
	cat "$(grep -rl "^Subject: $1\$" "$(maildir bob@example.test)/new")" >mail
	atf_check -o match:"^Received: by mx.example.test .from user $login, uid" -o match:'^Date: ' \
	    -o match:'^Message-I[Dd]: <' -o match:"^From: .*${2:-$login@example.test}" \
	    -o not-match:'^[Bb]cc:' cat mail
}

atf_test_case programs_send_by_sendmail cleanup
programs_send_by_sendmail_head()
{
	atf_set require.progs "$needed"
	atf_set timeout 120
}
programs_send_by_sendmail_body()
{
	begin
	# as cron does: crond's own words
	printf 'From: root (Cron Daemon)\nTo: bob\nSubject: cron\nX-Cron-Env: <SHELL=/bin/sh>\n\nout\n' |
	    user sendmail -i -FCronDaemon -B8BITMIME -oem bob
	expect cron
	# as a report of a night's work does
	(
		echo "To: bob@example.test, nobody: ;"
		echo "Bcc: bob"
		echo "Subject: report"
		echo
		echo "all well"
	) | user sendmail -t
	expect report

	user env MAILRC=/dev/null s-nail -:/ -S "mta=$bin/sendmail" -s snail bob@example.test </dev/null
	expect snail
	echo text | user mutt -n -F /dev/null -e "set sendmail=\"$bin/sendmail -oem -oi\"" \
	    -e 'set copy=no' -e "set from=$login@example.test" -s mutt bob@example.test
	expect mutt
	user /usr/bin/python3 - "$bin/sendmail" <<-'END'
		import email.message, subprocess, sys
		m = email.message.EmailMessage()
		m["To"], m["Subject"] = "Bob <bob@example.test>", "python"
		m.set_content("Grüße\n")
		subprocess.run([sys.argv[1], "-t", "-oi"], input=m.as_bytes(), check=True)
	END
	expect python
	end
}
programs_send_by_sendmail_cleanup()
{
	system_kill
}

atf_test_case php_sends cleanup
php_sends_head()
{
	atf_set require.progs "$needed php"
}
php_sends_body()
{
	begin
	user php -d "sendmail_path=$bin/sendmail -t -i" -r \
	    'exit(mail("bob@example.test", "php", "text\n.\nmore\n", "From: shop@example.test\r\nBcc: bob@example.test", "-fshop@example.test") ? 0 : 1);'
	expect php shop@example.test
	atf_check -o match:'^Return-Path: <shop@example.test>$' -o match:'^more$' cat mail
	end
}
php_sends_cleanup()
{
	system_kill
}

atf_test_case git_sends cleanup
git_sends_head()
{
	atf_set require.progs "$needed git"
}
git_sends_body()
{
	git send-email -h 2>&1 | grep -q sendmail-cmd || atf_skip "git send-email is not installed"
	begin
	user git init -q repo
	(
		cd own/repo
		HOME=$PWD
		export HOME
		become_user sh -ec '
		git config user.name Me
		git config user.email me@example.test
		echo a >a
		git add a
		git commit -qm "a file"
		git send-email --quiet --confirm=never --suppress-cc=all --to=bob@example.test \
		    --sendmail-cmd="$1" --subject-prefix=git -1' sh "$bin/sendmail"
	) >sent 2>&1 || atf_fail "$(cat sent)"
	expect '\[git\] a file' me@example.test
	end
}
git_sends_cleanup()
{
	system_kill
}

atf_test_case it_can_be_the_sendmail_of_the_machine
it_can_be_the_sendmail_of_the_machine_head()
{
	atf_set require.progs update-alternatives
}
it_can_be_the_sendmail_of_the_machine_body()
{
	mkdir alt admin sbin
	# as the manual has it, in folders of our own
	sed -n '/^bin=/,/newaliases"$/p' "$FACTEUR_SOURCE/doc/mail-submit.8" |
	    sed -e "s|/usr/s*bin|$PWD/sbin|g" -e "s|\\\\e$|\\\\|" \
		-e "s|update-alternatives|& --quiet --altdir $PWD/alt --admindir $PWD/admin --log $PWD/log|" >commands
	PATH=$bin:$PATH atf_check -e ignore sh commands
	atf_check -s exit:64 -e match:'services run by themselves' ./sbin/sendmail -bd
	atf_check -s exit:111 -o ignore -e match:'queue-list' env FACTEUR_HOME="$PWD/none" ./sbin/mailq
	atf_check -s exit:111 -e match:'mail-compile' env FACTEUR_HOME="$PWD/none" ./sbin/newaliases
}

atf_init_test_cases()
{
	atf_add_test_case programs_send_by_sendmail
	atf_add_test_case php_sends
	atf_add_test_case git_sends
	atf_add_test_case it_can_be_the_sendmail_of_the_machine
}
