# system.sh: a private system and a private rest of the world, for the demo and the tests of
# whole journeys.  To be read by a POSIX shell, with $build set to the folder that
# holds bin/ and share/, and $system_source to this one.  Everything stands in the working directory; when root runs it, the
# system itself runs as nobody.

bin=$build/bin
. "$system_source/../lib/until.sh"

# become_user COMMAND...: go on as an ordinary user with COMMAND; in the background $! is its pid.
become_user() {
	if [ "$(id -u)" = 0 ]; then
		exec setpriv --reuid=nobody --regid=nogroup --clear-groups "$@"
	else
		exec "$@"
	fi
}

# as_user COMMAND...: an ordinary user's work.
as_user() {
	(become_user "$@")
}

# system_admin PROGRAM...: one of ours, on the private home.
system_admin() {
	as_user env FACTEUR_HOME="$PWD/home" PATH="$bin:$PATH" "$@"
}

# free_base: a number such that the ports above it that mail-setup uses are free, and that of the DNS.
free_base() {
	"$system_source/../lib/ports.py" base
}

# system_make DOMAIN...: make the home.  Sets $base; the ports are $smtp, $submission, $pop3.
system_make() {
	base=$(free_base)
	smtp=$((base + 25)) submission=$((base + 587)) pop3=$((base + 110))
	mkdir -p home
	[ "$(id -u)" != 0 ] || chown nobody:nogroup home
	as_user "$bin/mail-setup" -u -i 127.0.0.1 -p "$base" -m mx.example.test \
	    "$PWD/home" "$@" >setup.out || return
	# one retry a second, so that nobody has to wait in a test
	echo 1 | as_user tee home/control/retry >/dev/null
	# our own network: the clients that may relay
	echo 127.0.0.2 | as_user tee home/control/relayclients >/dev/null
}

# system_start: start it, and wait until every service is ready.
system_start() {
	# in a session of its own: who kills the group of a test must not orphan the services
	become_user setsid s6-svscan "$PWD/home/service" >svscan.out 2>&1 &
	svscan=$!
	echo $svscan >svscan.pid
	await as_user s6-svscanctl -a home/service 2>/dev/null || return
	for service in home/service/*/; do
		await as_user s6-svok "$service" || return
	done
	as_user s6-svwait -U -t 60000 home/service/*/
}

# system_stop: stop it and wait for the end of all of it.
system_stop() {
	[ -n "$svscan" ] || return 0
	as_user s6-svscanctl -t home/service 2>/dev/null
	wait "$svscan"
	svscan=
}

# system_kill: end whatever of a system and its world is left over in this folder.
system_kill() {
	for file in world.pid dns.pid; do
		[ ! -s $file ] || kill "$(cat $file)" 2>/dev/null
	done
	[ -s svscan.pid ] && kill -0 "$(cat svscan.pid)" 2>/dev/null || return 0
	as_user s6-svscanctl -t home/service
	await is_gone "$(cat svscan.pid)" && return
	for service in home/service/*/ home/service/*/log/; do
		as_user s6-svc -dx "$service"
		as_user s6-svc -k "$service"
	done
	await is_gone "$(cat svscan.pid)" || kill -9 "$(cat svscan.pid)"
}

# is_gone PID
is_gone() {
	! kill -0 "$1" 2>/dev/null
}

# world_start: DNS (dnsmasq) and an independent mail server for the domain world.test, and
# none for the rest; the home's control files point there.  Sets $world, its port.
world_start() {
	mkdir -p world
	[ "$(id -u)" != 0 ] || chown nobody:nogroup world
	become_user /usr/bin/python3 "$system_source/world.py" 127.0.0.1 "$PWD/world" >world.port 2>world.err &
	world_pid=$!
	echo $world_pid >world.pid
	await test -s world.port
	world=$(cat world.port)
	dns=$((base + 53))
	cat >dnsmasq.conf <<-EOF
	port=$dns
	listen-address=127.0.0.1
	bind-interfaces
	no-resolv
	no-hosts
	no-daemon
	user=
	local=/test/
	mx-host=world.test,mx.world.test,10
	mx-host=world.test,mx2.world.test,20
	host-record=mx.world.test,127.0.0.1
	host-record=mx2.world.test,127.0.0.1
	host-record=plain.test,127.0.0.1
	dns-rr=null.test,15,000000
	mx-host=loop.test,mx.example.test,10
	EOF
	become_user "$(PATH=$PATH:/usr/sbin:/sbin command -v dnsmasq)" -k --conf-file="$PWD/dnsmasq.conf" \
	    --pid-file= >dns.out 2>&1 &
	dns_pid=$!
	echo $dns_pid >dns.pid
	echo "127.0.0.1:$dns" | as_user tee home/control/resolvers >/dev/null
	# the world is on the loopback
	as_user tee home/control/neverto >/dev/null </dev/null
	echo "$world" | as_user tee home/control/mxport >/dev/null
}

# world_stop: stop both.
world_stop() {
	[ -z "$world_pid" ] || kill "$world_pid" 2>/dev/null
	[ -z "$dns_pid" ] || kill "$dns_pid" 2>/dev/null
	wait "$world_pid" "$dns_pid" 2>/dev/null
	world_pid= dns_pid=
}

# mailbox ADDRESS PASSWORD: add one.
mailbox() {
	printf '%s\n' "$2" | system_admin mail-user add "$1"
}

# maildir ADDRESS: where its mail is.
maildir() {
	echo "home/mail/${1#*@}/${1%%@*}/Maildir"
}

# mailboxes_empty: take away what is in the mailboxes and in the world.
mailboxes_empty() {
	rm -f home/mail/*/*/Maildir/new/* home/mail/*/*/Maildir/cur/* \
	    home/mail/*/*/Maildir/maildirsize world/[0-9]*
}

# count ADDRESS: how many messages it has.
count() {
	find "$(maildir "$1")/new" "$(maildir "$1")/cur" -type f 2>/dev/null | wc -l
}

# await_queue_empty: wait until every message has been seen to.
queue_empty() {
	[ -z "$(find home/queue/new home/queue/later -type f)" ]
}
await_queue_empty() {
	await queue_empty
}

# send FROM-IP FROM TO SUBJECT: hand a message over by SMTP, with swaks as a stranger's mail program;
# prints the dialogue and returns what swaks does.
send() {
	swaks --server 127.0.0.1 --port "$smtp" --local-interface "$1" --helo client.test \
	    --from "$2" --to "$3" --header "Subject: $4" --body "This is $4." 2>&1
}

# id_of DIALOGUE: the message ID that the server's replies named.
id_of() {
	printf '%s\n' "$1" | grep '^<' | grep -oE '\b[0-9a-z]{24}\b' | tail -n 1
}
