#! /usr/bin/env atf-sh
PATH=$(atf_get_srcdir)/../../bin:$PATH
. "$(atf_get_srcdir)/setup.sh"

atf_test_case makes_a_complete_home
makes_a_complete_home_body()
{
	place
	atf_check -o match:"$home is ready" -o match:'mail-user add' -o match:"s6-svscan $home/service" \
	    $setup -p 20000 "$home" Example.TEST other.test
	cd place/home || exit
	atf_check -o inline:'example.test\nother.test\n' cat control/domains
	atf_check -o inline:'example.test\n' cat control/defaultdomain
	atf_check -o inline:'mx.example.test\n' cat control/me
	for list in relayclients relaydomains smtproutes; do
		atf_check -s exit:1 grep -v '^#' control/$list
	done
	for file in databytes quota timeoutsmtpd timeoutpop3 timeoutremote timeoutconnect retry \
	    queuelifetime concurrencylocal concurrencyremote; do
		atf_check -o not-empty cat control/$file
	done
	atf_check -o match:'^pool @gmail.com$' cat control/greyexempt
	FACTEUR_HOME=$home atf_check mail-compile
	for file in control/resolvers control/mxport; do
		atf_check test ! -e $file
	done
	for folder in run log mail users queue/new queue/later queue/hold queue/bad; do
		atf_check test -d $folder
	done
	atf_check -o inline:'700 700 700\n' sh -c 'echo $(stat -c %a state/rate state/grey state/peer)'
	atf_check -o inline:'700\n' stat -c %a state/readers
	atf_check test -p queue/trigger
	atf_check -o inline:'700 700 700 600 600\n' sh -c 'echo $(stat -c %a queue queue/new queue/journal queue/trigger users/passwords)'
	for service in smtp submission pop3 accept queue deliver check relay spf dns sts dkim keys dmarc tlsreport send auth pop3auth; do
		for file in run finish log/run; do
			atf_check test -x service/$service/$file
		done
		atf_check -o inline:'3\n3\n' \
		    cat service/$service/notification-fd service/$service/log/notification-fd
		atf_check -o inline:"$home\n" cat service/$service/env/FACTEUR_HOME
		atf_check test -d log/$service
	done
	atf_check -o inline:'20025\n20587\n20110\n127.0.0.1\n127.0.0.1\n127.0.0.1\n' cat \
	    service/smtp/env/PORT service/submission/env/PORT service/pop3/env/PORT \
	    service/smtp/env/IP service/submission/env/IP service/pop3/env/IP
	atf_check -o match:'^[1-9][0-9]*$' cat service/smtp/env/CONCURRENCY
}

atf_test_case no_client_can_have_all_connections
no_client_can_have_all_connections_body()
{
	place
	atf_check -o ignore $setup "$home" example.test
	for service in smtp submission submissions pop3 pop3s; do
		atf_check test ! -e place/home/service/$service/env/PEERS
	done
	$user rm -r "$home"
	atf_check -o ignore $setup -i 192.0.2.1 "$home" example.test
	cd place/home || exit
	atf_check -o inline:'100\n150\n' cat service/smtp/env/PEERS service/smtp/env/PEERS_NETWORK
	for service in submission submissions pop3 pop3s; do
		atf_check -o match:'^[1-9][0-9]*$' cat service/$service/env/PEERS
		atf_check -o match:'^[1-9][0-9]*$' cat service/$service/env/PEERS_NETWORK
	done
	# an empty file says that there is no limit, and stays
	$user sh -c ': >service/smtp/env/PEERS; rm service/pop3/env/PEERS'
	atf_check -o ignore $setup "$home" example.test
	atf_check test ! -s service/smtp/env/PEERS
	atf_check test -s service/pop3/env/PEERS
}

# As a home of an earlier version: it has no sums of its own.
atf_test_case refreshes_what_was_never_edited
refreshes_what_was_never_edited_body()
{
	place
	atf_check -o ignore $setup "$home" example.test
	atf_check -o not-match:'is new|was edited' $setup "$home" example.test
	share=$(atf_get_srcdir)/../../share/service
	atf_check -s exit:1 grep -F "$(sha256sum <"$share/submission/run" | cut -d ' ' -f 1)" "$share/former"

	# one of an earlier version, one that the admin has edited, and one put there by the last run
	run=place/home/service/submission/run
	$user sed -i -e 's/"${LAUNCHER:-tcpserver}"/tcpserver/' -e 's/unix:run.queue.sock/queue-inject/' -e 's/ $FILTERS//' -e 's/ -p rate-check//' -e 's/^\t-u /smtp-recv /' -e '/event=begun/d' -e '/PEERS/d' $run
	$user sed -i 's/10 MB/1 MB/; s/s10000000/s1000000/' place/home/service/queue/log/run
	atf_check -o ignore grep "$(sha256sum <$run | cut -d ' ' -f 1) submission/run" "$share/former"
	$user sh -c 'echo "# mine" >>place/home/service/smtp/run; echo 77 >place/home/service/smtp/env/CONCURRENCY
		echo other >place/home/service/pop3/run'
	sum=$(sha256sum <place/home/service/pop3/run | cut -d ' ' -f 1)
	$user sh -c "echo $sum pop3/run >>place/home/service/.templates"
	atf_check -o save:out $setup "$home" example.test
	atf_check -o match:"service/submission/run is new: restart with s6-svc -r $home/service/submission" \
	    -o match:"service/queue/log/run is new: restart with s6-svc -r $home/service/queue/log" \
	    -o match:'service/pop3/run is new' -o match:'service/smtp/run was edited and stays' \
	    -o not-match:CONCURRENCY cat out
	atf_check cmp "$share/submission/run" $run
	atf_check test -x $run
	atf_check cmp "$share/pop3/run" place/home/service/pop3/run
	atf_check -o match:mine cat place/home/service/smtp/run
	atf_check -o inline:'77\n' cat place/home/service/smtp/env/CONCURRENCY
	atf_check -o ignore $setup "$home" example.test
}

