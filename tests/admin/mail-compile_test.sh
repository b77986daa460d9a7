#! /usr/bin/env atf-sh
PATH=$(atf_get_srcdir)/../../bin:$PATH

# a home with two domains, a mailbox, two aliases and a catch-all
home()
{
	FACTEUR_HOME=$PWD/home
	export FACTEUR_HOME
	mkdir -p home/control home/users
	printf '%s\n' example.test Other.TEST >home/control/domains
	printf '%s\n' '# who' bob@example.test:1000:1000: eve@example.test:1000:1000:5 \
	    >home/users/mailboxes
	printf '%s\n' 'info@example.test: bob@example.test, x@far.test' \
	    '@other.test: eve@example.test' 'postmaster@example.test: bob@example.test' >home/users/aliases
	printf '%s\n' 'bob@example.test:*' >home/users/passwords
}

atf_test_case makes_both_files
makes_both_files_body()
{
	home
	atf_check mail-compile
	atf_check -o inline:'644 600\n' \
	    sh -c 'echo $(stat -c %a home/users/users.cdb home/users/passwords.cdb)'
	strings -n 4 home/users/users.cdb >strings
	for key in dexample.test dother.test mbob@example.test meve@example.test1000:1000:5 \
	    ainfo@example.test cother.test; do
		atf_check -o ignore grep "^$key" strings
	done
}

atf_test_case names_a_wrong_line_and_keeps_the_old_files
names_a_wrong_line_and_keeps_the_old_files_body()
{
	home
	atf_check mail-compile
	cp -r home/users before
	echo nonsense >>home/users/mailboxes
	atf_check -s exit:100 -e match:'^mail-compile: users/mailboxes:4: not of the form' \
	    mail-compile
	atf_check cmp before/users.cdb home/users/users.cdb
	atf_check -o inline:'' find home/users -name '*.tmp'
}

atf_test_case names_every_wrong_line
names_every_wrong_line_body()
{
	home
	echo 'a@example.test' >>home/users/aliases
	echo 'b@example.test' >>home/users/passwords
	echo 'bad_domain' >>home/control/domains
	atf_check -s exit:100 -e save:stderr mail-compile
	for where in users/aliases:4 users/passwords:2 control/domains:3; do
		atf_check -o ignore grep "^mail-compile: $where: " stderr
	done
}

atf_test_case counts_wrong_lines_when_there_are_many
counts_wrong_lines_when_there_are_many_body()
{
	home
	seq 1000 >>home/users/mailboxes
	atf_check -s exit:100 -e save:stderr mail-compile
	atf_check -o inline:'22\n' sh -c 'wc -l <stderr'
}

atf_test_case refuses_an_address_that_stands_twice
refuses_an_address_that_stands_twice_body()
{
	home
	echo 'BOB@example.test: x@far.test' >>home/users/aliases
	atf_check -s exit:100 \
	    -e match:'users/aliases:4: the address stands already in users/mailboxes:2' \
	    mail-compile
}

atf_test_case warns_of_a_domain_that_is_not_ours
warns_of_a_domain_that_is_not_ours_body()
{
	home
	echo 'x@third.test:1:1:' >>home/users/mailboxes
	echo 'y@third.test:1:1:' >>home/users/mailboxes
	atf_check -e inline:'mail-compile: users/mailboxes:4: warning: not in control/domains, so no mail will come for third.test\n' \
	    mail-compile
}

atf_test_case leaves_out_a_password_without_mailbox
leaves_out_a_password_without_mailbox_body()
{
	home
	echo 'info@example.test:$y$secret' >>home/users/passwords
	atf_check -e match:'users/passwords:2: warning: no mailbox' mail-compile
	atf_check -s exit:1 grep secret home/users/passwords.cdb
}

atf_test_case checks_the_other_control_files
checks_the_other_control_files_body()
{
	home
	printf '%s\n' '# ours' 127.0.0.1 10.0.0.0/8 ::1 2001:db8::/32 >home/control/relayclients
	printf '%s\n' :smart.test far.test:mx.test:2525 .far.test: 'v6.test:[::1]:25' \
	    'v4.test:127.0.0.1' >home/control/smtproutes
	printf '%s\n' 127.0.0.1:53 ::1 '[::1]:5353' >home/control/resolvers
	printf '%s\n' 60 300 >home/control/retry
	printf '%s\n' local example.test >home/control/paused
	printf '%s\n' '# spam' 'sender=@spam.test larger=10k' >home/control/hold
	echo 1000 >home/control/databytes
	echo 25 >home/control/mxport
	atf_check mail-compile
	echo 10.1.2.3/8 >>home/control/relayclients
	echo far.test >>home/control/smtproutes
	echo far.test:mx.test:99999 >>home/control/smtproutes
	printf '%s\n' 'a.test 1' '.a.test 10/60' '* 5' 'mx:b.test 3' 'a.test 0' >home/control/rates
	echo ns.test >>home/control/resolvers
	echo 0 >>home/control/retry
	echo all/over >>home/control/paused
	echo 'older=1d' >>home/control/hold
	echo many >home/control/databytes
	echo >home/control/timeoutpop3
	echo 26 >>home/control/mxport
	atf_check -s exit:100 -e save:stderr mail-compile
	for where in relayclients:6 smtproutes:6 smtproutes:7 rates:5 resolvers:4 retry:3 paused:3 hold:3 databytes:1 \
	    mxport:2 timeoutpop3:1; do
		atf_check -o ignore grep "^mail-compile: control/$where: " stderr
	done
}

