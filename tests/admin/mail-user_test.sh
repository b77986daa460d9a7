#! /usr/bin/env atf-sh
PATH=$(atf_get_srcdir)/../../bin:$PATH

# a home with two domains; mailboxes belong to uid 1234 when root makes them
home()
{
	FACTEUR_HOME=$PWD/home
	export FACTEUR_HOME
	mkdir -p home/control home/users
	printf '%s\n' example.test other.test >home/control/domains
	echo 1234:1234 >home/control/mailuser
	echo mx.example.test >home/control/me
	owner=1234:1234
	[ "$(id -u)" = 0 ] || owner=$(id -u):$(id -g)
	# add ADDRESS: add a mailbox with a password
	printf '%s\n' '#! /bin/sh' 'echo "secret of $1" | mail-user add "$1"' >add
	chmod +x add
	PATH=$PWD:$PATH
}

atf_test_case add_makes_the_mailbox
add_makes_the_mailbox_body()
{
	home
	atf_check add bob@example.test
	atf_check -o inline:"bob@example.test:$owner:\n" cat home/users/mailboxes
	atf_check -o match:'^bob@example.test:[$]y[$]' cat home/users/passwords
	atf_check -o match:"mbob@example.test$owner:" strings home/users/users.cdb
	atf_check -o match:'bob@example.test[$]y[$]' strings home/users/passwords.cdb
	atf_check test -f home/mail/example.test/bob/Maildir/pop3.lock
	for folder in . Maildir Maildir/tmp Maildir/new Maildir/cur; do
		atf_check -o inline:"700 $owner\n" \
		    stat -c '%a %u:%g' home/mail/example.test/bob/$folder
	done
}

atf_test_case hashes_hold_the_password
hashes_hold_the_password_body()
{
	home
	atf_check add bob@example.test
	hash=$(sed 's/^[^:]*://;s/:.*//' home/users/passwords)
	atf_check -o inline:"$hash\n" perl -e 'print crypt($ARGV[0], $ARGV[1]), "\n"' \
	    'secret of bob@example.test' "$hash"
}

atf_test_case passwords_are_for_their_owner_only
passwords_are_for_their_owner_only_body()
{
	home
	umask 000
	atf_check add bob@example.test
	atf_check -o inline:'600\n600\n' \
	    stat -c %a home/users/passwords home/users/passwords.cdb
}

atf_test_case password_never_shows_in_the_arguments
password_never_shows_in_the_arguments_body()
{
	home
	atf_check -s exit:111 -e match:usage mail-user add bob@example.test secret
	atf_check -s exit:111 -e match:usage mail-user passwd bob@example.test secret
}

atf_test_case passwords_that_cannot_be_are_refused
passwords_that_cannot_be_are_refused_body()
{
	home
	atf_check -s exit:100 -e match:'password is empty' mail-user add b@example.test </dev/null
	echo >empty
	atf_check -s exit:100 -e match:'password is empty' mail-user add b@example.test <empty
	printf '%0256d\n' 0 >long
	atf_check -s exit:100 -e match:'longer than 255' mail-user add b@example.test <long
	printf 'a\tb\n' >tab
	atf_check -s exit:100 -e match:'control character' mail-user add b@example.test <tab
	atf_check -s exit:111 -e match:'unable to read the password' \
	    sh -c 'mail-user add b@example.test <&-'
	atf_check test ! -e home/users/mailboxes
	printf '%0255d' 0 >longest
	atf_check mail-user add b@example.test <longest
}

atf_test_case addresses_that_cannot_be_are_refused
addresses_that_cannot_be_are_refused_body()
{
	home
	for address in bob @example.test bob@ 'b b@example.test' ../x@example.test \
	    '"../x"@example.test' a/b@example.test '' 'bob@example.test
x@example.test:0:0:'; do
		echo secret >password
		atf_check -s exit:100 -e not-empty mail-user add -- "$address" <password
	done
	atf_check -s exit:100 -e match:'third.test is not one of our domains' add bob@third.test
	atf_check test ! -e home/users/mailboxes
}

