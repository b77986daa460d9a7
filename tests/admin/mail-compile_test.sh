#! /usr/bin/env atf-sh
PATH=$(atf_get_srcdir)/../../bin:$PATH

# a home with two domains, a mailbox, two aliases and a catch-all
home()
{
	FACTEUR_HOME=$PWD/home
	export FACTEUR_HOME
	mkdir -p home/control home/users
	printf '%s\n' example.test Other.TEST >home/control/domains
	echo mx.example.test >home/control/me
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

# What an editor or a script has emptied must not have all mail refused.
atf_test_case refuses_to_be_without_domains_or_name
refuses_to_be_without_domains_or_name_body()
{
	home
	atf_check mail-compile
	cp home/users/users.cdb before
	for list in domains me; do
		cp home/control/$list kept
		for state in missing empty comment; do
			case $state in
			missing) rm home/control/$list ;;
			empty) : >home/control/$list ;;
			comment) echo '# nothing' >home/control/$list ;;
			esac
			atf_check -s exit:100 -e match:"control/$list.* missing or empty" mail-compile
			atf_check -s exit:111 -e match:"control/$list.* missing or empty" \
			    mail-user remove info@example.test
			atf_check cmp before home/users/users.cdb
		done
		cp kept home/control/$list
	done
	atf_check mail-compile
	# without mailboxes there is nothing to lose
	: >home/control/domains
	rm home/users/*
	atf_check mail-compile
}

atf_test_case names_aliases_that_lead_nowhere_or_round
names_aliases_that_lead_nowhere_or_round_body()
{
	home
	cat >>home/users/aliases <<-'EOF'
		a@example.test: b@example.test
		b@example.test: C+x@Example.Test
		c@example.test: a@example.test, nobody@example.test, bob+list@example.test
		d@example.test: a@example.test, anybody@other.test
		self@example.test: self@example.test
		eve@example.test: x@far.test, eve@example.test
	EOF
	atf_check -e save:stderr mail-compile
	cat >expected <<-'EOF'
		mail-compile: users/aliases:6: warning: a loop, which leads back to a@example.test
		mail-compile: users/aliases:6: warning: there is no mailbox or alias nobody@example.test
		mail-compile: users/aliases:8: warning: a loop, which leads back to self@example.test
	EOF
	atf_check -o file:expected cat stderr
}

atf_test_case compiles_a_chain_of_20000_aliases
compiles_a_chain_of_20000_aliases_body()
{
	home
	seq 20000 | awk '{ print "a" $1 "@example.test: a" $1 + 1 "@example.test" }' >>home/users/aliases
	atf_check -e inline:'mail-compile: users/aliases:20003: warning: there is no mailbox or alias a20001@example.test\n' \
	    mail-compile
}

atf_test_case a_mailbox_that_is_an_alias_keeps_a_copy
a_mailbox_that_is_an_alias_keeps_a_copy_body()
{
	home
	echo 'Bob@example.test: bob@Example.test, x@far.test' >>home/users/aliases
	atf_check mail-compile
	strings -n 4 home/users/users.cdb >strings
	atf_check -o ignore grep '^mbob@example.test' strings
	atf_check -o ignore grep '^abob@example.test' strings
	echo 'bob@example.test: bob@example.test' >>home/users/aliases
	atf_check -s exit:100 -e match:'users/aliases:5: the address stands already in users/aliases:4' mail-compile
}

atf_test_case keys_of_a_closed_account_are_left_out
keys_of_a_closed_account_are_left_out_body()
{
	home
	echo secret | mail-user passwd eve@example.test
	strings -n 4 home/users/passwords.cdb >before
	atf_check -o match:SCRAM-SHA-256 cat before
	sed -i 's/^eve@example.test:/&!/' home/users/passwords
	atf_check mail-compile
	atf_check -o not-match:SCRAM-SHA-256 -o match:'eve@example.test!' strings -n 4 home/users/passwords.cdb
}

atf_test_case names_an_open_relay
names_an_open_relay_body()
{
	home
	for list in relayclients proxyclients; do
		for rule in 0.0.0.0/0 ::/0; do
			echo $rule >home/control/$list
			atf_check -s exit:100 -e match:"control/$list:1: this is everybody" mail-compile
			echo "$rule anybody" >home/control/$list
			atf_check mail-compile
		done
	done
}

atf_test_case refuses_an_address_that_stands_twice
refuses_an_address_that_stands_twice_body()
{
	home
	echo 'BOB@example.test: x@far.test' >>home/users/aliases
	atf_check -s exit:100 \
	    -e match:'users/aliases:4: this is a mailbox too' mail-compile
	sed -i '$d' home/users/aliases
	echo 'INFO@example.test: x@far.test' >>home/users/aliases
	atf_check -s exit:100 \
	    -e match:'users/aliases:4: the address stands already in users/aliases:1' mail-compile
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
	    'v4.test:127.0.0.1 mx!b.test smtps://c.test lmtp:///run/lmtp' >home/control/smtproutes
	printf '%s\n' 'a@b.test:c.test' '@b.test:fail it is gone' :smart.test >home/control/senderroutes
	printf '%s\n' '* 192.0.2.1' '@b.test 192.0.2.2 2001:db8::1' >home/control/bindaddresses
	printf '%s\n' mx.here.test '192.0.2.2 two.here.test' >home/control/helohost
	echo 'ipv6 ipv4' >home/control/ipfamilies
	printf '%s\n' 127.0.0.1:53 ::1 '[::1]:5353' >home/control/resolvers
	printf '%s\n' 60 300 >home/control/retry
	printf '%s\n' local example.test >home/control/paused
	printf '%s\n' '# spam' 'sender=@spam.test larger=10k' >home/control/hold
	echo 1000 >home/control/databytes
	echo 25 >home/control/mxport
	printf '%s\n' '* may' 'bank.test verify match=mx,mail.bank.test min=1.3' >home/control/tlspolicy
	echo "$PWD/home/control/me" >home/control/cafile
	atf_check mail-compile
	echo 10.1.2.3/8 >>home/control/relayclients
	echo far.test >>home/control/smtproutes
	echo far.test:mx.test:99999 >>home/control/smtproutes
	echo b.test:c.test >>home/control/senderroutes
	echo '@c.test 192.0.2.1 192.0.2.2' >>home/control/bindaddresses
	echo '192.0.2.3 a b' >>home/control/helohost
	echo ipv4,ipv6 >home/control/ipfamilies
	printf '%s\n' 'a.test 1' '.a.test 10/60' '* 5' 'mx:b.test 3' 'a.test 0' >home/control/rates
	echo ns.test >>home/control/resolvers
	echo 0 >>home/control/retry
	echo all/over >>home/control/paused
	echo 'older=1d' >>home/control/hold
	echo many >home/control/databytes
	echo >home/control/timeoutpop3
	echo 26 >>home/control/mxport
	echo 'bank.test fingerprint sha256=00' >>home/control/tlspolicy
	echo /nowhere/ca.pem >home/control/cafile
	atf_check -s exit:100 -e save:stderr mail-compile
	for where in relayclients:6 smtproutes:6 smtproutes:7 senderroutes:4 bindaddresses:3 helohost:3 \
	    ipfamilies:1 rates:5 resolvers:4 retry:3 paused:3 hold:3 databytes:1 \
	    mxport:2 timeoutpop3:1 tlspolicy:3 cafile:1; do
		atf_check -o ignore grep "^mail-compile: control/$where: " stderr
	done
}

atf_test_case checks_what_the_policies_read
checks_what_the_policies_read_body()
{
	home
	printf '%s\n' '# who' 'user 100 500 50' 'bob@example.test 0 0 0' 'www-data 1 1 1' '192.0.2.0/24 1 2 3' \
	    'client  1 1 1' >home/control/ratelimits
	echo reject >home/control/dmarc
	echo 'reject permerror' >home/control/spf
	echo example.test >home/control/srs
	(umask 077; printf '%s\n' 0123456789abcdef another-one >home/control/srssecrets)
	echo 'Example Ltd <postmaster@example.test>' >home/control/dmarcreport
	echo 'Example Ltd' >home/control/tlsreport
	echo 1 >home/control/trustad
	echo 4443 >home/control/stsport
	printf '%s\n' 192.0.2.1 2001:db8::/32 lists.test .below.test >home/control/dmarcexempt
	printf '%s\n' zen.bl.test bad.bl.test:2 good.bl.test:-3:127.0.0.2,127.0.1.0/24 >home/control/dnsbl
	printf '%s\n' '[connection]' /bin/true '[rcpt]' ':echo A' '[auth]' x >home/control/smtpplugins
	atf_check mail-compile
	printf '%s\n' 'b/b 1 2 3' 'user 1 2' '192.0.2.1/24 1 2 3' '@example.test 1 2 3' 'user 1 2 x' \
	    >home/control/ratelimits
	printf '%s\n' bad_zone bl.test:x bl.test:2:300.0.0.0 bl.test:1001 >home/control/dnsbl
	printf '%s\n' 'from @a.test' 'of @a.test' to 'pool @a.test' >home/control/greyexempt
	echo quarantine >home/control/dmarc
	echo 'reject temperror' >home/control/spf
	echo 2 >home/control/srs
	printf '%s\n' 0123456789abcdef short >home/control/srssecrets
	echo '<postmaster@example.test>' >home/control/dmarcreport
	echo '<postmaster@example.test>' >home/control/tlsreport
	echo 2 >home/control/trustad
	echo 0 >home/control/stsport
	echo 'not a name' >home/control/authservid
	printf '%s\n' 192.0.2.1/24 a..b joe@lists.test >home/control/dmarcexempt
	printf '%s\n' /bin/true '[rcpt' '[nonsense]' : >home/control/smtpplugins
	atf_check -s exit:100 -e save:stderr mail-compile
	for where in ratelimits:1 ratelimits:2 ratelimits:3 ratelimits:4 ratelimits:5 \
	    dnsbl:1 dnsbl:2 dnsbl:3 dnsbl:4 greyexempt:2 greyexempt:3 smtpplugins:1 smtpplugins:2 smtpplugins:3 smtpplugins:4 \
	    spf:1 srs:1 srssecrets:2 dmarc:1 dmarcreport:1 tlsreport:1 trustad:1 stsport:1 authservid:1 dmarcexempt:1 dmarcexempt:2 dmarcexempt:3; do
		atf_check -o ignore grep "^mail-compile: control/$where: " stderr
	done
}

atf_test_case warns_of_a_domain_without_postmaster
warns_of_a_domain_without_postmaster_body()
{
	home
	printf '%s\n' THIRD.test fourth.test >>home/control/domains
	echo 'Postmaster@fourth.test: bob@example.test' >>home/users/aliases
	atf_check -e inline:'mail-compile: control/domains:3: warning: mail for postmaster must be taken: no alias or mailbox postmaster@third.test\n' \
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

# A traditional hash has no keys either; a closed account needs none, and its keys are not for use.
atf_test_case looks_at_what_hashes_are
looks_at_what_hashes_are_body()
{
	home
	echo 'eve@example.test:abJnggxhB/yWI' >>home/users/passwords
	atf_check -e match:'passwords:2: note: no keys for SCRAM' mail-compile
	sed -i '/eve/d' home/users/passwords
	echo 'eve@example.test:{ARGON2ID}$argon2id$v=19$x' >>home/users/passwords
	atf_check -e match:'^mail-compile: users/passwords:2: warning: a hash that can.t be verified here' mail-compile
	sed -i '/eve/d' home/users/passwords
	keys='SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU='
	echo "eve@example.test:\$6\$salt\$hash:$keys" >>home/users/passwords
	atf_check mail-compile
	atf_check -o ignore grep -aF "$keys" home/users/passwords.cdb
	sed -i 's/^eve@example.test:/&!/' home/users/passwords
	atf_check mail-compile
	atf_check -s exit:1 grep -aF "$keys" home/users/passwords.cdb
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

# certify FOLDER NAME DAYS [SUFFIX]: a pair in tls/FOLDER
certify()
{
	mkdir -p "home/tls/$1"
	chmod 750 home/tls
	openssl req -x509 -nodes -days "$3" -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 \
	    -subj "/CN=$2" -addext "subjectAltName=DNS:$2" -keyout "home/tls/$1/key$4.pem" \
	    -out "home/tls/$1/cert$4.pem" 2>certify.log || atf_fail "$(cat certify.log)"
	chmod 400 "home/tls/$1/key$4.pem"
}

atf_test_case says_nothing_about_good_certificates
says_nothing_about_good_certificates_head()
{
	atf_set require.progs openssl
}
says_nothing_about_good_certificates_body()
{
	home
	certify mx.example.test mx.example.test 90
	certify mx.example.test mx.example.test 90 -rsa
	certify _.example.test '*.example.test' 90
	mkdir home/tls/tickets
	atf_check mail-compile
}

atf_test_case names_what_is_wrong_with_certificates
names_what_is_wrong_with_certificates_head()
{
	atf_set require.progs openssl
}
names_what_is_wrong_with_certificates_body()
{
	home
	certify mx.example.test mx.example.test 13
	certify other.test wrong.test 90
	chmod 404 home/tls/other.test/key.pem
	certify _.example.test '*.example.test' 90
	certify _.example.test '*.example.test' 90 -rsa
	cp home/tls/other.test/key.pem home/tls/_.example.test/key.pem.new
	chmod 400 home/tls/_.example.test/key.pem.new
	mv -f home/tls/_.example.test/key.pem.new home/tls/_.example.test/key.pem
	rm -f home/tls/_.example.test/key-rsa.pem
	mkdir home/tls/empty.test
	mkdir home/tls/bad.test
	echo nonsense >home/tls/bad.test/cert.pem
	certify sealed.test sealed.test 90
	rm -f home/tls/sealed.test/key.pem
	(umask 077 && openssl genpkey -algorithm ed25519 -aes128 -pass pass:x >home/tls/sealed.test/key.pem)
	atf_check -e save:stderr mail-compile
	sort stderr >sorted
	atf_check -o match:'/mx.example.test/cert.pem: the certificate ends at .* GMT: renew it$' \
	    grep 'renew it' sorted
	grep -v 'renew it' sorted | sed 's/^mail-compile: warning: //' >others
	atf_check -o inline:"tls/_.example.test/key.pem: not the key of tls/_.example.test/cert.pem
tls/bad.test/cert.pem: no certificate
tls/other.test/cert.pem: the certificate is not for other.test
tls/other.test/key.pem: others can read or write the key
tls/sealed.test/key.pem: no key, or one with a password
unable to read tls/_.example.test/key-rsa.pem: No such file or directory
unable to read tls/empty.test/cert.pem: No such file or directory
" env LC_ALL=C sort others
}

# The key of tls/mx.example.test as root has put it there by hand.
atf_test_case names_keys_of_the_wrong_owner
names_keys_of_the_wrong_owner_head()
{
	atf_set require.progs openssl
	atf_set require.user root
}
names_keys_of_the_wrong_owner_body()
{
	home
	certify mx.example.test mx.example.test 90
	key=tls/mx.example.test/key.pem
	chgrp 54321 home/tls home/$key
	atf_check -e inline:"mail-compile: warning: $key: tls-wrap can't read the key, only root can\n" \
	    mail-compile
	chmod 440 home/$key
	atf_check mail-compile
	chgrp 54322 home/$key
	atf_check -e inline:"mail-compile: warning: $key: others can read or write the key\n" mail-compile
	chmod 400 home/$key
	chown 54323 home/$key
	atf_check -e inline:"mail-compile: warning: $key: the key belongs to another user\n" mail-compile
	mkdir home/tls/tickets
	chown 54323 home/tls/tickets
	atf_check mail-compile
}

atf_test_case tells_what_a_new_name_needs
tells_what_a_new_name_needs_head()
{
	atf_set require.progs openssl
}
tells_what_a_new_name_needs_body()
{
	home
	certify mx.example.test mx.example.test 90
	echo New.example.test >home/control/me
	atf_check -e save:stderr mail-compile
	atf_check -o ignore grep 'no certificate for control/me: there is no tls/new.example.test ' stderr
	atf_check -o ignore grep 'A and AAAA records of new.example.test, the PTR' stderr
	atf_check -o inline:'2\n' grep -c . stderr
}

# An openssl that hangs or is not there keeps nobody from compiling.
atf_test_case compiles_without_an_answer_of_openssl
compiles_without_an_answer_of_openssl_head()
{
	atf_set require.progs openssl
}
compiles_without_an_answer_of_openssl_body()
{
	home
	certify mx.example.test mx.example.test 90
	certify other.test other.test 90
	mkdir none hangs
	ln -s "$(command -v mail-compile)" none
	atf_check -e inline:'mail-compile: warning: certificates are not looked at: there is no openssl(1)\n' \
	    env PATH="$PWD/none" mail-compile
	printf '%s\n' '#! /bin/sh' 'exec sleep 60' >hangs/openssl
	chmod +x hangs/openssl
	atf_check -e match:'not looked at: openssl: .*timed out' \
	    env PATH="$PWD/hangs:$PATH" timeout 30 mail-compile
	atf_check -o inline:'' find home/users -name '*.tmp'
}

atf_test_case lets_nobody_read_the_passwords_of_servers
lets_nobody_read_the_passwords_of_servers_body()
{
	home
	printf '%s\n' '# us' 'relay.test:587 user pass word' '[2001:db8::1] user token:run/token insecure' \
	    >home/control/smtppasswords
	for mode in 400 600; do
		chmod $mode home/control/smtppasswords
		atf_check mail-compile
	done
	chmod 644 home/control/smtppasswords
	atf_check -s exit:100 -e match:'control/smtppasswords has another mode than 0400, 0600 and 0640' \
	    mail-compile
	chmod 640 home/control/smtppasswords
	mkdir -p home/service/send/env
	echo 61234 | tee home/service/send/env/SERVICE_UID >home/service/send/env/SERVICE_GID
	atf_check -s exit:100 -e match:'control/smtppasswords (may be read by another group|belongs to another)' \
	    mail-compile
	rm -r home/service
	atf_check mail-compile
	echo 'relay.test:0 user secret' >home/control/smtppasswords
	atf_check -s exit:100 -e match:'control/smtppasswords:1: not HOST' -e not-match:secret mail-compile
}

atf_test_case with_n_nothing_is_changed
with_n_nothing_is_changed_body()
{
	home
	atf_check -e match:"users.cdb is missing" mail-compile -n
	atf_check test ! -e home/users/users.cdb -a ! -e home/users/users.cdb.tmp
	atf_check mail-compile
	cp -r home/users before
	echo 'new@example.test:1000:1000:' >>home/users/mailboxes
	atf_check -e match:"not what the text files say" mail-compile -n
	atf_check cmp before/users.cdb home/users/users.cdb
	echo nonsense >>home/users/mailboxes
	atf_check -s exit:100 -e match:'users/mailboxes:5: ' mail-compile -n
	atf_check -s exit:111 -e match:'usage' mail-compile -x
}

atf_test_case a_file_that_nobody_reads_is_named
a_file_that_nobody_reads_is_named_body()
{
	home
	: >home/control/relayclient
	: >home/control/.hidden
	: >home/control/me~
	atf_check -e inline:"mail-compile: control/relayclient: warning: no program reads a file of that name: control(5)
" mail-compile
	# all that control(5) tells of are known
	[ -n "$FACTEUR_SOURCE" ] || atf_fail "FACTEUR_SOURCE, the source tree, is not set"
	rm home/control/relayclient
	for name in $(sed -n 's/^\.It Pa \([a-z0-9]*\).*/\1/p' "$FACTEUR_SOURCE/doc/control.5"); do
		[ -e "home/control/$name" ] || : >"home/control/$name"
	done
	mail-compile -n 2>err
	atf_check -s exit:1 grep 'no program reads' err
}