# Homes of an earlier version, where origin-check was one of the filters.
atf_test_case filters_that_were_chosen_stay
filters_that_were_chosen_stay_body()
{
	place
	atf_check -o ignore $setup "$home" example.test
	cd place/home/service/smtp/env || exit
	atf_check -o inline:'filter:run/origin.sock\n' cat SINK
	atf_check test ! -e FILTERS
	for chosen in origin-check 'origin-check spam-mark' ''; do
		$user sh -c "rm SINK; echo '$chosen' >FILTERS"
		cd ../../../../.. || exit
		atf_check -o ignore $setup "$home" example.test
		atf_check -o ignore $setup "$home" example.test
		cd place/home/service/smtp/env || exit
		if [ "$chosen" = origin-check ]; then
			atf_check -o inline:'filter:run/origin.sock\n' cat SINK
			atf_check test ! -s FILTERS
		else
			atf_check test -e SINK -a ! -s SINK
			atf_check -o inline:"$chosen\n" cat FILTERS
		fi
	done
}

atf_test_case makes_a_certificate_for_its_name_once
makes_a_certificate_for_its_name_once_body()
{
	place
	atf_check -o ignore $setup "$home" example.test
	cd place/home/tls || exit
	atf_check -o match:'CN = mx.example.test' -o match:'DNS:mx.example.test' \
	    openssl x509 -in mx.example.test/cert.pem -noout -text
	atf_check -o inline:'400\n400\n700\n' stat -c %a mx.example.test/key.pem mx.example.test/key-rsa.pem tickets
	atf_check -o match:'DNS:mx.example.test' -o match:rsaEncryption \
	    openssl x509 -in mx.example.test/cert-rsa.pem -noout -text
	cp mx.example.test/cert.pem ../../before
	atf_check -o ignore $setup "$home" example.test
	atf_check cmp ../../before mx.example.test/cert.pem
	atf_check test -d ../service/tls -a -d ../service/submissions -a -d ../service/pop3s
	atf_check test ! -e .new
}