atf_test_case an_address_is_had_once
an_address_is_had_once_body()
{
	home
	atf_check add bob@example.test
	atf_check -s exit:100 -e match:'is a mailbox already' add BOB@Example.Test
	atf_check -s exit:100 -e match:'is a mailbox already' \
	    mail-user alias bob@example.test x@far.test
	atf_check mail-user alias eve@example.test bob@example.test
	atf_check -s exit:100 -e match:'is an alias already' add eve@example.test
}

atf_test_case passwd_changes_the_password
passwd_changes_the_password_body()
{
	home
	atf_check add bob@example.test
	atf_check add eve@example.test
	grep eve home/users/passwords >before
	echo new >new
	atf_check mail-user passwd Bob@example.test <new
	atf_check -o file:before grep eve home/users/passwords
	hash=$(sed -n 's/^bob[^:]*:\([^:]*\).*/\1/p' home/users/passwords)
	atf_check -o inline:"$hash\n" perl -e 'print crypt("new", $ARGV[0]), "\n"' "$hash"
	atf_check -s exit:100 -e match:'no such mailbox' mail-user passwd x@example.test <new
}

atf_test_case add_without_password_lets_nobody_in
add_without_password_lets_nobody_in_body()
{
	home
	atf_check mail-user add -n bob@example.test </dev/null
	atf_check -o empty cat home/users/passwords
	echo now >now
	atf_check mail-user passwd bob@example.test <now
	atf_check -o match:'^bob@example.test:' cat home/users/passwords
}

atf_test_case quota_is_set_and_taken_back
quota_is_set_and_taken_back_body()
{
	home
	atf_check add bob@example.test
	atf_check mail-user quota bob@example.test 1000
	atf_check -o inline:"bob@example.test:$owner:1000\n" cat home/users/mailboxes
	atf_check -o match:"mbob@example.test$owner:1000" strings home/users/users.cdb
	atf_check mail-user quota bob@example.test 0
	atf_check -o inline:"bob@example.test:$owner:0\n" cat home/users/mailboxes
	atf_check mail-user quota bob@example.test default
	atf_check -o inline:"bob@example.test:$owner:\n" cat home/users/mailboxes
	for quota in -1 1x '' 1.5 99999999999999999999; do
		atf_check -s exit:100 -e match:'not a number' \
		    mail-user quota bob@example.test "$quota"
	done
	atf_check -s exit:100 -e match:'no such mailbox' mail-user quota x@example.test 1
}

atf_test_case alias_never_replaces_silently
alias_never_replaces_silently_body()
{
	home
	atf_check mail-user alias Info@example.test Bob@far.test
	atf_check -s exit:100 -e match:'is an alias already: alias add' \
	    mail-user alias info@example.test a@far.test b@far.test
	atf_check -o inline:'info@example.test: Bob@far.test\n' cat home/users/aliases
	atf_check mail-user alias set info@example.test a@far.test b@far.test
	atf_check -o inline:'info@example.test: a@far.test, b@far.test\n' cat home/users/aliases
	atf_check -o match:'ainfo@example.testa@far.test' strings home/users/users.cdb
	atf_check mail-user alias @example.test info@example.test
	atf_check -o match:'cexample.testinfo@example.test' strings home/users/users.cdb
	atf_check mail-user remove @example.test
	atf_check -o inline:'info@example.test\talias\ta@far.test, b@far.test\n' mail-user list
}

atf_test_case alias_adds_and_removes_targets
alias_adds_and_removes_targets_body()
{
	home
	atf_check mail-user alias i@example.test a@far.test
	atf_check mail-user alias add I@example.test b@far.test A@far.test c@far.test
	atf_check -o inline:'i@example.test: a@far.test, b@far.test, c@far.test\n' cat home/users/aliases
	atf_check mail-user alias remove i@example.test B@Far.test
	atf_check -o inline:'i@example.test: a@far.test, c@far.test\n' cat home/users/aliases
	cp home/users/aliases before
	atf_check -s exit:100 -e match:'has no such target' mail-user alias remove i@example.test b@far.test
	atf_check -s exit:100 -e match:'would have no target' \
	    mail-user alias remove i@example.test a@far.test c@far.test
	for verb in add remove; do
		atf_check -s exit:100 -e match:'no such alias' mail-user alias $verb x@example.test a@far.test
		atf_check -s exit:111 -e match:usage mail-user alias $verb i@example.test
	done
	atf_check mail-user alias set x@example.test a@far.test
	atf_check mail-user remove x@example.test
	atf_check cmp before home/users/aliases
	atf_check -s exit:100 -e match:'too many targets' \
	    mail-user alias add i@example.test $(seq -f 'x%g@far.test' 999)
}

