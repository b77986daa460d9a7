#! /usr/bin/env atf-sh
# A home is broken in each way that mail-check knows, and mended again.

source_of_path=$(atf_get_srcdir)/../path
build=$(cd "$(atf_get_srcdir)/../.." && pwd)
system_source=$source_of_path
. "$system_source/system.sh"
. "$system_source/../lib/loopback.sh"
zone=$(atf_get_srcdir)/../dns/zone.py
needed='s6-svscan tcpserver openssl python3 setpriv'

# fake NAME COMMANDS: a program of that name, before all others
fake()
{
	printf '#!/bin/sh\n%s\n' "$2" >"fake/$1"
	chmod 755 "fake/$1"
}

# tries SED: what disk-try says, changed so
tries()
{
	rm -f fake/disk-try
	fake disk-try "said=\$('$bin/disk-try' \"\$@\"); code=\$?; echo \"\$said\" | sed '$1'; exit \$code"
}

# begin: a home for example.test with alice; not running
begin()
{
	chmod 755 .
	PATH=$bin:$PATH:/usr/sbin
	export FACTEUR_HOME="$PWD/home" TMPDIR="$PWD/tmp"
	mkdir -m 1777 tmp
	mkdir fake
	ln -s "$bin"/* fake/
	rm fake/mail-check
	cp "$bin/mail-check" fake/
	# what clock this machine has is its own affair, and whether its file systems have a journal
	fake busybox "[ \"\$1\" = adjtimex ] || exit 1; cat '$PWD/clock' 2>/dev/null"
	tries 's/ journal=no / journal=yes /'
	PATH=$PWD/fake:$PATH
	system_make example.test || atf_fail "mail-setup failed"
	mailbox alice@example.test secret || atf_fail "mail-user failed"
}

# check CODE AREA [PATTERN]: what mail-check says of the area
check()
{
	code=$1 area=$2
	shift 2
	as_user mail-check "$area" >said 2>&1
	[ $? = "$code" ] || atf_fail "$area: not $code: $(cat said)"
	for pattern; do
		grep -q -- "$pattern" said || atf_fail "$area: no \"$pattern\" in: $(cat said)"
	done
	[ "$code" != 0 ] || [ ! -s said ] || atf_fail "$area: not quiet: $(cat said)"
	# each finding says what to do
	! [ -s said ] || [ $(($(wc -l <said) % 2)) = 0 ] || atf_fail "no advice: $(cat said)"
}

# change COMMANDS: in the home, as its owner
change()
{
	(cd home && as_user sh -ec "$1") || atf_fail "change: $1"
}

atf_test_case what_is_wrong_in_the_files cleanup
what_is_wrong_in_the_files_head()
{
	atf_set require.progs "$needed"
	atf_set timeout 300
}
what_is_wrong_in_the_files_body()
{
	begin
	change ': >log/smtp/current'
	for area in control relay clock users queue log owners disk; do
		check 0 "$area"
	done

	change 'echo x >control/databytes'
	check 2 control '^broken: control: control/databytes:1: ' '^    mend that file'
	change 'echo 52428800 >control/databytes; : >control/databyte'
	check 1 control '^warning: control: control/databyte: no program reads'
	change 'rm control/databyte; cp users/aliases new; echo "x@example.test: alice@example.test" >>new; mv new users/aliases; touch -d "1 hour ago" users/*.cdb'
	check 1 control '^warning: control: users/users.cdb: not what the text files say' '^    .*run mail-compile'
	system_admin mail-compile
	check 0 control
	for cdb in users passwords; do
		change "cp users/$cdb.cdb whole; echo garbage >users/$cdb.cdb"
		check 2 control "^broken: control: users/$cdb.cdb is damaged" '^    run mail-compile'
		change "head -c 2050 whole >users/$cdb.cdb"
		check 2 control "users/$cdb.cdb is damaged"
		change "head -c 4096 /dev/zero >users/$cdb.cdb"
		check 2 control "users/$cdb.cdb is damaged"
		change "cat whole >users/$cdb.cdb; rm whole"
		check 0 control
	done
	change 'mv users/users.cdb users/away'
	check 2 control 'users.cdb is missing'
	change 'mv users/away users/users.cdb'
	for text in mailboxes aliases passwords; do
		change "mv users/$text away"
		as_user mail-check control users >said 2>&1
		atf_check -o ignore grep "^broken: control: users/$text is missing" said
		atf_check -s exit:1 grep 'run mail-check as root' said
		change "mv away users/$text"
	done
	change 'cp -p dkim/example.test/*r.key key; echo x >key2; mv -f key2 dkim/example.test/*r.key'
	check 2 control '^broken: control: unable to read dkim/example.test/.*: it is no private key' 'mail of that domain waits'
	change 'mv -f key dkim/example.test/*r.key'
	check 0 control
	change 'mv control/domains control/away~; : >control/domains'
	check 2 control 'control/domains'
	change 'mv control/away~ control/domains; touch users/*.cdb'
	check 0 control

	change 'cp control/relayclients r; echo "0.0.0.0/0 anybody" >>control/relayclients'
	check 2 relay 'an open relay' 'lets everybody send'
	change 'echo 192.0.2.0/24 >control/relayclients'
	check 2 relay 'an open relay'
	change 'mv r control/relayclients'
	check 0 relay
	change 'printf "\n0.0.0.0/0\n" >>control/relayclients'
	check 2 relay 'control/relayclients:[0-9]*: "0.0.0.0/0" lets everybody send'
	change 'sed -i -e /^0/d -e "/^\$/d" control/relayclients'
	check 0 relay

	change 'touch -d "2 days" control/me'
	check 1 clock 'from the future'
	change 'touch control/me'
	echo 'return value: 5 (clock not synchronized)' >clock
	if ! cat /proc/[0-9]*/comm 2>/dev/null | grep -Eqx 'chronyd|ntpd|ntpsec|openntpd|systemd-timesyn|ptp4l|phc2sys|VBoxService|vmtoolsd'; then
		check 1 clock 'nobody keeps the clock right' 'run an NTP client'
	fi
	echo 'return value: 0 (clock synchronized)' >clock
	check 0 clock

}
what_is_wrong_in_the_files_cleanup()
{
	system_kill
}