atf_test_case makes_the_keys_of_each_domain_once
makes_the_keys_of_each_domain_once_body()
{
	place
	export FACTEUR_HOME="$home"
	atf_check -o save:out $setup "$home" Example.test
	for domain in example.test mx.example.test; do
		atf_check -o save:records $user dkim-key show $domain
		atf_check_equal 2 "$(grep -c "^[^ ]*._domainkey.$domain. IN TXT" records)"
		atf_check -o match:"$(head -n 1 records | cut -c 1-40)" cat out
	done
	find place/home/dkim -name '*.key' | sort | xargs cat >keys
	# a new domain gets its own; what is there stays, and what the admin took away does not come back
	$user rm -r place/home/dkim/mx.example.test
	atf_check -o save:out $setup "$home" other.test
	atf_check -o match:'_domainkey.other.test. IN TXT' -o not-match:'_domainkey.(mx.)?example.test' cat out
	atf_check test ! -e place/home/dkim/mx.example.test
	atf_check -o inline:'2\n' sh -c 'ls place/home/dkim/other.test/*.key | wc -l'
	cat place/home/dkim/example.test/*.key >now
	atf_check cmp -n "$(wc -c <now)" now keys
	atf_check -o not-match:_domainkey $setup "$home" other.test
}

atf_test_case listens_everywhere_on_the_well_known_ports_by_default
listens_everywhere_on_the_well_known_ports_by_default_body()
{
	place
	atf_check -o ignore $user mail-setup -u "$home" example.test
	atf_check -o inline:'25\n587\n110\n0\n' cat place/home/service/smtp/env/PORT \
	    place/home/service/submission/env/PORT place/home/service/pop3/env/PORT \
	    place/home/service/smtp/env/IP
	atf_check -o match:'\.' cat place/home/control/me
}

atf_test_case postmaster_is_an_alias_in_every_domain
postmaster_is_an_alias_in_every_domain_body()
{
	place
	atf_check -o ignore $setup "$home" example.test other.test
	FACTEUR_HOME=$home
	export FACTEUR_HOME
	for domain in example.test other.test; do
		atf_check -o match:"^postmaster@$domain	alias	postmaster-mail@example.test" \
		    -o match:"^abuse@$domain	alias	postmaster-mail@example.test" mail-user list $domain
	done
	atf_check test -d place/home/mail/example.test/postmaster-mail
	atf_check -e ignore $user mail-user alias set postmaster@other.test boss@far.test
	# the home of an earlier version gets it once
	atf_check $user mail-user remove abuse@other.test
	atf_check -o ignore $setup "$home" example.test
	atf_check -o not-match:'^abuse@' mail-user list other.test
	$user rm "$home/users/.made"
	atf_check -o ignore $setup "$home" example.test
	atf_check -o match:'^abuse@' mail-user list other.test
	# and one that was interrupted is completed
	atf_check -o ignore $user mail-user remove postmaster@other.test
	atf_check -o ignore $user mail-user remove abuse@other.test
	$user sh -c "cd '$home' && sed -i /other.test/d users/.made && rmdir log/admin && mkdir log/admin.tmp"
	atf_check -o ignore $setup "$home" example.test
	atf_check -o match:'^abuse@' -o match:'^postmaster@' mail-user list other.test
	atf_check test -d place/home/log/admin
}

atf_test_case changes_nothing_that_is_there
changes_nothing_that_is_there_body()
{
	place
	atf_check -o ignore $setup -p 20000 "$home" example.test
	$user sh -c "
	cd '$home'
	echo 77 >control/databytes
	rm control/mxport control/timeoutpop3 2>/dev/null
	echo 600 >control/timeoutpop3
	echo 2525 >service/smtp/env/PORT
	echo '# mine' >>service/smtp/run
	rm -r service/submission
	echo 127.0.0.1 >>control/relayclients
	touch service/pop3/down
	FACTEUR_HOME=\$PWD mail-user remove postmaster@example.test"
	cp -pR place/home before
	atf_check -o ignore -e match:'no alias or mailbox postmaster@example.test' \
	    $setup -p 30000 -m other.example.test "$home" example.test
	rm before/queue/trigger place/home/queue/trigger
	find before -name '*.cdb' -o -name control -type p -o -name lock -type f | xargs rm -f
	find place/home -name '*.cdb' -o -name control -type p -o -name lock -type f | xargs rm -f
	atf_check diff -r before place/home
}

atf_test_case a_home_that_was_moved_is_corrected
a_home_that_was_moved_is_corrected_body()
{
	place
	atf_check -o ignore $setup "$home" example.test
	old=$home
	$user mv "$home" "$home.new"
	home=$home.new
	atf_check -o match:"service/smtp/env/FACTEUR_HOME was $old and is now $home: restart" $setup "$home" example.test
	for service in smtp queue deliver tls; do
		atf_check -o inline:"$home\n" cat "$home/service/$service/env/FACTEUR_HOME"
	done
	atf_check -o not-match:'FACTEUR_HOME was' $setup "$home" example.test

	# its programs are elsewhere, too
	$user sh -c "echo /nowhere/bin:/usr/bin >'$home/service/smtp/env/PATH'
		echo $(dirname "$(command -v mail-setup)"):/opt/mine:/usr/bin >'$home/service/pop3/env/PATH'"
	atf_check -o match:'service/smtp/env/PATH was /nowhere/bin:/usr/bin' -o not-match:pop3/env/PATH \
	    $setup "$home" example.test
	atf_check -o match:"^$(dirname "$(readlink -f "$(command -v mail-setup)")"):" cat "$home/service/smtp/env/PATH"
	atf_check -o match:/opt/mine cat "$home/service/pop3/env/PATH"
}

atf_test_case numbers_of_users_follow_those_of_the_machine
numbers_of_users_follow_those_of_the_machine_head()
{
	atf_set require.user root
}
numbers_of_users_follow_those_of_the_machine_body()
{
	chmod 755 .
	atf_check -o ignore mail-setup -i 127.0.0.1 -p 20000 home example.test
	echo 54321 >home/service/smtp/env/SERVICE_UID
	echo 54321 >home/service/queue/log/../env/LOG_UID
	echo 54321:54322 >home/control/mailuser
	sed -i "s/:$(id -u facteur-mail):$(id -g facteur-mail):/:54321:54322:/" home/users/mailboxes
	echo other@example.test:54321:1:5 >>home/users/mailboxes
	atf_check -o match:'service/smtp/env/SERVICE_UID was 54321' -o match:'service/queue/env/LOG_UID was 54321' \
	    -o match:'mailboxes of 54321:54322 are now' mail-setup home example.test
	atf_check -o inline:"$(id -u facteur-smtp)\n" cat home/service/smtp/env/SERVICE_UID
	atf_check -o inline:"$(id -u facteur-mail):$(id -g facteur-mail)\n" cat home/control/mailuser
	atf_check -o match:"^postmaster-mail@example.test:$(id -u facteur-mail):$(id -g facteur-mail):\$" \
	    -o match:'^other@example.test:54321:1:5' cat home/users/mailboxes
}

atf_test_case adds_a_domain_to_a_home
adds_a_domain_to_a_home_body()
{
	place
	atf_check -o ignore $setup "$home" example.test
	atf_check -o ignore $setup "$home" example.test Third.test
	atf_check -o inline:'example.test\nthird.test\n' cat place/home/control/domains
	atf_check -o inline:'example.test\n' cat place/home/control/defaultdomain
	FACTEUR_HOME=$home atf_check -o match:'^postmaster@third.test' mail-user list third.test
}

atf_test_case completes_a_home_that_was_begun
completes_a_home_that_was_begun_body()
{
	place
	atf_check -o ignore $setup "$home" example.test
	rm -r place/home/queue/hold place/home/control/quota place/home/run \
	    place/home/service/smtp/env/IP place/home/service/pop3/log/run
	atf_check -o ignore $setup "$home" example.test
	for file in queue/hold control/quota run service/smtp/env/IP service/pop3/log/run; do
		atf_check test -e place/home/$file
	done
}

atf_test_case takes_a_relative_path_with_blanks
takes_a_relative_path_with_blanks_body()
{
	place
	cd place
	atf_check -o ignore $setup 'my home' example.test
	atf_check -o inline:"$PWD/my home\n" cat 'my home/service/smtp/env/FACTEUR_HOME'
}

atf_test_case refuses_what_cannot_be
refuses_what_cannot_be_body()
{
	place
	for domain in '' exa_mple.test -x.test x..test .test test. 'x y.test' '*.test' \
	    "$(printf '%064d.test' 0)" ../etc; do
		atf_check -s exit:100 -e match:'not a domain' $setup -- "$home" "$domain"
	done
	for ip in 127.0.0 256.0.0.1 1.2.3.4.5 localhost :::z; do
		atf_check -s exit:100 -e match:"$ip: not an IP address" \
		    $user mail-setup -u -i $ip "$home" example.test
	done
	for base in -1 x 64949 1000000; do
		atf_check -s exit:100 -e match:'not a number to add' \
		    $setup -p $base "$home" example.test
	done
	atf_check -s exit:100 -e match:'not a host name' \
	    $user mail-setup -u -m 'a b.c' "$home" example.test
	atf_check -s exit:100 -e match:'colon' $setup "$home:x" example.test
	atf_check test ! -e place/home
}

atf_test_case says_how_it_is_used
says_how_it_is_used_body()
{
	atf_check -s exit:111 -e match:'usage: mail-setup' mail-setup
	atf_check -s exit:111 -e match:'usage: mail-setup' mail-setup home
	atf_check -s exit:111 -e match:'usage: mail-setup' mail-setup -z home example.test
}

atf_test_case names_what_is_missing
names_what_is_missing_body()
{
	place
	mkdir tools
	for tool in sh dirname readlink printf awk tr head hostname id cat env; do
		ln -s "$(command -v $tool)" tools/$tool
	done
	program=$(command -v mail-setup)
	atf_check -s exit:111 -e match:'missing: s6-svscan .*tcpserver' \
	    -e match:'apt-get install --no-install-recommends s6 ucspi-tcp-ipv6' \
	    $user "$(command -v env)" PATH="$PWD/tools" "$program" -u "$home" example.test
}

atf_test_case needs_a_place_to_write
needs_a_place_to_write_body()
{
	place
	mkdir closed
	chmod 555 closed
	atf_check -s exit:111 -e match:'unable to make .*closed/home' \
	    $setup "$PWD/closed/home" example.test
	atf_check -s exit:111 -e match:'unable to write in .*closed' \
	    $setup "$PWD/closed" example.test
	: >place/file
	atf_check -s exit:111 -e match:'unable to make .*file' $setup "$PWD/place/file" example.test
}

atf_test_case system_users_need_root
system_users_need_root_body()
{
	place
	atf_check -s exit:100 -e match:'only root can make system users' \
	    $user mail-setup "$home" example.test
}

atf_test_case root_does_not_run_mail_as_itself
root_does_not_run_mail_as_itself_head()
{
	atf_set require.user root
}
root_does_not_run_mail_as_itself_body()
{
	place
	atf_check -s exit:100 -e match:'never delivered as root' \
	    mail-setup -u "$home" example.test
	atf_check -o ignore $setup "$home" example.test
	atf_check -s exit:100 -e match:'is the home of uid' mail-setup "$home" example.test
}

atf_test_case every_service_has_its_own_user
every_service_has_its_own_user_head()
{
	atf_set require.user root
}
every_service_has_its_own_user_body()
{
	chmod 755 .
	atf_check -o ignore mail-setup -i 127.0.0.1 -p 20000 home example.test
	cd home || exit
	for pair in smtp:smtp relay:smtp spf:smtp submission:smtp submissions:smtp submit:smtp pop3:pop3 pop3s:pop3 accept:queue queue:queue \
	    send:send tls:tls dns:dns sts:sts dkim:dkim dmarc:smtp tlsreport:smtp; do
		atf_check -o inline:"$(id -u facteur-${pair#*:})\n" \
		    cat service/${pair%:*}/env/SERVICE_UID
	done
	atf_check -o inline:"$(id -u facteur-queue)\n$(id -g facteur-queue)\n" \
	    cat service/deliver/env/QUEUE_UID service/deliver/env/QUEUE_GID
	atf_check -o inline:"facteur-queue facteur-queue 700\n" stat -c '%U %G %a' queue/new
	atf_check -o inline:"root facteur-dkim 750\nroot facteur-dkim 750\n" stat -c '%U %G %a' dkim dkim/example.test
	atf_check -o inline:"root facteur-dkim 640\n" \
	    sh -c 'stat -c "%U %G %a" dkim/example.test/*.key | sort -u'
	atf_check_equal "$(id -g facteur-queue)" "$(cat service/dkim/env/CLIENT_GID)"
	atf_check -o inline:"facteur-queue facteur-queue 600\n" stat -c '%U %G %a' queue/trigger
	atf_check -o inline:"facteur-log 750\n" stat -c '%U %a' log/smtp
	atf_check -o inline:"facteur-mail 700\n" \
	    stat -c '%U %a' mail/example.test/postmaster-mail/Maildir
	atf_check -o inline:"$(id -u facteur-smtp)\n$(id -g facteur-queue)\n" \
	    cat service/accept/env/QUEUE_CLIENTS service/accept/env/CLIENT_GID
	key=tls/$(cat control/me)/key.pem
	atf_check -o inline:"facteur-tls 400\nroot facteur-tls 750\nfacteur-tls facteur-tls 700\n" \
	    sh -c "stat -c '%U %a' $key; stat -c '%U %G %a' tls tls/tickets"
	atf_check -o match:'PRIVATE KEY' s6-applyuidgid -u $(id -u facteur-tls) \
	    -g $(id -g facteur-tls) -G '' cat $key
	atf_check -o inline:"$(id -u facteur-smtp) $(id -u facteur-pop3) $(id -u facteur-send) $(id -u facteur-web) \n" \
	    cat service/tls/env/CLIENT_UIDS
	for secret in users/passwords users/passwords.cdb $key tls/tickets/current; do
		atf_check -s exit:1 -e match:'Permission denied' s6-applyuidgid \
		    -u $(id -u facteur-smtp) -g $(id -g facteur-queue) -G '' cat $secret
	done
}

# As it was before there was a service for messages.
atf_test_case closes_a_queue_that_was_open_to_injectors
closes_a_queue_that_was_open_to_injectors_head()
{
	atf_set require.user root
	atf_set require.progs "s6-svscan tcpserver useradd"
}
closes_a_queue_that_was_open_to_injectors_body()
{
	chmod 755 .
	atf_check -o ignore mail-setup -i 127.0.0.1 -p 20000 home example.test
	chmod 750 home/queue
	chmod 3730 home/queue/new
	chmod 620 home/queue/trigger
	printf 'Fa@b.c\0Td@example.test\0\0' >envelope
	export FACTEUR_HOME="$PWD/home"
	as="s6-applyuidgid -u $(id -u facteur-smtp) -g $(id -g facteur-queue) -G"
	inject="queue-inject 1<$PWD/envelope"
	chmod 644 envelope
	echo hi | atf_check -e match:event=queued $as '' env PATH="$PATH" sh -c "$inject"
	# what the admin has added stays
	echo "12345 $(id -u facteur-smtp)" >home/service/accept/env/QUEUE_CLIENTS
	atf_check -o ignore mail-setup home example.test
	atf_check -o inline:'700 700 600\n' sh -c 'echo $(stat -c %a home/queue home/queue/new home/queue/trigger)'
	atf_check -o inline:"12345 $(id -u facteur-smtp)\n" cat home/service/accept/env/QUEUE_CLIENTS
	# nobody else can put anything there any more, and what is there is worked off
	echo hi | atf_check -s exit:62 -e match:'Permission denied' $as '' env PATH="$PATH" sh -c "$inject"
	atf_check -e match:'messages=1 found=0' queue-check
}

# Stand-ins, for the users of this machine are there already.  Both see that the first user is missing,
# and make it; and once somebody else has locked the files.
atf_test_case two_at_once_make_each_user_once
two_at_once_make_each_user_once_head()
{
	atf_set require.user root
}
two_at_once_make_each_user_once_body()
{
	chmod 755 .
	atf_check -o ignore mail-setup -i 127.0.0.1 -p 20000 first example.test
	mkdir tools asked made
	cat >tools/getent <<-EOF
		#!/bin/sh
		[ "\$1 \$2" != 'passwd facteur-smtp' ] || [ -e asked/\$WHO ] || {
			: >asked/\$WHO
			until [ -e asked/one -a -e asked/two ]; do sleep 0.05; done
			exit 2
		}
		[ -d made/\$2 ]
	EOF
	sed -i "s|asked/|$PWD/asked/|g; s|made/|$PWD/made/|g" tools/getent
	cat >tools/useradd <<-EOF
		#!/bin/sh
		for name; do :; done
		if [ \$name = facteur-send ] && mkdir $PWD/locked 2>/dev/null; then
			echo 'useradd: cannot lock /etc/passwd; try again later.' >&2
			exit 1
		fi
		mkdir $PWD/made/\$name 2>/dev/null && exit
		echo "useradd: user '\$name' already exists" >&2
		exit 9
	EOF
	chmod 755 tools/*
	for who in one two; do
		WHO=$who PATH=$PWD/tools:$PATH timeout 100 mail-setup -i 127.0.0.1 -p 20000 $who example.test \
		    >$who.out 2>&1 &
		eval "$who=$!"
	done
	for who in one two; do
		eval "wait \$$who" || { cat $who.out; atf_fail "$who was not made"; }
		atf_check -o ignore -e ignore grep "$who is ready" $who.out
	done
	atf_check -o inline:'facteur-dkim\nfacteur-dns\nfacteur-log\nfacteur-mail\nfacteur-pop3\nfacteur-queue\nfacteur-send\nfacteur-smtp\nfacteur-sts\nfacteur-tls\nfacteur-web\n' \
	    ls made
	atf_check -s exit:1 grep -h useradd one.out two.out
	atf_check test -d locked
}

# Each act of root in the queue would be one through a link, for whoever is queue puts it there in time.
atf_test_case root_acts_only_in_folders_of_its_own
root_acts_only_in_folders_of_its_own_head()
{
	atf_set require.user root
}
root_acts_only_in_folders_of_its_own_body()
{
	chmod 755 .
	mkdir tools
	for tool in mkdir mkfifo chown chgrp chmod mv rm cp ln touch; do
		printf '#!/bin/sh\necho "$(id -u) $(pwd -P) %s $*" >>%s\nexec %s "$@"\n' \
		    $tool "$PWD/acts" "$(command -v $tool)" >tools/$tool
		chmod 755 tools/$tool
	done
	: >acts
	chmod 666 acts
	for turn in new again; do
		atf_check -o ignore -e ignore env PATH="$PWD/tools:$PATH" \
		    mail-setup -i 127.0.0.1 -p 20000 home example.test
		rm -r home/queue/hold home/queue/new home/queue/trigger
	done
	atf_check -o ignore -e ignore env PATH="$PWD/tools:$PATH" \
	    mail-setup -i 127.0.0.1 -p 20000 home example.test
	atf_check -s exit:1 grep -E "^0 .*/home/(queue|state/|log/|tls/tickets)" acts
	atf_check -s exit:1 grep -E '^0 [^ ]* .* (queue|log/[a-z]+|state/[a-z]+|tls/tickets|mail/[^ ]*)/' acts
	atf_check -o ignore grep "^$(id -u facteur-queue) $PWD/home/queue mkfifo" acts
	atf_check -o inline:'facteur-queue facteur-queue 700\nfacteur-queue facteur-queue 700\n' \
	    stat -c '%U %G %a' home/queue/new home/queue/hold
	atf_check -o inline:'facteur-queue facteur-queue 600\n' stat -c '%U %G %a' home/queue/trigger

	# what its name was lent to stays whose it was
	mkdir victim
	rm -r home/queue/hold home/queue/trigger
	for name in hold.tmp .hold.tmp trigger.tmp .trigger.tmp; do
		s6-applyuidgid -u $(id -u facteur-queue) -g 0 -G '' ln -s "$PWD/victim" home/queue/$name
	done
	atf_check -o ignore mail-setup home example.test
	atf_check -o inline:'root 755\n' stat -c '%U %a' victim
	atf_check test -d home/queue/hold -a -p home/queue/trigger -a -z "$(ls victim)"
}