atf_test_case a_mailbox_may_send_on_and_keep_a_copy
a_mailbox_may_send_on_and_keep_a_copy_body()
{
	home
	atf_check add bob@example.test
	atf_check mail-user alias bob@example.test Bob@example.test other@far.test
	atf_check -o inline:"bob@example.test\talias\tBob@example.test, other@far.test\nbob@example.test\tmailbox\t$owner\tdefault\n" \
	    mail-user list
	atf_check -s exit:100 -e match:'is a mailbox already' \
	    mail-user alias remove bob@example.test bob@example.test
	atf_check mail-user remove bob@example.test
	atf_check -o inline:"bob@example.test\tmailbox\t$owner\tdefault\n" mail-user list
}

atf_test_case loops_are_named_when_they_are_made
loops_are_named_when_they_are_made_body()
{
	home
	atf_check -e match:'there is no mailbox or alias b@' mail-user alias a@example.test b@example.test
	atf_check -e match:'a loop, which leads back to b@example.test' \
	    mail-user alias b@example.test a@example.test
	atf_check -e empty mail-user alias c@example.test x@far.test
}

atf_test_case the_mailbox_of_postmaster_stays
the_mailbox_of_postmaster_stays_body()
{
	home
	atf_check add bob@example.test
	atf_check add eve@example.test
	atf_check -e ignore mail-user alias postmaster@example.test staff@example.test
	atf_check mail-user alias staff@example.test Bob@example.test
	cp -r home/users before
	atf_check -s exit:100 -e match:'bob@example.test: mail for postmaster@example.test comes here' \
	    mail-user remove bob@example.test
	atf_check diff before/mailboxes home/users/mailboxes
	atf_check diff before/passwords home/users/passwords
	atf_check -e ignore mail-user remove eve@example.test
	atf_check -e match:'is removed' mail-user remove -f bob@example.test
	atf_check add postmaster@other.test
	atf_check -s exit:100 -e match:'comes here' mail-user remove postmaster@other.test
}

atf_test_case a_closed_account_keeps_its_password
a_closed_account_keeps_its_password_body()
{
	home
	atf_check add bob@example.test
	cp home/users/passwords before
	atf_check mail-user close Bob@example.test
	atf_check -o match:'^bob@example.test:!\$y' cat home/users/passwords
	atf_check -s exit:100 -e match:'is closed already' mail-user close bob@example.test
	atf_check mail-user open bob@example.test
	atf_check -o file:before cat home/users/passwords
	atf_check -s exit:100 -e match:'is not closed' mail-user open bob@example.test
	atf_check mail-user add -n eve@example.test
	atf_check -s exit:100 -e match:'has no password' mail-user close eve@example.test
	atf_check -s exit:100 -e match:'no such mailbox' mail-user open x@example.test
}

atf_test_case alias_names_what_it_cannot_take
alias_names_what_it_cannot_take_body()
{
	home
	atf_check -s exit:111 -e match:usage mail-user alias info@example.test
	atf_check -s exit:100 -e match:'bob: not an address' mail-user alias i@example.test bob
	atf_check -s exit:100 -e match:'its own target' \
	    mail-user alias i@example.test I@example.test
	atf_check -s exit:100 -e match:'not one of our domains' \
	    mail-user alias i@third.test b@far.test
	atf_check -s exit:100 -e match:'not one of our domains' \
	    mail-user alias @third.test b@far.test
	atf_check -e match:'warning: there is no mailbox or alias nobody@other.test' \
	    mail-user alias i@example.test nobody@other.test
}