atf_test_case what_is_wrong_with_users_and_queue cleanup
what_is_wrong_with_users_and_queue_head()
{
	atf_set require.progs "$needed"
	atf_set timeout 300
}
what_is_wrong_with_users_and_queue_body()
{
	begin
	system_admin mail-user add -n bob@example.test || atf_fail "mail-user"
	check 1 users 'bob@example.test has no password'
	change 'cp -p users/passwords k; echo "bob@example.test:!" >>users/passwords'
	check 1 users 'bob@example.test has a password that nobody can give'
	change 'mv k users/passwords'
	system_admin mail-user remove bob@example.test || atf_fail "mail-user"
	change 'mv mail/example.test/alice/Maildir/new mail/example.test/alice/away'
	check 2 users 'alice/Maildir/new is missing'
	change 'mv mail/example.test/alice/away mail/example.test/alice/Maildir/new; chmod 500 mail/example.test/alice/Maildir/cur'
	check 2 users "can't write mail/example.test/alice/Maildir/cur"
	change 'chmod 700 mail/example.test/alice/Maildir/cur; mv mail/example.test/alice m'
	check 2 users 'alice/Maildir is missing'
	change 'mv m mail/example.test/alice'
	check 0 users

	change 'echo nonsense >queue/bad/x'
	check 2 queue '1 files in queue/bad'
	change 'rm queue/bad/x'
	printf 'Subject: x\n\ny\n' >letter
	printf 'Fa@example.test\0Tb@far.test\0\0' >envelope
	# shellcheck disable=SC2094
	as_user queue-inject <letter 1<envelope || atf_fail "queue-inject"
	check 0 queue
	as_user queue-edit hold all >edited 2>&1 || atf_fail "$(cat edited)"
	check 1 queue '1 messages are held'
	change 'echo local >control/paused'
	check 1 queue 'control/paused stops local: that mail waits'
	change 'rm control/paused'
	as_user queue-edit remove all >edited 2>&1
	# an ID tells when it came: 11 digits base 36 of microseconds
	/usr/bin/python3 - >old <<-'END'
		import time
		n, s = int((time.time() - 2 * 86400) * 1e6), ""
		while n:
		    n, d = divmod(n, 36)
		    s = "0123456789abcdefghijklmnopqrstuvwxyz"[d] + s
		print(s.rjust(11, "0") + "0123456789abc")
	END
	# shellcheck disable=SC2094
	QUEUEID=$(cat old) as_user queue-inject <letter 1<envelope || atf_fail "queue-inject"
	check 1 queue '1 of 1 messages wait for more than 24 hours, the oldest for 4[78]'
	as_user queue-edit pause far.test >edited 2>&1
	check 1 queue 'control/paused stops far.test'
	as_user queue-edit resume far.test >edited 2>&1
	as_user queue-edit remove all >edited 2>&1
	check 0 queue

}
what_is_wrong_with_users_and_queue_cleanup()
{
	system_kill
}

