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

facteur_start() {
	facteur=$work/facteur
	facteur_base=$(free_base)
	mkdir "$facteur" && cp -R "$build/bin" "$build/share" "$facteur" || return 1
	one_user=-u
	[ -z "$BENCH_ROOT" ] || one_user=
	[ "$(id -u)" != 0 ] || [ -z "$one_user" ] || chown nobody "$facteur"
	PATH=$facteur/bin:$PATH
	FACTEUR_HOME=$facteur/home
	export PATH FACTEUR_HOME
	facteur_as_user mail-setup $one_user -i 127.0.0.1 -p "$facteur_base" -m mx.bench.example \
	    "$FACTEUR_HOME" "$domain" >"$facteur/log" || return 1
	for i in $(seq "$boxes"); do
		echo secret | facteur_as_user mail-user add "box$i@$domain" || return 1
	done
	facteur_as_user s6-svscan "$FACTEUR_HOME/service" 2>"$facteur/svscan.log" &
	facteur_pid=$!
	for service in "$FACTEUR_HOME"/service/*/; do
		wait_until 10 s6-svok "$service" 2>/dev/null || return 1
		[ ! -e "$service/notification-fd" ] ||
		    facteur_as_user s6-svwait -U -t 10000 "$service" || return 1
	done
}

facteur_stop() {
	s6-svscanctl -t "$FACTEUR_HOME/service"
	wait_until 20 is_gone "$facteur_pid" || kill "$facteur_pid"
}

facteur_system() {
	root=$facteur_pid
	smtp_port=$((facteur_base + 25))
	pop3_port=$((facteur_base + 110))
	maildir_format=$FACTEUR_HOME/mail/$domain/box%g/Maildir
}

# End the processes that only wait for more work.
facteur_quiet() {
	:
}