atf_test_case remove_keeps_the_mail_and_says_so
remove_keeps_the_mail_and_says_so_body()
{
	home
	atf_check add bob@example.test
	echo mail >home/mail/example.test/bob/Maildir/new/1
	atf_check -e match:'bob@example.test is removed; its mail stays in .*/mail/example.test/bob' \
	    mail-user remove bob@example.test
	atf_check -o empty cat home/users/mailboxes home/users/passwords
	atf_check -s exit:1 grep -q bob home/users/users.cdb home/users/passwords.cdb
	atf_check -o inline:'mail\n' cat home/mail/example.test/bob/Maildir/new/1
	atf_check -s exit:100 -e match:'no such mailbox or alias' mail-user remove bob@example.test
	atf_check -e match:'found a Maildir there' add bob@example.test
}

atf_test_case list_is_sorted_and_of_one_domain
list_is_sorted_and_of_one_domain_body()
{
	home
	atf_check -o empty mail-user list
	add b@other.test
	add b@example.test
	mail-user quota b@example.test 7
	mail-user alias a@example.test b@example.test c@far.test
	printf '%s\t%s\t%s\n' a@example.test alias 'b@example.test, c@far.test' >expected
	printf '%s\t%s\t%s\t%s\n' b@example.test mailbox $owner 7 >>expected
	atf_check -o file:expected mail-user list Example.TEST
	printf '%s\t%s\t%s\t%s\n' b@other.test mailbox $owner default >>expected
	atf_check -o file:expected mail-user list
	atf_check -s exit:100 -e match:'third.test is not one of our domains' \
	    mail-user list third.test
	atf_check -s exit:111 -e match:'unable to write the list' sh -c 'mail-user list >/dev/full'
}

atf_test_case what_the_admin_wrote_stays
what_the_admin_wrote_stays_body()
{
	home
	printf '# staff\n\nEve@Example.test:1234:1234:5\n\t\n# end' >home/users/mailboxes
	atf_check add bob@example.test
	printf '# staff\n\nEve@Example.test:1234:1234:5\n\t\n# end\nbob@example.test:'$owner':\n' \
	    >expected
	atf_check -o file:expected cat home/users/mailboxes
	atf_check -e ignore mail-user remove bob@example.test
	printf '# staff\n\nEve@Example.test:1234:1234:5\n\t\n# end\n' >expected
	atf_check -o file:expected cat home/users/mailboxes
}

atf_test_case a_wrong_line_stops_every_change
a_wrong_line_stops_every_change_body()
{
	home
	add bob@example.test
	echo nonsense >>home/users/aliases
	cp -r home/users before
	echo secret >secret
	atf_check -s exit:111 -e match:'^mail-user: users/aliases:1: not of the form' \
	    -e match:'nothing is changed' mail-user add eve@example.test <secret
	atf_check diff -r before home/users
	atf_check test ! -e home/mail/example.test/eve
}

atf_test_case many_at_once_lose_nothing
many_at_once_lose_nothing_body()
{
	home
	for i in $(seq 20); do
		add user$i@example.test &
		mail-user alias alias$i@example.test x@far.test &
	done
	wait
	atf_check -o inline:'40\n' sh -c 'mail-user list | wc -l'
	for i in $(seq 20); do
		atf_check -o ignore grep -a "muser$i@example.test" home/users/users.cdb
		atf_check -o ignore grep -a "aalias$i@example.test" home/users/users.cdb
		atf_check -o ignore grep -a "user$i@example.test" home/users/passwords.cdb
	done
}

