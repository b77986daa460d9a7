#! /usr/bin/env atf-sh
PATH=$(atf_get_srcdir)/../../bin:$PATH

# A home with the mailboxes joe and tom, and aliases.
home()
{
	FACTEUR_HOME=$PWD/home
	export FACTEUR_HOME
	mkdir -p home/control home/users home/mail
	echo mx.example.test >home/control/me
	printf '%s\n' example.test catch.test >home/control/domains
	owner=65534:65534
	[ "$(id -u)" = 0 ] || owner=$(id -u):$(id -g)
	cat >home/users/mailboxes <<-END
		joe@example.test:$owner:
		tom@example.test:$owner:
	END
	cat >home/users/aliases <<-'END'
		info@example.test: tom@example.test, Joe@example.test
		sales@example.test: info@example.test, far@away.test
		loop@example.test: loop2@example.test
		loop2@example.test: loop@example.test
		@catch.test: joe@example.test
	END
	atf_check -e ignore mail-compile
}

# verdicts USER ADDRESS...: the letters of the answers to mail for each
verdicts()
{
	AUTHUSER=$1
	export AUTHUSER
	shift
	for address; do
		echo "mail $address"
	done | sender-rights 2>log | cut -c 1 | tr -d '\n'
}

atf_test_case mailbox_and_aliases_are_its_owners
mailbox_and_aliases_are_its_owners_body()
{
	home
	atf_check_equal KKKKKK "$(verdicts joe@example.test joe@example.test JOE+x@Example.Test \
	    info@example.test sales@example.test any@catch.test '<>')"
	atf_check_equal DDDDD "$(verdicts joe@example.test tom@example.test far@away.test \
	    loop@example.test nobody@example.test joe@other.test)"
	atf_check_equal KD "$(verdicts tom@example.test sales@example.test any@catch.test)"
}

atf_test_case control_senders_gives_more
control_senders_gives_more_body()
{
	home
	printf '%s\n' '# more' joe@example.test:far@away.test tom@example.test:@away.test nonsense \
	    >home/control/senders
	atf_check_equal KDD "$(verdicts joe@example.test far@away.test near@away.test tom@example.test)"
	atf_check_equal KKD "$(verdicts tom@example.test far@away.test near@away.test joe@example.test)"
	atf_check -o match:'event=malformed file=control/senders line=nonsense' cat log
}

atf_test_case who_has_not_authenticated_is_not_asked
who_has_not_authenticated_is_not_asked_body()
{
	home
	printf '%s\n' 'helo x' 'mail a@b' 'rcpt c@d' data done |
	    atf_check -o inline:'K\nK\nK\nK\nK\n' env -u AUTHUSER sender-rights
	printf '%s\n' 'mail a@b' | atf_check -o inline:'K\n' env AUTHUSER= sender-rights
}

atf_test_case says_why
says_why_body()
{
	home
	echo 'mail a@b' | atf_check -o inline:'D553 5.7.1 this sender address is not yours\n' \
	    env AUTHUSER=joe@example.test sender-rights
}

atf_test_case does_not_decide_what_it_does_not_know
does_not_decide_what_it_does_not_know_body()
{
	home
	rm home/users/users.cdb
	echo 'mail joe@example.test' | atf_check -o match:'^Z451 4.3.0 ' -e match:'unable to open' \
	    env AUTHUSER=joe@example.test sender-rights
	atf_check -s exit:111 -e match:usage sender-rights x
}

atf_init_test_cases()
{
	for name in $(sed -n 's/^atf_test_case \([^ ]*\).*/\1/p' "$(atf_get_srcdir)/sender-rights_test"); do
		atf_add_test_case "$name"
	done
}