atf_test_case what_is_wrong_with_the_folders cleanup
what_is_wrong_with_the_folders_head()
{
	atf_set require.progs "$needed"
	atf_set timeout 300
}
what_is_wrong_with_the_folders_body()
{
	begin
	for path in users mail run queue queue/journal queue/bad state/rate log/smtp service/smtp/run \
	    service/pop3/log/run web/none; do
		change "mv $path away"
		check 2 owners "broken: owners: $path is missing, or is something else" 'mail-setup .*/home makes it anew'
		change "touch $path"
		check 2 owners "broken: owners: $path is missing, or is something else"
		change "rm $path; mv away $path"
	done
	change 'mv queue/trigger away'
	check 1 owners 'warning: owners: queue/trigger is no pipe'
	change 'mv away queue/trigger; mv service/check away'
	check 2 owners 'there is no service check'
	change 'mv away service/check'
	check 0 owners
	change 'chmod o+w control/me'
	check 2 owners 'others than its owner may write control/me'
	change 'chmod o-w control/me; chmod 755 queue'
	check 2 owners 'queue has the mode 755, not 700'
	change 'chmod 700 queue; chmod 644 users/passwords'
	check 2 owners 'users/passwords has the mode 644'
	change 'chmod 600 users/passwords'
	check 0 owners

}
what_is_wrong_with_the_folders_cleanup()
{
	system_kill
}