atf_test_case a_home_of_others_is_refused
a_home_of_others_is_refused_head()
{
	atf_set require.user root
}
a_home_of_others_is_refused_body()
{
	chmod 755 .
	atf_check -o ignore mail-setup -i 127.0.0.1 -p 20000 home example.test
	chown nobody home/log
	atf_check -s exit:100 -e match:'is the home of uid' mail-setup home example.test
	chown root home/log
	chown nobody home
	atf_check -s exit:100 -e match:'is the home of uid' mail-setup home example.test
	chown root home
	chown -h nobody home/queue
	chown -h nobody home/state/rate
	atf_check -s exit:100 -e match:'chown -hR facteur-queue:facteur-queue .*/home/queue' \
	    -e match:'chown -hR facteur-smtp:facteur-smtp .*/home/state/rate' -e not-match:state/grey mail-setup home example.test
}

# Addresses are nothing for those who only have an account on the machine.
atf_test_case addresses_are_not_for_every_local_user
addresses_are_not_for_every_local_user_head()
{
	atf_set require.user root
}
addresses_are_not_for_every_local_user_body()
{
	chmod 755 .
	atf_check -o ignore mail-setup -i 127.0.0.1 -p 20000 home example.test
	echo secret | FACTEUR_HOME=$PWD/home mail-user add bob@example.test || atf_fail mail-user
	chmod 755 home/users
	chown root:root home/users
	chmod 2770 home/log/admin
	atf_check -o ignore mail-setup home example.test
	for file in users/users.cdb users/mailboxes users/aliases users/passwords.cdb users/secret; do
		atf_check -s exit:1 -e match:'Permission denied' \
		    setpriv --reuid=nobody --regid=nogroup --clear-groups cat home/$file
	done
	for folder in log/smtp log/admin queue mail/example.test/bob state/rate tls users; do
		atf_check -s exit:2 -e match:'Permission denied' \
		    setpriv --reuid=nobody --regid=nogroup --clear-groups ls home/$folder
	done
	for user in smtp queue; do
		atf_check -o not-empty s6-applyuidgid -u $(id -u facteur-$user) -g $(id -g facteur-queue) \
		    -G '' cat home/users/users.cdb
	done
}

