#! /usr/bin/env atf-sh
# The services under s6, as mail-setup makes them.
PATH=$(atf_get_srcdir)/../../bin:$PATH
. "$(atf_get_srcdir)/setup.sh"
. "$(atf_get_srcdir)/../lib/until.sh"

# begin [ARGUMENT...]: make a home (with the mailbox bob), run it, and wait until it is ready
begin()
{
	place
	export FACTEUR_HOME=$home
	base=$(free_base)
	$setup -p $base "$home" example.test >/dev/null || atf_fail setup
	echo secret | $user mail-user add bob@example.test || atf_fail mail-user
	run "$home"
}

launch()
{
	echo "$1" >running
	$user s6-svscan "$1/service" >svscan.out 2>&1 &
	svscan=$!
}

run()
{
	launch "$1"
	$user s6-svwait -t 60000 -U "$1"/service/* || atf_fail 'not ready'
}

ready()
{
	$user s6-svwait -t 60000 -U "$home"/service/*
}

# processes HOME: those that run for it
processes()
{
	grep -lsaF "FACTEUR_HOME=$1" /proc/[0-9]*/environ | cut -d / -f 3 |
		xargs -r ps -o pid=,ppid=,stat=,args= -p | grep -v -e atf -e ' Z' -e service_test \
		-e xargs -e grep
	pgrep -a -f "^s6-(svscan|supervise) $1/"
}

# What a failed test leaves is ended here.
end()
{
	[ -e running ] || return 0
	home=$(cat running)
	s6-svscanctl -t "$home/service" 2>/dev/null
	# by the clock, for to look takes long on a busy machine
	late=$(($(date +%s) + 10))
	while [ "$(date +%s)" -lt $late ]; do
		[ -n "$(processes "$home")" ] || return 0
		sleep 0.1
	done
	processes "$home" | while read -r pid rest; do kill -9 "$pid" || :; done
}

# The process of a service or of its log; what supervises it
pid_of()
{
	$user s6-svstat -o pid "$home/service/$1"
}

supervisor_of()
{
	pgrep -P $svscan -f "^s6-supervise $1\$"
}

# revive PID_OF SERVICE: kill -9 the process that this tells, and wait for the next one
revive()
{
	old=$($1 $2)
	kill -9 "$old" || atf_fail "no process of $2"
	until_true "new=\$($1 $2) && [ \$new -gt 0 ] && [ \$new != $old ]"
}

send()
{
	/usr/bin/python3 - "$((base + 25))" "$@" <<-'EOF'
	import smtplib, sys
	client = smtplib.SMTP("127.0.0.1", int(sys.argv[1]), timeout=20)
	client.sendmail("eve@far.test", sys.argv[2:], "Subject: hello\r\n\r\nhello\r\n")
	client.quit()
	EOF
}

