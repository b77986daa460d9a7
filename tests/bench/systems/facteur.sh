# The system that was built, in a private home, started as its users start it.

# Succeeds, with the reason on standard output, when it can't be measured.
facteur_missing() {
	for program in mail-setup mail-user smtp-recv queue-run local-deliver; do
		[ -x "$build/bin/$program" ] || {
			echo "$program is not built"
			return 0
		}
	done
	return 1
}

# In a home of one user, nothing of it runs as root: whoever is root here becomes nobody.
facteur_as_user() {
	if [ "$(id -u)" = 0 ] && [ -z "$BENCH_ROOT" ]; then
		s6-setuidgid nobody "$@"
	else
		"$@"
	fi
}

# begin_home NAME LAUNCHER: a home $work/NAME, whose connections are taken by that program.  Where
# messages come from is checked, and those of our own are signed, only when $checks says so: the peers
# do neither.
begin_home()
{
	facteur=$work/$1
	base=$(free_base)
	mkdir "$facteur" && cp -R "$build/bin" "$build/share" "$facteur" || return 1
	one_user=-u
	[ -z "$BENCH_ROOT" ] || one_user=
	[ "$(id -u)" != 0 ] || [ -z "$one_user" ] || chown nobody "$facteur"
	PATH=$facteur/bin:$PATH
	FACTEUR_HOME=$facteur/home
	export PATH FACTEUR_HOME
	facteur_as_user mail-setup $one_user -i 127.0.0.1 -p "$base" -m mx.bench.example \
	    "$FACTEUR_HOME" "$domain" >"$facteur/log" || return 1
	for service in smtp submission; do
		echo "$2" >"$FACTEUR_HOME/service/$service/env/LAUNCHER"
		[ -n "$checks" ] || : >"$FACTEUR_HOME/service/$service/env/FILTERS"
		[ -n "$checks" ] || : >"$FACTEUR_HOME/service/$service/env/SINK"
		[ -n "$checks" ] || : >"$FACTEUR_HOME/service/$service/env/OWN_FILTERS"
	done
	[ -n "$checks" ] || : >"$FACTEUR_HOME/service/smtp/env/SPF"
	[ -z "$checks" ] || echo "127.0.0.1:$checks" >"$FACTEUR_HOME/control/resolvers"
	# one more: for everybody, as on port 25, with TLS from the start
	service=$FACTEUR_HOME/service/smtps
	cp -Rp "$FACTEUR_HOME/service/smtp" "$service" && echo $((base + 26)) >"$service/env/PORT" &&
	    sed -i -e 's/^smtp-recv -l "[^"]*"/& -t/; s/^smtp-recv -l "/&-q /' "$service/run" &&
	    cp -Rp "$FACTEUR_HOME/log/smtp" "$FACTEUR_HOME/log/smtps" &&
	    sed -i -e 's|log/smtp"|log/smtps"|' "$service/log/run" || return 1
	awk '{ print $1 ":" $2 ":" $3 }' "$work/routes" >"$FACTEUR_HOME/control/smtproutes" || return 1
	# who is a client of ours is not checked
	[ -n "$checks" ] || echo 127.0.0.1 >"$FACTEUR_HOME/control/relayclients" || return 1
	for i in $(seq "$boxes"); do
		echo secret | facteur_as_user mail-user add "box$i@$domain" || return 1
	done
	# as an init system does: each process of a connection is given the whole environment
	facteur_as_user env -i PATH="$PATH" s6-svscan "$FACTEUR_HOME/service" 2>"$facteur/svscan.log" &
	echo "$! $base" >"$facteur/begun"
	for service in "$FACTEUR_HOME"/service/*/; do
		wait_until 10 s6-svok "$service" 2>/dev/null || return 1
		[ ! -e "$service/notification-fd" ] ||
		    facteur_as_user s6-svwait -U -t 10000 "$service" || return 1
	done
}

# end_home NAME
end_home()
{
	read -r pid base <"$work/$1/begun"
	s6-svscanctl -t "$work/$1/home/service"
	wait_until 20 is_gone "$pid" || kill "$pid"
}

# choose_home NAME: for what is measured from here on
choose_home()
{
	FACTEUR_HOME=$work/$1/home
	read -r root base <"$work/$1/begun"
	smtp_port=$((base + 25))
	smtps_port=$((base + 26))
	pop3_port=$((base + 110))
	maildir_format=$FACTEUR_HOME/mail/$domain/box%g/Maildir
}

facteur_start() {
	begin_home facteur tcpserver
}

facteur_stop() {
	end_home facteur
}

facteur_system() {
	choose_home facteur
}

# End the processes that only wait for more work.
facteur_quiet() {
	:
}

# The same with tcp-listen, which starts the programs of connections without a copy of itself.
listen_missing() {
	facteur_missing
}

listen_start() {
	begin_home listen tcp-listen
}

listen_stop() {
	end_home listen
}

listen_system() {
	choose_home listen
}

listen_quiet() {
	:
}

# "listen" with what mail-setup makes: spf-check and origin-check for what comes on port 25, with a DNS
# of its own, which knows the sender.
checked_missing() {
	facteur_missing
}

checked_start() {
	openssl genrsa -out "$work/dkim.pem" 2048 2>/dev/null || return 1
	key=$(openssl rsa -in "$work/dkim.pem" -pubout -outform DER 2>/dev/null | base64 -w 0)
	checks=$(free_base)
	cat >"$work/dnsmasq.conf" <<-EOF
		port=$checks
		listen-address=127.0.0.1
		bind-interfaces
		no-resolv
		no-hosts
		no-daemon
		user=
		local-ttl=3600
		neg-ttl=3600
		local=/example/
		txt-record=$domain,"v=spf1 ip4:127.0.0.1 -all"
		txt-record=_dmarc.$domain,"v=DMARC1; p=reject"
		txt-record=_dmarc.example,"none: that it is not there could not be remembered without an SOA"
		txt-record=bench._domainkey.$domain,"v=DKIM1; p=$(echo "$key" | sed 's/.\{200\}/&","/g')"
	EOF
	"$(PATH=$PATH:/usr/sbin:/sbin command -v dnsmasq)" -k --conf-file="$work/dnsmasq.conf" \
	    --pid-file= >"$work/dnsmasq.log" 2>&1 &
	checked_dns=$!
	begin_home checked tcp-listen
	code=$?
	checks=
	return "$code"
}

checked_stop() {
	end_home checked
	kill "$checked_dns"
}

checked_system() {
	choose_home checked
}

checked_quiet() {
	:
}