atf_test_case kill_at_any_moment_is_made_good_by_the_next_run
kill_at_any_moment_is_made_good_by_the_next_run_body()
{
	home
	add bob@example.test
	# Each run dies at another of its renames, as if the power had failed there.
	for when in 1 2 3 4; do
		echo secret | strace -qq -o trace -e trace=rename,renameat,renameat2 \
		    -e inject=rename,renameat,renameat2:signal=KILL:when=$when \
		    mail-user add user$when@example.test && atf_fail "run $when was not killed"
		atf_check -o ignore -e ignore sh -c "mail-compile; mail-user list | grep bob"
		mail-user list | cut -f 1 >listed
		while read -r address; do
			atf_check -o ignore grep -a "m$address" home/users/users.cdb
		done <listed
	done
	for when in 1 2 3 4; do
		echo secret | mail-user add user$when@example.test 2>/dev/null
	done
	atf_check -o inline:'5\n' sh -c 'grep -c . home/users/passwords'
	atf_check -o empty -e ignore mail-compile
}
kill_at_any_moment_is_made_good_by_the_next_run_head()
{
	atf_set require.progs strace
}

atf_test_case a_full_disk_changes_nothing
a_full_disk_changes_nothing_body()
{
	home
	seq 3000 | sed 's/.*/u&@example.test: x@far.test/' >home/users/aliases
	atf_check -e ignore mail-compile
	cp -r home/users before
	atf_check -s exit:111 -e match:'unable to write users/' \
	    sh -c 'trap "" XFSZ; ulimit -f 100; echo secret | mail-user add bob@example.test'
	rm -f home/users/*.tmp
	atf_check diff -r before home/users
}

atf_test_case folder_of_another_user_is_not_taken
folder_of_another_user_is_not_taken_head()
{
	atf_set require.user root
}
folder_of_another_user_is_not_taken_body()
{
	home
	mkdir -p home/mail/example.test/bob
	chown 4321 home/mail/example.test/bob
	atf_check -s exit:100 -e match:'mail/example.test/bob belongs to another user' \
	    add bob@example.test
	atf_check test ! -e home/users/mailboxes
}

atf_test_case a_maildir_that_its_owner_cannot_write_is_named
a_maildir_that_its_owner_cannot_write_is_named_head()
{
	atf_set require.user root
}
a_maildir_that_its_owner_cannot_write_is_named_body()
{
	home
	chmod 755 . home
	mkdir -p home/mail/example.test/bob/Maildir/new home/mail/example.test/bob/Maildir/tmp \
	    home/mail/example.test/bob/Maildir/cur
	chown 1234:1234 home/mail/example.test/bob
	for folder in Maildir Maildir/new Maildir/tmp Maildir/cur; do
		chown -R 1234:1234 home/mail/example.test/bob
		chown root:root home/mail/example.test/bob/$folder
		atf_check -s exit:111 -e match:"mail/example.test/bob/$folder is of no use to its owner: Perm" \
		    add bob@example.test
		atf_check test ! -s home/users/mailboxes
	done
	chown -R 1234:1234 home/mail/example.test/bob
	atf_check -e match:'found a Maildir' add bob@example.test
}

atf_test_case close_ends_the_sessions
close_ends_the_sessions_body()
{
	home
	chmod 755 . home
	atf_check add bob@example.test
	printf 'bob@example.test\0secret of bob@example.test\0\0' >login
	atf_check -e ignore auth-check true 3<login
	[ "$(ls home/state/auth/logins | wc -l)" = 1 ] || atf_fail 'a login leaves no mark'
	atf_check mail-user close bob@example.test
	atf_check -o empty ls home/state/auth/logins
	atf_check -s exit:1 -e ignore auth-check true 3<login
	atf_check mail-user open bob@example.test
	atf_check -e ignore auth-check true 3<login
}

atf_test_case links_in_the_mailbox_are_not_followed
links_in_the_mailbox_are_not_followed_head()
{
	atf_set require.user root
}
links_in_the_mailbox_are_not_followed_body()
{
	home
	chmod 755 .
	mkdir -m 700 secret
	mkdir -p home/mail/example.test/bob home/mail/example.test
	ln -s $PWD/secret home/mail/example.test/bob/Maildir
	chown -h 1234:1234 home/mail/example.test/bob home/mail/example.test/bob/Maildir
	atf_check -s exit:111 -e match:'Maildir is of no use to its owner' add bob@example.test
	atf_check -o empty ls secret
	ln -s $PWD/secret home/mail/example.test/eve
	atf_check -s exit:111 -e match:'unable to open mail/example.test/eve' add eve@example.test
}

atf_test_case owner_is_chosen_by_root_only
owner_is_chosen_by_root_only_body()
{
	home
	echo secret >secret
	if [ "$(id -u)" = 0 ]; then
		atf_check mail-user add -o 2345:2346 bob@example.test <secret
		atf_check -o inline:'2345:2346\n' stat -c %u:%g home/mail/example.test/bob/Maildir
		atf_check -s exit:100 -e match:'belong to root' \
		    mail-user add -o 0:0 eve@example.test <secret
		rm home/control/mailuser
		atf_check -s exit:111 -e match:'control/mailuser' \
		    mail-user add eve@example.test <secret
	else
		atf_check -s exit:100 -e match:'only root' \
		    mail-user add -o 2345:2346 bob@example.test <secret
	fi
	atf_check -s exit:111 -e match:'UID:GID' mail-user add -o x eve@example.test <secret
}

atf_test_case misuse_is_told_how_to_use
misuse_is_told_how_to_use_body()
{
	home
	for args in '' frobnicate add remove passwd quota 'quota b@example.test' alias \
	    'remove a@example.test b@example.test' 'list a b' 'add -x a@example.test'; do
		atf_check -s exit:111 -e match:'usage: mail-user' mail-user $args
	done
	FACTEUR_HOME=$PWD/none atf_check -s exit:111 -e match:'none' mail-user list
}

atf_test_case stays_usable_with_100000_mailboxes
stays_usable_with_100000_mailboxes_body()
{
	home
	seq 100000 | sed 's/.*/u&@example.test:1:1:/' >home/users/mailboxes
	seq 100000 | sed 's/.*/u&@example.test:$y$j9T$salt$hash/' >home/users/passwords
	atf_check timeout 20 sh -c 'echo secret | mail-user add bob@example.test'
	atf_check -o inline:'100001\n' timeout 20 sh -c 'mail-user list | wc -l'
	atf_check -e ignore timeout 20 mail-user remove u5@example.test
}