atf_test_case copies_the_programs_where_services_get_at_them
copies_the_programs_where_services_get_at_them_head()
{
	atf_set require.user root
}
copies_the_programs_where_services_get_at_them_body()
{
	chmod 755 .
	mkdir -m 700 closed
	cp -R "$(dirname "$(command -v mail-setup)")" closed/bin
	cp -R "$(dirname "$(command -v mail-setup)")/../share" closed/share
	atf_check -o match:"copying the programs to $PWD/home/bin" \
	    closed/bin/mail-setup -p 20000 home example.test
	atf_check -o match:"^$PWD/home/bin:" cat home/service/smtp/env/PATH
	atf_check test -x home/bin/smtp-recv
	mkdir -p -m 700 shut
	atf_check -s exit:100 -e match:"users of the services can't reach $PWD/shut/home" \
	    mail-setup shut/home example.test
}

atf_test_case an_admin_changes_his_mind
an_admin_changes_his_mind_body()
{
	place
	atf_check -o ignore $setup "$home" example.test
	# all that stands there need not be said again, and a domain more is one word
	atf_check -o match:'is ready for: example.test *$' $user mail-setup "$home"
	atf_check -o match:'is ready for: example.test example.org' $user mail-setup "$home" example.org
	atf_check -o inline:'mx.example.test\n' cat "$home/control/me"
	$user sed -i s/testing/enforce/ "$home/web/mta-sts.example.test/.well-known/mta-sts.txt"
	atf_check -o match:'the name mx.example.test is now mail.example.org' \
	    $user mail-setup -M mail.example.org "$home"
	atf_check -o inline:'mail.example.org\n' cat "$home/control/me"
	atf_check test -e "$home/tls/mail.example.org/cert.pem"
	# what others find on the web says so, too, and what the admin has written there stays
	atf_check -o match:'^mx: mail.example.org' -o match:'^mode: enforce' cat "$home/web/mta-sts.example.test/.well-known/mta-sts.txt"
	atf_check -s exit:1 grep -r mx.example.test "$home/web"
	atf_check -o not-match:'is now' $user mail-setup -M mail.example.org "$home"

	# a domain goes when nobody has mail there any more
	export FACTEUR_HOME="$home"
	echo secret | $user mail-user add ann@example.org || atf_fail "mail-user"
	atf_check -s exit:100 -e match:'has still ann@example.org' $user mail-setup -x "$home" example.org
	atf_check -e ignore $user mail-user remove ann@example.org
	atf_check -s exit:100 -e match:'is control/defaultdomain' $user mail-setup -x "$home" example.test
	atf_check -o match:'example.org is no domain of ours any more' $user mail-setup -x "$home" example.org
	atf_check -o inline:'example.test\n' cat "$home/control/domains"
	atf_check -s exit:1 -o empty sh -c "mail-user list | grep example.org"
	atf_check test ! -e "$home/web/mta-sts.example.org"
	atf_check -o ignore $user mail-setup -x "$home" example.org
	atf_check -s exit:111 -e match:usage $user mail-setup -x "$home"
	# what could not be compiled is, when it can be
	atf_check -o ignore $user mail-setup "$home" gone.test
	atf_check -o ignore grep -a gone.test "$home/users/users.cdb"
	$user sh -c "echo x >'$home/control/databytes'"
	atf_check -s not-exit:0 -o ignore -e match:databytes $user mail-setup -x "$home" gone.test
	$user sh -c "echo 52428800 >'$home/control/databytes'"
	atf_check -o ignore -e ignore $user mail-setup -x "$home" gone.test
	atf_check -s exit:1 grep -a gone.test "$home/users/users.cdb"
	# and comes back
	atf_check -o ignore $user mail-setup "$home" example.org
	atf_check -o match:'^abuse@example.org' -o match:'^postmaster@example.org' $user mail-user list
}