atf_test_case what_is_wrong_with_the_disk cleanup
what_is_wrong_with_the_disk_head()
{
	atf_set require.progs "$needed"
	atf_set timeout 300
}
what_is_wrong_with_the_disk_body()
{
	begin
	change ': >log/smtp/current'
	change 'head -c 60000000 /dev/zero >log/send/current'
	check 1 log 'log/send has 57 MB'
	change 'rm log/send/current; touch -d "3 days ago" log/*/current log/smtp/current'
	check 1 log 'no log has said anything'
	change 'echo 900000G >control/queuereserve'
	check 2 disk 'less is free for the queue'
	change 'rm control/queuereserve'
	check 0 disk
	change 'chmod 500 queue'
	check 2 disk 'unable to make a file in queue: Permission denied'
	change 'chmod 700 queue'
	# of other file systems: what disk-try says there
	tries 's/.*/queue: tmpfile=no journal=unknown microseconds=2000000/'
	check 1 disk 'without files that have no name' 'to sync a file in queue took 2000 milliseconds'
	tries 's/ journal=[a-z]* / journal=no /'
	fake findmnt 'echo /dev/sdz9'
	check 1 disk '^warning: disk: queue is on an ext4 file system without a journal: ' \
	    '^    .*tune2fs -O has_journal /dev/sdz9, '
	tries 's/ journal=[a-z]* / journal=yes /'
	check 0 disk
	# what e2fsck has found, where we may look
	mkdir -p mounted/lost+found/folder
	fake findmnt "echo '$PWD/mounted'"
	echo 'Subject: of others' >'mounted/lost+found/#1'
	check 0 disk
	printf 'Return-Path: <>\nDelivered-To: alice@example.test\n' >'mounted/lost+found/#2'
	printf 'facteur1 00000000000000000009' >'mounted/lost+found/#3'
	check 1 disk '^warning: disk: .*/mounted/lost+found has 2 files of mail that have lost their names'
	chmod 700 mounted/lost+found
	[ "$(id -u)" != 0 ] || check 0 disk
	rm fake/findmnt
	# the file system as df, findmnt and stat tell it
	fake df 'echo x; case "$*" in *-i*) echo "x 1000 970 30" ;; *) echo "x 1000 995 5 x" ;; esac'
	check 2 disk 'there are no blocks left on the file system of queue' '3 percent of the inodes are left' \
	    'less is free for the queue'
	rm fake/df
	for options in nobarrier barrier=0 data=writeback volatile; do
		fake findmnt "echo rw,$options,noatime"
		check 2 disk 'the file system of queue is mounted so that a sync does not last'
	done
	fake findmnt 'echo ro,noatime'
	check 2 disk 'the file system of mail is read-only'
	rm fake/findmnt
	stat=$(command -v stat)
	for type in nfs fuseblk vfat tmpfs; do
		fake stat "[ \"\$1\" != -f ] || { echo $type; exit; }; exec $stat \"\$@\""
		as_user mail-check disk >said 2>&1
		case $type in
		tmpfs) atf_check -o ignore grep '^broken: disk: queue is in memory' said ;;
		*) atf_check -o ignore grep "^warning: disk: queue is on a file system ($type) where a sync may not last" said ;;
		esac
	done
}
what_is_wrong_with_the_disk_cleanup()
{
	system_kill
}

