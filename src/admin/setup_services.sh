# The services of a home, each for its users, ports and limits.

# setting NAME VALUE: a file of the env/ of the service in $folder, unless the value is empty
setting()
{
	[ -z "$2" ] || [ -e "$folder/env/$1" ] || write "$folder/env/$1" "$2"
}

# know_setting NAME: as $now; nothing when it isn't there
know_setting()
{
	now=
	[ ! -e "$folder/env/$1" ] || IFS= read -r now <"$folder/env/$1" || : # no line is no trouble
}

# follow NAME VALUE: as setting, for what names this home or a user of it.  It is corrected when the
# home was moved, or restored where the users have other numbers: then nothing else can be right.
follow()
{
	setting "$1" "$2"
	know_setting "$1"
	[ -n "$2" ] && [ "$now" != "$2" ] || return 0
	echo "mail-setup: $home/$folder/env/$1 was $now and is now $2: restart the service"
	write "$folder/env/$1" "$2"
}

# follow_programs: PATH, which an admin may have extended, follows only when it leads to none of ours
follow_programs()
{
	know_setting PATH
	[ -n "$now" ] && (
		IFS=:
		for place in $now; do
			[ ! -x "$place/run-alone" ] || exit 0
		done
		exit 1
	) || follow PATH "$programs:/usr/local/bin:/usr/bin:/bin"
}

# identity USER GROUP CLIENT: as whom it runs (-: as we do), and who may connect to its socket
identity()
{
	[ "$1" = - ] || follow SERVICE_UID "$(uid "$1")"
	[ "$2" = - ] || follow SERVICE_GID "$(gid "$2")"
	[ -z "$3" ] || follow CLIENT_UID "$(uid "$3")"
}

# clients USER...: who may ask tls-wrap or dns-serve, of those who are not us
clients()
{
	[ -n "$as_caller" ] || follow CLIENT_UIDS "$(for user; do uid "$user"; done | tr '\n' ' ')"
}

# injectors USER: who may give messages to the queue, of those who are not us or root.  They are of the
# queue's group; the admin may have named more.
injectors()
{
	[ -z "$as_caller" ] || return 0
	follow CLIENT_GID "$(gid queue)"
	know_setting QUEUE_CLIENTS
	case " $now " in
	*" $(uid "$1") "*) ;;
	*) follow QUEUE_CLIENTS "$(uid "$1")" ;;
	esac
}

# listen PORT
listen()
{
	setting IP "$ip"
	setting PORT $((base + $1))
}

# port SERVICE NUMBER: at which it listens, or will when it is made; NUMBER is that of the protocol
port()
{
	head -n 1 "service/$1/env/PORT" 2>/dev/null | grep . || echo $((base + $2))
}

# share COUNT: of the connections that a service takes at once, as peer-limit allows it
share()
{
	[ "$1" -ge 1 ] && [ "$1" -le 4096 ] && echo "$1" || echo 4096
}

# peers: one client, or one network, can't have all connections.  Behind a loopback address all
# clients have the same one.
peers()
{
	know_setting IP
	case $now in
	127.* | ::1 | ::ffff:127.*) return ;;
	esac
	know_setting CONCURRENCY
	is_number "$now" || return 0
	setting PEERS "$(share $(((now + 1) / 2)))"
	setting PEERS_NETWORK "$(share $(((now * 3 + 3) / 4)))"
}

# settle_sink HAD: what smtp hands its messages to is a setting of its own now; who has chosen filters
# before that keeps them, and what they end in.
settle_sink()
{
	[ -z "$1" ] && [ -e "$folder/env/FILTERS" ] || return 0
	if [ "$(cat "$folder/env/FILTERS")" = origin-check ] && grep -q SINK "$folder/run"; then
		: >"$folder/env/FILTERS"
	else
		: >"$folder/env/SINK"
	fi || defer "unable to write in $home/$folder/env"
}

# complete_service NAME: what depends on this home, in $folder
complete_service()
{
	[ -d "$folder/env" ] || mkdir "$folder/env" || defer "unable to make $home/$folder"
	follow FACTEUR_HOME "$home"
	follow_programs
	follow LOG_UID "$(uid log)"
	follow LOG_GID "$(gid log)"
	case $1 in
	smtp) listen 25 && identity smtp queue && peers ;;
	submission) listen 587 && identity smtp queue && peers ;;
	submit) identity smtp queue ;;
	submissions) listen 465 && identity smtp queue && peers ;;
	pop3) listen 110 && identity pop3 pop3 && peers ;;
	pop3s) listen 995 && identity pop3 pop3 && peers ;;
	web) listen 443 && identity web web && peers ;;
	tls) identity tls tls && clients smtp pop3 send web ;;
	accept) identity queue queue && injectors smtp ;;
	queue) identity queue queue ;;
	send) identity send send queue ;;
	deliver)
		identity - - queue
		setting QUEUE_UID "$(uid queue)"
		setting QUEUE_GID "$(gid queue)"
		;;
	check | auth) identity - - smtp ;;
	relay | spf | origin) identity smtp queue smtp ;;
	dmarc | tlsreport) identity smtp queue ;;
	sts) identity sts sts send ;;
	dns) identity dns dns && clients smtp ;;
	dkim)
		identity dkim dkim
		follow CLIENT_GID "$(gid queue)"
		;;
	pop3auth) identity - - pop3 ;;
	esac
}

# Let s6-supervise make what it keeps in each of the folders, so that s6-svwait finds it even when
# it comes before s6-svscan has begun.
prepare()
{
	[ $# -gt 0 ] || return 0
	for folder; do
		: >"$folder/down"
		s6-supervise "$folder" &
	done
	tries=0
	for folder; do
		until s6-svc -x "$folder" 2>/dev/null; do
			tries=$((tries + 1))
			[ "$tries" -lt 300 ] || defer "unable to run s6-supervise $home/$folder"
			sleep 0.1
		done
	done
	wait
	for folder; do
		rm "$folder/down"
	done
}

# make_fresh NAME...: services that have not been here.  They appear all at once, for s6-svscan may be looking.
make_fresh()
{
	rm -rf service/.new && mkdir service/.new && (cd "$templates" && cp -R "$@" "$home/service/.new") ||
		defer "unable to make services in $home/service"
	for name; do
		folder=service/.new/$name
		complete_service "$name"
	done
	prepare service/.new/*
	mv service/.new/* service && rmdir service/.new || defer "unable to make services in $home/service"
}

# One that we made once, and that is no more, was taken away by the admin.
make_services()
{
	put service/.made </dev/null
	made=$(cat service/.made) present='' fresh='' unknown=
	for name in $services; do
		[ "$name" != web ] || command -v busybox >/dev/null || continue
		if [ -d "service/$name" ]; then
			present="$present $name"
		elif ! is_listed "$name" "$made"; then
			fresh="$fresh $name"
		fi
		is_listed "$name" "$made" || unknown=$unknown$name$newline
	done
	# shellcheck disable=SC2086
	differing=$(differ $present)
	for name in $present; do
		folder=service/$name
		had=
		[ ! -e "$folder/env/SINK" ] || had=1
		refresh_service "$name"
		[ "$name" != smtp ] || settle_sink "$had"
		complete_service "$name"
	done
	# shellcheck disable=SC2086
	[ -z "$fresh" ] || make_fresh $fresh
	printf %s "$unknown" >>service/.made || defer "unable to write $home/service/.made"
}