# snapshot: all of $home but what runs
snapshot()
{
	(
		cd "$home" && find . -path ./run -prune -o -type f ! -name lock -print | LC_ALL=C sort | xargs sha256sum
		find . -printf '%p %m %U:%G\n' | LC_ALL=C sort
	)
}

# twice ARGUMENT...: what is done a second time changes nothing more, and says so by saying nothing of it
twice()
{
	atf_check -o save:once $user mail-setup "$@"
	snapshot >before
	atf_check -o save:again -e empty $user mail-setup "$@"
	snapshot >after
	atf_check diff before after
	! grep -e 'is now' -e 'is new' -e 'It signs mail' again || atf_fail "$*: told again"
}

atf_test_case each_procedure_can_be_repeated
each_procedure_can_be_repeated_head()
{
	atf_set timeout 200
}
each_procedure_can_be_repeated_body()
{
	place
	twice -u -i 127.0.0.1 -p 20000 -m mx.example.test "$home" example.test
	twice "$home" example.org bücher.example
	atf_check -o ignore grep 'It signs mail' once
	twice -M mail.example.org "$home"
	atf_check -o ignore grep 'the name mx.example.test is now mail.example.org' once
	twice -x "$home" bücher.example
	atf_check -o ignore grep 'its keys stay in dkim/xn--bcher-kva.example,' once
	atf_check test -d "$home/dkim/xn--bcher-kva.example"
	mv "$home" place/moved
	home=$PWD/place/moved
	twice "$home"
	atf_check -o ignore grep "smtp/env/FACTEUR_HOME was $PWD/place/home and is now $home" once
	atf_check -s exit:1 grep -r "$PWD/place/home/" "$home"
	# an upgrade: what stands as it came follows, what was edited stays
	$user sh -c "echo '# mine' >>'$home/service/pop3/run'; rm '$home/service/smtp/run'"
	twice "$home"
	atf_check -o ignore grep 'service/pop3/run was edited and stays' again
	atf_check test -x "$home/service/smtp/run"
}