# What the users of the services need, and what nobody else may have, in a home of root's.
atf_test_case what_does_not_belong_to_whom_it_should
what_does_not_belong_to_whom_it_should_head()
{
	atf_set require.user root
	atf_set require.progs "$needed s6-applyuidgid"
}
# finds PATTERN BREAK MEND: once it is broken it is found, and that alone
finds()
{
	(cd home && eval "$2")
	mail-check owners >said 2>&1
	[ $? = 2 ] && grep -q -- "^broken: owners: $1" said || atf_fail "no \"$1\" in: $(cat said)"
	[ "$(wc -l <said)" = 2 ] || atf_fail "more than \"$1\" in: $(cat said)"
	(cd home && eval "$3")
}
what_does_not_belong_to_whom_it_should_body()
{
	for user in smtp queue send sts pop3 tls dkim web log; do
		getent passwd "facteur-$user" >/dev/null || atf_skip "there is no user facteur-$user yet"
	done
	chmod 755 .
	PATH=$bin:$PATH
	export FACTEUR_HOME="$PWD/home"
	umask 022
	mkdir -p home/control home/users home/service/smtp/env home/run home/mail home/log/smtp home/tls/mx home/dkim/a \
	    home/web/none home/state/send home/queue/new
	(
		cd home
		mkfifo queue/trigger
		for part in later hold paused bad journal; do
			mkdir queue/$part
		done
		for pair in dmarc:smtp dnsbl:smtp grey:smtp peer:smtp rate:smtp tlssent:smtp readers:pop3 tlsreport:send \
		    sts:sts tls:tls web:web; do
			mkdir -m 700 "state/${pair%:*}" && chown "facteur-${pair#*:}" "state/${pair%:*}"
		done
		mkdir log/admin && chown facteur-queue log/admin
		for name in accept check deliver queue relay send smtp; do
			mkdir -p "service/$name/log" "log/$name" && chown facteur-log "log/$name"
			for run in "service/$name/run" "service/$name/log/run"; do
				echo '#!/bin/sh' >"$run" && chmod 755 "$run"
			done
		done
		for file in control/me control/domains users/users.cdb tls/mx/cert.pem tls/mx/key.pem dkim/a/b.key; do
			echo mx.example.test >$file
		done
		echo 1 >service/smtp/env/SERVICE_UID
		chmod 700 queue && chown -R facteur-queue: queue
		chown facteur-send: state/send
		chown -R root:facteur-tls tls
		chmod 750 tls tls/mx
		chown facteur-tls tls/mx/key.pem
		chmod 400 tls/mx/key.pem
		chown -R root:facteur-dkim dkim
		chmod 640 dkim/a/b.key
	)
	atf_check mail-check owners
	finds 'queue has the mode 755' 'chmod 755 queue' 'chmod 700 queue'
	finds 'something in queue does not belong' 'chown root queue/new' 'chown facteur-queue queue/new'
	finds 'state/send belongs to root' 'chown root state/send' 'chown facteur-send state/send'
	finds 'log/smtp belongs to root' 'chown root log/smtp' 'chown facteur-log log/smtp'
	for path in control dkim service/smtp/run users/users.cdb; do
		finds "$path belongs to facteur-web" "chown facteur-web $path" "chown root $path"
	done
	finds 'others than its owner may write service/smtp' 'chmod 777 service/smtp' 'chmod 755 service/smtp'
	finds 'others than its owner may write web' 'chmod 777 web' 'chmod 755 web'
	finds 'anybody may read dkim/a/b.key' 'chmod 644 dkim/a/b.key' 'chmod 640 dkim/a/b.key'
	finds "facteur-dkim can't read dkim/a/b.key" 'chmod 600 dkim/a/b.key' 'chmod 640 dkim/a/b.key'
	finds "facteur-tls can't read tls/mx/key.pem" 'chown root tls/mx/key.pem' 'chown facteur-tls tls/mx/key.pem'
	finds "facteur-web can't read web/none" 'chmod 700 web/none' 'chmod 755 web/none'
	finds "the users of the services can't reach" 'chmod 700 .' 'chmod 755 .'
	atf_check mail-check owners

	mkdir -p home/mail/a.test/b/Maildir/new home/mail/a.test/b/Maildir/cur home/mail/a.test/b/Maildir/tmp
	echo b@a.test:7:7: >home/users/mailboxes
	: >home/users/aliases
	echo 'b@a.test:$y$x' >home/users/passwords
	chown -R 7:7 home/mail/a.test/b
	chmod 711 home/mail/a.test
	atf_check mail-check users
	chmod 700 home/mail/a.test
	atf_check -s exit:2 -o match:"uid 7, can't reach mail/a.test/b/Maildir" mail-check users
}

atf_test_case what_is_wrong_with_the_certificate cleanup
what_is_wrong_with_the_certificate_head()
{
	atf_set require.progs "$needed"
	atf_set timeout 300
}
what_is_wrong_with_the_certificate_body()
{
	begin
	check 0 tls
	cd home/tls/mx.example.test || atf_fail "no certificate"
	cp cert.pem "$OLDPWD/good"
	cd "$OLDPWD" || exit
	/usr/bin/python3 - <<-'END' >dates
		import datetime
		n = datetime.datetime.now(datetime.timezone.utc)
		for d in (3, -1):
		    print((n + datetime.timedelta(days=d)).strftime("%Y%m%d%H%M%SZ"))
	END
	mkdir ca && : >ca/index && echo 01 >ca/serial
	printf '%s\n' '[ca]' 'default_ca = c' '[c]' 'database = ca/index' 'serial = ca/serial' 'new_certs_dir = ca' \
	    'default_md = sha256' 'policy = p' 'x509_extensions = e' 'unique_subject = no' '[p]' 'commonName = supplied' \
	    '[e]' 'subjectAltName = DNS:mx.example.test' >ca.conf
	openssl req -new -key home/tls/mx.example.test/key.pem -subj /CN=x -out request 2>/dev/null
	until=
	while read -r date; do
		openssl ca -batch -config ca.conf -selfsign -keyfile home/tls/mx.example.test/key.pem -in request \
		    -startdate 20200101000000Z -enddate "$date" -out "until$until" 2>ca.err || atf_fail "$(cat ca.err)"
		until=1
	done <dates
	chmod 644 until*
	change 'cp -f ../until tls/mx.example.test/cert.pem'
	check 1 tls 'cert.pem expires soon'
	change 'cp -f ../until1 tls/mx.example.test/cert.pem'
	check 2 tls 'cert.pem has expired'
	openssl req -x509 -new -key home/tls/mx.example.test/key.pem -days 30 -subj /CN=x \
	    -addext 'subjectAltName=DNS:other.test' -out other 2>/dev/null
	chmod 644 other
	change 'cp -f ../other tls/mx.example.test/cert.pem'
	check 2 tls 'cert.pem is not for mx.example.test'
	change 'rm -f tls/mx.example.test/cert.pem; echo x >tls/mx.example.test/cert.pem'
	check 2 tls 'is no certificate'
	chmod 644 good
	change 'cp -f ../good tls/mx.example.test/cert.pem; mv tls/mx.example.test/key.pem k'
	check 2 tls 'key.pem is missing'
	change 'cp tls/mx.example.test/key-rsa.pem tls/mx.example.test/key.pem'
	check 2 tls 'is not the key of'
	change 'mv -f k tls/mx.example.test/key.pem; chmod 644 tls/mx.example.test/key.pem'
	check 2 tls 'anybody may read'
	change 'chmod 400 tls/mx.example.test/key.pem; mv tls/mx.example.test t'
	check 2 tls 'there is no certificate'
	change 'mv t tls/mx.example.test'
	check 0 tls
}
what_is_wrong_with_the_certificate_cleanup()
{
	system_kill
}