atf_test_case names_what_was_compiled_of_another_text
names_what_was_compiled_of_another_text_body()
{
	mkdir -p home/control home/users
	export FACTEUR_HOME=$PWD/home
	echo mx.example.test >home/control/me
	echo example.test >home/control/domains
	printf '%s\n' 'postmaster@example.test:1000:1000:' 'joe@example.test:1000:1000:' >home/users/mailboxes
	echo 'joe@example.test:$6$salt$hash' >home/users/passwords
	atf_check -e match:'users/users.cdb is missing' -e match:'users/passwords.cdb is missing' mail-compile -n
	atf_check -e ignore mail-compile
	atf_check -e not-match:cdb mail-compile -n
	echo 'ann@example.test:1000:1000:' >>home/users/mailboxes
	atf_check -e match:'^mail-compile: users/users.cdb: warning: not what the text files say' \
	    -e not-match:passwords.cdb mail-compile -n
	cp home/users/passwords.cdb whole
	for size in 0 10 2047 2050; do
		head -c $size whole >home/users/passwords.cdb
		atf_check -e match:'users/passwords.cdb is damaged' mail-compile -n
		# it stays: -n changes nothing
		atf_check_equal $size "$(wc -c <home/users/passwords.cdb)"
	done
	atf_check -e ignore mail-compile
	atf_check cmp whole home/users/passwords.cdb
}

