#! /usr/bin/env atf-sh
# doc/backup.md, as it is written there.
PATH=$(atf_get_srcdir)/../../bin:$PATH
. "$(atf_get_srcdir)/setup.sh"

atf_test_case a_home_comes_back_in_another_place
a_home_comes_back_in_another_place_body()
{
	place
	export FACTEUR_HOME=$home
	$setup -p 20000 "$home" example.test >/dev/null || atf_fail setup
	echo secret | $user mail-user add bob@example.test || atf_fail mail-user
	# whose name is that of what is left out elsewhere
	echo secret | $user mail-user add event@example.test || atf_fail mail-user
	$user sh -c "echo mail >'$home/mail/example.test/event/Maildir/new/1'"
	$user sh -c "echo 'mode: enforce' >'$home/web/mta-sts.example.test/.well-known/mta-sts.txt'"
	$user mkdir -p "$home/service/smtp/supervise" "$home/service/smtp/log/event"
	$user sh -c "echo mail >'$home/mail/example.test/bob/Maildir/new/1'"
	printf 'Fa@far.test\0Tbob@example.test\0\0' >envelope
	echo 'Subject: x' >message
	$user queue-inject <message 1<envelope || atf_fail queue-inject

	# the command of the page
	command=$(sed -n '/^    tar -/,/^$/p' "$FACTEUR_SOURCE/doc/backup.md" |
	    sed "s|/backup/|$PWD/place/|")
	[ -n "$command" ] || atf_fail 'doc/backup.md has no tar'
	$user sh -c "cd '$home' && $command" || atf_fail tar
	$user rm -r "$home"
	home=$PWD/place/back
	$user sh -c "mkdir '$home' && cd '$home' && tar -xpzf ../facteur.tar.gz" || atf_fail untar
	export FACTEUR_HOME=$home
	atf_check -o match:'env/FACTEUR_HOME was .*/home and is now .*/back' $setup "$home" example.test
	atf_check -o ignore -e ignore $user queue-check
	atf_check -o match:bob@example.test -e ignore $user queue-list
	for name in bob event; do
		atf_check -o inline:'mail\n' cat "$home/mail/example.test/$name/Maildir/new/1"
	done
	atf_check -o inline:'mode: enforce\n' cat "$home/web/mta-sts.example.test/.well-known/mta-sts.txt"
	atf_check -o match:'v=DKIM1' $user dkim-key show example.test
	for service in smtp queue deliver; do
		atf_check -o inline:"$home\n" cat "$home/service/$service/env/FACTEUR_HOME"
		atf_check test -x "$home/service/$service/run"
	done
	# what can be made anew was not in it
	tar -tzf place/facteur.tar.gz >list
	atf_check -s exit:1 grep -E '^service/.*/(supervise|event)(/|$)|^run/|sessions' list
}

atf_init_test_cases()
{
	atf_add_test_case a_home_comes_back_in_another_place
}