atf_test_case every_service_is_ready_and_logs cleanup
every_service_is_ready_and_logs_body()
{
	begin
	send bob@example.test
	until_true '[ -n "$(ls $home/mail/example.test/bob/Maildir/new)" ]'
	for service in "$home"/service/*; do
		name=$(basename "$service")
		atf_check -o match:'^up .* ready' $user s6-svstat "$service"
		atf_check -o match:'^up .* ready' $user s6-svstat "$service/log"
		atf_check test -f "$home/log/$name/current"
	done
	for name in smtp queue deliver; do
		atf_check -o match:'^@[0-9a-f]{24} .*at=[a-z0-9-]* event=' cat "$home/log/$name/current"
	done
}
every_service_is_ready_and_logs_cleanup()
{
	end
}

atf_test_case stops_cleanly_with_sessions_open cleanup
stops_cleanly_with_sessions_open_body()
{
	begin
	/usr/bin/python3 -c '
import socket, sys
ends = [socket.create_connection(("127.0.0.1", int(sys.argv[1]) + port)) for port in (25, 110, 587)]
for end in ends: end.recv(100)
print("open", flush=True)
for end in ends: end.recv(100)' $base >session &
	until_true 'grep -q open session'
	atf_check $user s6-svscanctl -t "$home/service"
	wait $svscan || atf_fail "s6-svscan ended with $?"
	[ -z "$(processes "$home")" ] || atf_fail "left: $(processes "$home")"
}
stops_cleanly_with_sessions_open_cleanup()
{
	end
}

atf_test_case comes_back_after_kill_9 cleanup
comes_back_after_kill_9_body()
{
	begin
	for service in smtp submission pop3 queue deliver check send auth pop3auth; do
		revive pid_of $service
		revive pid_of $service/log
		# The next supervisor ends what the old one has left, and starts it anew.
		orphan=$(pid_of $service)
		revive supervisor_of $service
		until_true "[ \$(pid_of $service) != $orphan ]"
		revive supervisor_of $service/log
	done
	ready || atf_fail "not ready"
	send bob@example.test
	until_true '[ -n "$(ls $home/mail/example.test/bob/Maildir/new)" ]'
	atf_check -o match:hello curl -sS "pop3://127.0.0.1:$((base + 110))/1" \
	    -u bob@example.test:secret
	atf_check $user s6-svscanctl -t "$home/service"
	wait $svscan
	[ -z "$(processes "$home")" ] || atf_fail "left: $(processes "$home")"
}
comes_back_after_kill_9_cleanup()
{
	end
}
comes_back_after_kill_9_head()
{
	atf_set timeout 280
}

# adopted: has each supervisor the s6-svscan of now as its parent?
adopted()
{
	for service in "$home"/service/*/; do
		name=$(basename "$service")
		[ -n "$(supervisor_of $name)" ] && [ -n "$(supervisor_of $name/log)" ] || return 1
	done
}

atf_test_case comes_back_when_s6_svscan_was_killed cleanup
comes_back_when_s6_svscan_was_killed_body()
{
	begin
	adopted || atf_fail 'not all have a supervisor'
	kill -9 "$(pgrep -f "^s6-svscan $home/")"
	wait $svscan
	# all goes on
	send bob@example.test
	until_true '[ "$(ls $home/mail/example.test/bob/Maildir/new | wc -l)" = 1 ]'
	processes "$home" | awk '/s6-log|svscan-await/ { print $1 }' | sort >before
	loggers=$(processes "$home" | grep -c s6-log)
	launch "$home"
	# that the supervisors of the first one end here is no failure to be ready
	until_true 'svscan=$(pgrep -f "^s6-svscan $home/") && adopted'
	ready || atf_fail 'not ready'
	# nothing is there twice, and nothing is left
	processes "$home" | awk '/s6-log|svscan-await/ { print $1 }' | sort >after
	# what awaits another s6-svscan is begun anew time and again, and may just not be there
	atf_check_equal "$loggers" "$(processes "$home" | grep -c s6-log)"
	atf_check -o empty comm -12 before after
	atf_check -o match:event=takeover cat "$home/log/watch/current"
	cp svscan.out complaints
	send bob@example.test
	until_true '[ "$(ls $home/mail/example.test/bob/Maildir/new | wc -l)" = 2 ]'
	until_true 'grep -q event=accepted $home/log/smtp/current'
	sleep 2
	atf_check cmp complaints svscan.out
	atf_check $user s6-svscanctl -t "$home/service"
	until_true '[ -z "$(processes "$home")" ]'
}
comes_back_when_s6_svscan_was_killed_cleanup()
{
	end
}

atf_test_case alarm_makes_what_is_deferred_due cleanup
alarm_makes_what_is_deferred_due_body()
{
	begin
	# Nobody listens there.
	echo ":127.0.0.1:1" | $user tee "$home/control/smtproutes" >/dev/null
	echo 127.0.0.1 | $user tee "$home/control/relayclients" >/dev/null
	send x@far.test
	until_true 'grep -q "event=deferred.* tries=1" $home/log/queue/current'
	atf_check $user s6-svc -a "$home/service/queue"
	until_true 'grep -q "event=deferred.* tries=2" $home/log/queue/current'
}
alarm_makes_what_is_deferred_due_cleanup()
{
	end
}