atf_test_case names_the_ports_that_it_listens_on
names_the_ports_that_it_listens_on_body()
{
	place
	atf_check -o ignore $setup -p 20000 "$home" example.test
	atf_check -o ignore $user mail-setup "$home" later.test
	atf_check -o ignore $user mail-setup -d "$home"
	$user mail-setup -d -i 192.0.2.1 "$home" >zone
	for domain in example.test later.test; do
		for port in 20465 20587 20995 20110; do
			atf_check -o ignore grep "^_[a-z0-9]*\._tcp\.$domain\. .* SRV *0 1 $port mx.example.test" zone
		done
		for file in "$home/web/autoconfig.$domain/mail/config-v1.1.xml" \
		    "$home/web/autodiscover.$domain/autodiscover/autodiscover.xml"; do
			sed -n 's/.*<[pP]ort>\(.*\)<.*/\1/p' "$file" >ports
			atf_check -o inline:'20995\n20465\n' cat ports
		done
	done
	# what has to be on its own port is said
	atf_check -o ignore grep '^; other servers send to port 25, and our service smtp listens on 20025' zone
	atf_check -o ignore grep '^; clients look there on port 443, and our service web listens on 20443' zone
	$user sh -c "echo 25 >'$home/service/smtp/env/PORT'; echo 465 >'$home/service/submissions/env/PORT'"
	$user mail-setup -d -i 192.0.2.1 "$home" >zone
	atf_check -o ignore grep 'SRV *0 1 465 mx' zone
	atf_check -s exit:1 grep 'port 25' zone
}