atf_test_case checks_what_the_policies_read
checks_what_the_policies_read_body()
{
	home
	printf '%s\n' '# who' 'user 100 500 50' 'bob@example.test 0 0 0' '192.0.2.0/24 1 2 3' \
	    'client  1 1 1' >home/control/ratelimits
	printf '%s\n' zen.bl.test bad.bl.test:2 good.bl.test:-3:127.0.0.2,127.0.1.0/24 >home/control/dnsbl
	printf '%s\n' '[connection]' /bin/true '[rcpt]' ':echo A' '[auth]' x >home/control/smtpplugins
	atf_check mail-compile
	printf '%s\n' 'bob 1 2 3' 'user 1 2' '192.0.2.1/24 1 2 3' '@example.test 1 2 3' 'user 1 2 x' \
	    >home/control/ratelimits
	printf '%s\n' bad_zone bl.test:x bl.test:2:300.0.0.0 bl.test:1001 >home/control/dnsbl
	printf '%s\n' /bin/true '[rcpt' '[nonsense]' : >home/control/smtpplugins
	atf_check -s exit:100 -e save:stderr mail-compile
	for where in ratelimits:1 ratelimits:2 ratelimits:3 ratelimits:4 ratelimits:5 \
	    dnsbl:1 dnsbl:2 dnsbl:3 dnsbl:4 smtpplugins:1 smtpplugins:2 smtpplugins:3 smtpplugins:4; do
		atf_check -o ignore grep "^mail-compile: control/$where: " stderr
	done
}

atf_test_case warns_of_a_domain_without_postmaster
warns_of_a_domain_without_postmaster_body()
{
	home
	printf '%s\n' THIRD.test fourth.test >>home/control/domains
	echo 'Postmaster@fourth.test: bob@example.test' >>home/users/aliases
	atf_check -e inline:'mail-compile: control/domains:3: warning: mail for postmaster must be taken: no alias or mailbox postmaster@THIRD.test\n' \
	    mail-compile
}

atf_test_case tells_why_scram_is_off
tells_why_scram_is_off_body()
{
	home
	echo 'eve@example.test:$y$j9T$salt$hash' >>home/users/passwords
	atf_check -e match:'^mail-compile: users/passwords:2: note: no keys for SCRAM, so nobody is offered it.*: 1$' \
	    mail-compile
	atf_check test -e home/users/users.cdb
}

atf_test_case defers_without_a_home
defers_without_a_home_body()
{
	FACTEUR_HOME=$PWD/none
	export FACTEUR_HOME
	atf_check -s exit:111 -e match:'unable to .*none' mail-compile
	mkdir none
	atf_check -s exit:111 -e match:'unable to open users/lock' mail-compile
}

atf_test_case takes_no_arguments
takes_no_arguments_body()
{
	atf_check -s exit:111 -e match:'usage: mail-compile' mail-compile x
}

atf_test_case defers_when_the_disk_is_full
defers_when_the_disk_is_full_body()
{
	home
	atf_check mail-compile
	cp home/users/users.cdb before
	seq 1 20000 | sed 's/.*/u&@example.test:1:1:/' >>home/users/mailboxes
	# A limit on the size of files fails as a full disk does.
	atf_check -s exit:111 -e match:'unable to write users/users.cdb.tmp' \
	    sh -c 'trap "" XFSZ; ulimit -f 100; exec mail-compile'
	atf_check cmp before home/users/users.cdb
	atf_check -e ignore mail-compile
	atf_check -o inline:'' find home/users -name '*.tmp'
}

atf_test_case compiles_100000_mailboxes
compiles_100000_mailboxes_body()
{
	home
	seq 1 100000 | sed 's/.*/u&@example.test:1:1:/' >>home/users/mailboxes
	atf_check -o ignore timeout 30 mail-compile
	atf_check -o match:'mu100000@example.test1:1:' strings -n 20 home/users/users.cdb
}

atf_init_test_cases()
{
	atf_add_test_case makes_both_files
	atf_add_test_case names_a_wrong_line_and_keeps_the_old_files
	atf_add_test_case names_every_wrong_line
	atf_add_test_case counts_wrong_lines_when_there_are_many
	atf_add_test_case refuses_an_address_that_stands_twice
	atf_add_test_case warns_of_a_domain_that_is_not_ours
	atf_add_test_case leaves_out_a_password_without_mailbox
	atf_add_test_case checks_the_other_control_files
	atf_add_test_case checks_what_the_policies_read
	atf_add_test_case warns_of_a_domain_without_postmaster
	atf_add_test_case tells_why_scram_is_off
	atf_add_test_case defers_without_a_home
	atf_add_test_case takes_no_arguments
	atf_add_test_case defers_when_the_disk_is_full
	atf_add_test_case compiles_100000_mailboxes
}