atf_init_test_cases()
{
	atf_add_test_case names_what_was_compiled_of_another_text
	atf_add_test_case lets_nobody_read_the_passwords_of_servers
	atf_add_test_case makes_both_files
	atf_add_test_case names_a_wrong_line_and_keeps_the_old_files
	atf_add_test_case names_every_wrong_line
	atf_add_test_case counts_wrong_lines_when_there_are_many
	atf_add_test_case refuses_to_be_without_domains_or_name
	atf_add_test_case names_aliases_that_lead_nowhere_or_round
	atf_add_test_case compiles_a_chain_of_20000_aliases
	atf_add_test_case a_mailbox_that_is_an_alias_keeps_a_copy
	atf_add_test_case keys_of_a_closed_account_are_left_out
	atf_add_test_case names_an_open_relay
	atf_add_test_case refuses_an_address_that_stands_twice
	atf_add_test_case warns_of_a_domain_that_is_not_ours
	atf_add_test_case leaves_out_a_password_without_mailbox
	atf_add_test_case checks_the_other_control_files
	atf_add_test_case checks_what_the_policies_read
	atf_add_test_case warns_of_a_domain_without_postmaster
	atf_add_test_case tells_why_scram_is_off
	atf_add_test_case looks_at_what_hashes_are
	atf_add_test_case defers_without_a_home
	atf_add_test_case takes_no_arguments
	atf_add_test_case defers_when_the_disk_is_full
	atf_add_test_case compiles_100000_mailboxes
	atf_add_test_case says_nothing_about_good_certificates
	atf_add_test_case names_what_is_wrong_with_certificates
	atf_add_test_case names_keys_of_the_wrong_owner
	atf_add_test_case tells_what_a_new_name_needs
	atf_add_test_case compiles_without_an_answer_of_openssl
	atf_add_test_case with_n_nothing_is_changed
	atf_add_test_case a_file_that_nobody_reads_is_named
}