atf_init_test_cases()
{
	atf_add_test_case add_makes_the_mailbox
	atf_add_test_case hashes_hold_the_password
	atf_add_test_case passwords_are_for_their_owner_only
	atf_add_test_case password_never_shows_in_the_arguments
	atf_add_test_case passwords_that_cannot_be_are_refused
	atf_add_test_case addresses_that_cannot_be_are_refused
	atf_add_test_case an_address_is_had_once
	atf_add_test_case passwd_changes_the_password
	atf_add_test_case add_without_password_lets_nobody_in
	atf_add_test_case quota_is_set_and_taken_back
	atf_add_test_case alias_never_replaces_silently
	atf_add_test_case alias_adds_and_removes_targets
	atf_add_test_case a_mailbox_may_send_on_and_keep_a_copy
	atf_add_test_case loops_are_named_when_they_are_made
	atf_add_test_case the_mailbox_of_postmaster_stays
	atf_add_test_case a_closed_account_keeps_its_password
	atf_add_test_case alias_names_what_it_cannot_take
	atf_add_test_case remove_keeps_the_mail_and_says_so
	atf_add_test_case list_is_sorted_and_of_one_domain
	atf_add_test_case what_the_admin_wrote_stays
	atf_add_test_case a_wrong_line_stops_every_change
	atf_add_test_case many_at_once_lose_nothing
	atf_add_test_case kill_at_any_moment_is_made_good_by_the_next_run
	atf_add_test_case a_full_disk_changes_nothing
	atf_add_test_case folder_of_another_user_is_not_taken
	atf_add_test_case a_maildir_that_its_owner_cannot_write_is_named
	atf_add_test_case close_ends_the_sessions
	atf_add_test_case links_in_the_mailbox_are_not_followed
	atf_add_test_case owner_is_chosen_by_root_only
	atf_add_test_case misuse_is_told_how_to_use
	atf_add_test_case stays_usable_with_100000_mailboxes
}