# dns CODE [PATTERN...]: mail-check dns, with ./zone published
dns()
{
	code=$1
	shift
	"$zone" zone -- sh -c 'exec setpriv --reuid=65534 --regid=65534 --clear-groups \
	    mail-check -i 192.0.2.1 -r "127.0.0.1:$DNS" dns resolver' >said 2>&1 ||
		[ $? = "$code" ] || atf_fail "not $code: $(cat said)"
	[ "$code" != 0 ] || [ ! -s said ] || atf_fail "not quiet: $(cat said)"
	for pattern; do
		grep -q -- "$pattern" said || atf_fail "no \"$pattern\" in: $(cat said)"
	done
}

# publish SED-SCRIPT: all that is wanted, but for that
publish()
{
	sed -e '/^;/d' -e '/^$/d' -e 's/\. *IN */ /' -e 's/\.$//' records | sed -e "$1" >zone
	printf '%s\n' '. NS ns.test' '. SECURE' 'mx.example.test A 192.0.2.1' >>zone
	[ -z "$2" ] || echo "$2" >>zone
}

atf_test_case what_the_dns_lacks cleanup
what_the_dns_lacks_head()
{
	atf_set require.progs "$needed"
	atf_set require.user root
	atf_set timeout 300
}
what_the_dns_lacks_body()
{
	begin
	as_user mail-setup -d -i 192.0.2.1 home >records || atf_fail "mail-setup -d"
	publish ''
	dns 1 'warning: dns: there is no certificate for mta-sts.example.test' 'or take the record _mta-sts.example.test out' \
	    'warning: dns: there is no certificate for autoconfig.example.test' 'or take autoconfig.example.test out' \
	    'there is no certificate for autodiscover.example.test'
	change 'for name in mta-sts autoconfig autodiscover; do
		mkdir tls/$name.example.test
		openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=x -keyout key -days 30 \
		    -addext subjectAltName=DNS:$name.example.test -out tls/$name.example.test/cert.pem 2>/dev/null
	done'
	dns 0
	# as root, too, who asks the DNS as another
	"$zone" zone -- sh -c 'mail-check -i 192.0.2.1 -r "127.0.0.1:$DNS" dns' >said 2>&1 || atf_fail "as root: $(cat said)"
	change 'mv tls/autoconfig.example.test tls/away'
	# whoever leads elsewhere has it there
	publish 's/^autoconfig.example.test CNAME .*/autoconfig.example.test A 198.51.100.1/'
	dns 0
	publish 's/^autoconfig.example.test CNAME .*/autoconfig.example.test A 192.0.2.1/'
	dns 1 'there is no certificate for autoconfig.example.test'
	change 'mv tls/away tls/autoconfig.example.test'
	publish '/ MX /d'
	dns 2 'broken: dns: example.test has no MX record "10 mx.example.test."' '    publish: example.test. IN MX'
	publish 's/10 mx/10 other/'
	dns 2 'but "10 other.example.test"'
	publish '/in-addr/d'
	dns 1 'warning: dns: 1.2.0.192.in-addr.arpa has no PTR'
	publish '/_dmarc/d'
	dns 1 'no TXT record that begins with v=DMARC1'
	publish '' 'example.test TXT "v=spf1 +all"'
	dns 2 '2 TXT records that begin with v=spf1'
	publish 's/"v=spf1 mx -all"/"v=spf1 ip4:192.0.2.0\/24 -all"/'
	dns 0
	publish 's/"v=spf1 mx -all"/"v=spf1 -mx -all"/'
	dns 2 'broken: dns: SPF of example.test forbids (fail) 192.0.2.1, our address, to send its mail'
	publish 's/"v=spf1 mx -all"/"v=spf1 ip4:198.51.100.1 include:nobody.test ~all"/' 'nobody.test TXT "v=spf1 -all"'
	dns 2 'SPF of example.test forbids (softfail) 192.0.2.1'
	change 'mv control/smtproutes r; echo :relay.test >control/smtproutes'
	dns 0
	change 'mv r control/smtproutes'
	publish 's/"v=spf1 mx -all"/"v=spf1 ?all"/'
	dns 1 'SPF of example.test says nothing of mail from 192.0.2.1'
	publish 's/"v=spf1 mx -all"/"v=spf1 mx ipx:1 -all"/'
	dns 2 'SPF of example.test is in error: .*ipx:1'
	publish 's/"v=spf1 a -all"/"v=spf1 -all"/'
	dns 2 'SPF of mx.example.test forbids (fail) 192.0.2.1'
	publish 's/"v=spf1 mx -all"/"v=spf1 include:sender.test -all"/' 'sender.test TXT "v=spf1 ip4:192.0.2.1 -all"'
	dns 0
	publish 's/3 1 1 .*/3 1 1 00ff/'
	dns 2 'none of the TLSA records'
	publish '/TLSA/d'
	dns 0
	publish '/SRV/d; /autoconfig/d'
	dns 1 'autoconfig.example.test is not in the DNS' '_submission._tcp.example.test has no SRV'
	publish 's/id=[0-9a-f]*/id=1/'
	dns 1 'has not the id of the policy'
	publish ''
	sed -i '/SECURE/d' zone
	dns 1 'does not validate'
	publish '' 'mx.example.test SERVFAIL'
	dns 2 'no DNS server answers' 'the DNS does not answer for'
}
what_the_dns_lacks_cleanup()
{
	system_kill
}

