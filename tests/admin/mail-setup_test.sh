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
	for file in control/resolvers control/mxport; do
		atf_check test ! -e $file
	done
	for folder in run log mail users queue/new queue/later queue/hold queue/bad; do
		atf_check test -d $folder
	done
	atf_check -o inline:'700 700 700\n' sh -c 'echo $(stat -c %a state/rate state/grey state/peer)'
	atf_check -o inline:'700\n' stat -c %a state/readers
	atf_check test -p queue/trigger
	atf_check -o inline:'3730 600\n' sh -c 'echo $(stat -c %a queue/new users/passwords)'
	for service in smtp submission pop3 queue deliver check relay send auth pop3auth; do
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
	$user sed -i -e 's/ -p rate-check//' -e '/event=begun/d' -e '/PEERS/d' $run
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

atf_test_case makes_a_certificate_for_its_name_once
makes_a_certificate_for_its_name_once_body()
{
	place
	atf_check -o ignore $setup "$home" example.test
	cd place/home/tls || exit
	atf_check -o match:'CN = mx.example.test' -o match:'DNS:mx.example.test' \
	    openssl x509 -in mx.example.test/cert.pem -noout -text
	atf_check -o inline:'400\n700\n' stat -c %a mx.example.test/key.pem tickets
	cp mx.example.test/cert.pem ../../before
	atf_check -o ignore $setup "$home" example.test
	atf_check cmp ../../before mx.example.test/cert.pem
	atf_check test -d ../service/tls -a -d ../service/submissions -a -d ../service/pop3s
	atf_check test ! -e .new
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
		    mail-user list $domain
	done
	atf_check test -d place/home/mail/example.test/postmaster-mail
	atf_check -e ignore $user mail-user alias postmaster@other.test boss@far.test
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
	atf_check -s exit:111 -e match:'usage: mail-setup' mail-setup -x home example.test
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
	for pair in smtp:smtp relay:smtp submission:smtp submissions:smtp pop3:pop3 pop3s:pop3 queue:queue \
	    send:send tls:tls; do
		atf_check -o inline:"$(id -u facteur-${pair#*:})\n" \
		    cat service/${pair%:*}/env/SERVICE_UID
	done
	atf_check -o inline:"facteur-queue facteur-queue 3730\n" stat -c '%U %G %a' queue/new
	atf_check -o inline:"facteur-queue facteur-queue 620\n" stat -c '%U %G %a' queue/trigger
	atf_check -o inline:"facteur-log 750\n" stat -c '%U %a' log/smtp
	atf_check -o inline:"facteur-mail 700\n" \
	    stat -c '%U %a' mail/example.test/postmaster-mail/Maildir
	key=tls/$(cat control/me)/key.pem
	atf_check -o inline:"facteur-tls 400\nroot facteur-tls 750\nfacteur-tls facteur-tls 700\n" \
	    sh -c "stat -c '%U %a' $key; stat -c '%U %G %a' tls tls/tickets"
	atf_check -o match:'PRIVATE KEY' s6-applyuidgid -u $(id -u facteur-tls) \
	    -g $(id -g facteur-tls) -G '' cat $key
	atf_check -o inline:"$(id -u facteur-smtp) $(id -u facteur-pop3) $(id -u facteur-send) \n" \
	    cat service/tls/env/CLIENT_UIDS
	for secret in users/passwords users/passwords.cdb $key tls/tickets/current; do
		atf_check -s exit:1 -e match:'Permission denied' s6-applyuidgid \
		    -u $(id -u facteur-smtp) -g $(id -g facteur-queue) -G '' cat $secret
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

atf_init_test_cases()
{
	atf_add_test_case makes_a_complete_home
	atf_add_test_case no_client_can_have_all_connections
	atf_add_test_case refreshes_what_was_never_edited
	atf_add_test_case makes_a_certificate_for_its_name_once
	atf_add_test_case listens_everywhere_on_the_well_known_ports_by_default
	atf_add_test_case postmaster_is_an_alias_in_every_domain
	atf_add_test_case changes_nothing_that_is_there
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
	atf_add_test_case copies_the_programs_where_services_get_at_them
}