# greetings HELD PORT...: what these ports say while a connection to the port HELD is open
greetings()
{
	/usr/bin/python3 - $base "$@" <<-'EOF'
	import socket, sys
	base, held, *ports = map(int, sys.argv[1:])
	def come(port):
	    s = socket.create_connection(("127.0.0.1", base + port), timeout=20)
	    return s
	def hear(s):
	    try:
	        return s.recv(100).decode()[:4].strip() or "closed"
	    except ConnectionError:
	        return "closed"
	first = come(held)
	print(hear(first), *[hear(come(port)) for port in ports])
	EOF
}

atf_test_case peers_have_their_places cleanup
peers_have_their_places_head()
{
	atf_set require.user root
}
peers_have_their_places_body()
{
	chmod 755 .
	user= home=$PWD/home base=$(free_base)
	export FACTEUR_HOME=$home
	mail-setup -i 127.0.0.1 -p $base home example.test >/dev/null || atf_fail setup
	for service in smtp submission submissions pop3 pop3s; do
		echo 1 >home/service/$service/env/PEERS
		echo 7 >home/service/$service/env/PEERS_NETWORK
	done
	run "$home"
	greetings 25 25 587 465 110 >said
	atf_check -o inline:'220 421 421 closed +OK\n' cat said
	greetings 110 110 995 25 >said
	atf_check -o inline:'+OK -ERR closed 220\n' cat said
	atf_check -o match:'at=peer-limit event=refused .*too many connections' \
	    cat home/log/pop3/current
}
peers_have_their_places_cleanup()
{
	end
}

atf_test_case services_run_as_their_own_users cleanup
services_run_as_their_own_users_head()
{
	atf_set require.user root
}
services_run_as_their_own_users_body()
{
	chmod 755 .
	user= home=$PWD/home base=$(free_base)
	export FACTEUR_HOME=$home
	mail-setup -i 127.0.0.1 -p $base home example.test >/dev/null || atf_fail setup
	echo secret | mail-user add bob@example.test || atf_fail mail-user
	run "$home"
	for pair in smtp:smtp submission:smtp pop3:pop3 queue:queue send:send; do
		atf_check -o inline:"facteur-${pair#*:}\n" \
		    ps -o user:20= -p "$(s6-svstat -o pid "home/service/${pair%:*}")"
		atf_check -o inline:"facteur-log\n" \
		    ps -o user:20= -p "$(s6-svstat -o pid "home/service/${pair%:*}/log")"
	done
	for pair in deliver:queue send:queue check:smtp auth:smtp pop3:pop3; do
		atf_check -o inline:"600 facteur-${pair#*:}\n" \
		    stat -c '%a %U' "home/run/${pair%:*}.sock"
	done
	send bob@example.test postmaster@example.test
	until_true '[ -n "$(ls home/mail/example.test/bob/Maildir/new)" ]'
	atf_check -o inline:'facteur-mail 600\n' stat -c '%U %a' home/mail/example.test/bob/Maildir/new/*
	atf_check -o match:hello curl -sS "pop3://127.0.0.1:$((base + 110))/1" \
	    -u bob@example.test:secret
	atf_check s6-svscanctl -t home/service
	wait $svscan
	[ -z "$(processes "$home")" ] || atf_fail "left: $(processes "$home")"
}
services_run_as_their_own_users_cleanup()
{
	end
}

atf_init_test_cases()
{
	atf_add_test_case every_service_is_ready_and_logs
	atf_add_test_case stops_cleanly_with_sessions_open
	atf_add_test_case comes_back_after_kill_9
	atf_add_test_case comes_back_when_s6_svscan_was_killed
	atf_add_test_case alarm_makes_what_is_deferred_due
	atf_add_test_case peers_have_their_places
	atf_add_test_case services_run_as_their_own_users
}