atf_test_case which_services_do_not_run cleanup
which_services_do_not_run_head()
{
	atf_set require.progs "$needed tcpclient"
	atf_set timeout 300
}
other_listens()
{
	tcpclient -RHl0 127.0.0.1 "$smtp" true 2>/dev/null
}
which_services_do_not_run_body()
{
	begin
	check 2 services 'smtp is not supervised'
	system_start || atf_fail "not started"
	check 0 services
	until_true 'as_user mail-check ports >said 2>&1' # a handshake on a busy machine may take too long
	# one that is up, and does not say that it is ready
	change 'cp service/spf/run kept && printf "#!/bin/sh\nexec sleep 1000\n" >service/spf/run && s6-svc -wd -r service/spf'
	until_true 'as_user mail-check services >said 2>&1; grep -q "spf has been up for" said'
	change 'mv kept service/spf/run && s6-svc -wR -r service/spf'
	change 's6-svdt-clear service/spf'
	check 0 services
	change 'cp service/origin/env/CONCURRENCY kept; echo 3 >service/origin/env/CONCURRENCY'
	check 1 services 'service/origin/env/CONCURRENCY is 3, and [0-9]* may come by smtp'
	change 'cp service/smtp/env/CONCURRENCY kept2; echo 3 >service/smtp/env/CONCURRENCY'
	check 0 services
	change 'mv kept2 service/smtp/env/CONCURRENCY; mv kept service/origin/env/CONCURRENCY'
	change 'mv run/relay.sock run/away'
	check 2 services 'run/relay.sock is missing'
	change 'mv run/away run/relay.sock; mv run/queue.sock run/away'
	check 2 services 'run/queue.sock is missing'
	change 'mv run/away run/queue.sock'
	change 's6-svc -d service/pop3 && s6-svwait -D service/pop3'
	check 2 services 'pop3 is down'
	check 2 ports 'pop3, port .* does not answer'
	change 's6-svc -wU -u service/pop3'
	change 'for i in 1 2 3 4; do s6-svc -wR -r service/relay; done'
	check 2 services 'relay has died [4-9] times'
	change 's6-svdt-clear service/relay'
	change 's6-svc -d service/smtp; s6-svwait -D service/smtp'
	tcpserver -HRl0 127.0.0.1 "$smtp" printf '220 mx.example.test ESMTP Other\r\n' 2>/dev/null &
	echo $! >world.pid
	await other_listens
	check 2 ports 'another server has port'
	kill "$(cat world.pid)"
	rm world.pid
	export other=::1
	has_ipv6 || other=127.0.0.2
	tcpserver -HRl0 "$other" "$smtp" printf '220 mx.example.test ESMTP facteur\r\n' 2>/dev/null &
	echo $! >world.pid
	change 'cp service/smtp/env/IP . && echo $other >service/smtp/env/IP'
	until_true 'tcpclient -RHl0 $other "$smtp" true 2>/dev/null'
	check 0 ports
	kill "$(cat world.pid)"
	rm world.pid
	change 'mv IP service/smtp/env/IP'
	change 'for s in pop3s web; do s6-svc -d service/$s; s6-svwait -D service/$s; done'
	check 2 ports 'pop3s, port .* does not speak TLS'
	system_stop
}
which_services_do_not_run_cleanup()
{
	system_kill
}