atf_test_case asks_on_a_terminal
asks_on_a_terminal_body()
{
	place
	cat >answers.py <<-'END'
		import os, pty, select, sys
		pid, fd = pty.fork()
		if pid == 0:
		    os.execvp(sys.argv[1], sys.argv[1:])
		for line in sys.stdin:
		    seen = b""
		    while not seen.endswith(b"]: "):
		        seen += os.read(fd, 1)
		    sys.stdout.write(seen.decode())
		    os.write(fd, line.encode())
		while True:
		    try:
		        data = os.read(fd, 1000)
		    except OSError:
		        break
		    if not data:
		        break
		    sys.stdout.write(data.decode())
		sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
	END
	printf '%s\n' "$home" 'example.test example.org' mx.example.test 127.0.0.1 20000 >answers
	chmod 644 answers answers.py
	atf_check -o match:'Where shall everything stand' -o match:'is ready for: example.test example.org' \
	    -o match:'port 20025' sh -c "$user /usr/bin/python3 answers.py mail-setup <answers"
	atf_check -s exit:111 -e match:usage sh -c "$user mail-setup </dev/null"
}

atf_init_test_cases()
{
	atf_add_test_case makes_a_complete_home
	atf_add_test_case no_client_can_have_all_connections
	atf_add_test_case refreshes_what_was_never_edited
	atf_add_test_case filters_that_were_chosen_stay
	atf_add_test_case makes_a_certificate_for_its_name_once
	atf_add_test_case makes_the_keys_of_each_domain_once
	atf_add_test_case listens_everywhere_on_the_well_known_ports_by_default
	atf_add_test_case postmaster_is_an_alias_in_every_domain
	atf_add_test_case changes_nothing_that_is_there
	atf_add_test_case a_home_that_was_moved_is_corrected
	atf_add_test_case numbers_of_users_follow_those_of_the_machine
	atf_add_test_case adds_a_domain_to_a_home
	atf_add_test_case completes_a_home_that_was_begun
	atf_add_test_case takes_a_relative_path_with_blanks
	atf_add_test_case refuses_what_cannot_be
	atf_add_test_case says_how_it_is_used
	atf_add_test_case names_what_is_missing
	atf_add_test_case needs_a_place_to_write
	atf_add_test_case system_users_need_root
	atf_add_test_case root_does_not_run_mail_as_itself
	atf_add_test_case every_service_has_its_own_user
	atf_add_test_case closes_a_queue_that_was_open_to_injectors
	atf_add_test_case two_at_once_make_each_user_once
	atf_add_test_case root_acts_only_in_folders_of_its_own
	atf_add_test_case a_home_of_others_is_refused
	atf_add_test_case addresses_are_not_for_every_local_user
	atf_add_test_case copies_the_programs_where_services_get_at_them
	atf_add_test_case an_admin_changes_his_mind
	atf_add_test_case each_procedure_can_be_repeated
	atf_add_test_case names_the_ports_that_it_listens_on
	atf_add_test_case asks_on_a_terminal
}