atf_test_case says_it_in_json cleanup
says_it_in_json_head()
{
	atf_set require.progs "$needed"
}
says_it_in_json_body()
{
	begin
	printf 'a"b\\c\n' | as_user tee home/control/databytes >/dev/null
	as_user mail-check -j control relay >said
	atf_check /usr/bin/python3 - <<-'END'
		import json
		f = [json.loads(l) for l in open("said")]
		assert [x["level"] for x in f] == ["broken"], f
		assert f[0]["area"] == "control" and f[0]["do"], f
	END
	change 'echo 1000000 >control/databytes'
	as_user mail-check -v control relay >said || atf_fail "$(cat said)"
	atf_check -o inline:'all is well: control relay\n' cat said
	as_user mail-check nonsense 2>err
	[ $? = 111 ] || atf_fail "nonsense is taken"
	atf_check -o match:'nonsense: none of' cat err
	FACTEUR_HOME=$PWD/none atf_check -s exit:111 -e match:'unable to enter' mail-check
	mkdir none
	FACTEUR_HOME=$PWD/none atf_check -s exit:111 -e match:'is no home of a mail system' mail-check
	change 'mv control/me away'
	check 2 control "broken: control: control/me can't be read"
}
says_it_in_json_cleanup()
{
	system_kill
}

atf_init_test_cases()
{
	atf_add_test_case what_is_wrong_in_the_files
	atf_add_test_case what_is_wrong_with_users_and_queue
	atf_add_test_case what_is_wrong_with_the_folders
	atf_add_test_case what_is_wrong_with_the_disk
	atf_add_test_case what_does_not_belong_to_whom_it_should
	atf_add_test_case what_is_wrong_with_the_certificate
	atf_add_test_case what_the_dns_lacks
	atf_add_test_case which_services_do_not_run
	atf_add_test_case says_it_in_json
}
