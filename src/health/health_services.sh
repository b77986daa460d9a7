# The services: do they run, do they answer?

restarts_max=3 # in an hour

# service_names: those that are not switched off
service_names()
{
	for folder in service/*/; do
		[ ! -e "$folder/down" ] || continue
		basename "$folder"
	done
}

check_services()
{
	for name in $(service_names); do
		state=$(s6-svstat -o up,ready,updownfor "service/$name" 2>"$work/said")
		if [ -z "$state" ]; then
			case $(cat "$work/said") in
			*ermission*) warning "service/$name can't be looked at" 'run mail-check as root' && return ;;
			esac
			broken "$name is not supervised" "s6-svscan $home/service runs all of them; s6-svscanctl -a makes it look for new ones"
			continue
		fi
		case $state in
		'true true '*) find_socket "$name" ;;
		'true '*) warning "$name has been up for ${state##* } seconds and is not ready" "look at log/$name" ;;
		*) [ "$name" = watch ] || broken "$name is down" "look at log/$name; s6-svc -u $home/service/$name starts it" ;;
		esac
		[ "$name" = watch ] || restarted "$name"
	done
	find_places
}

# places NAME: the messages, or connections, that the service takes at once
places()
{
	sed -n '1s/^\([0-9]\{1,9\}\)$/\1/p' "service/$1/env/CONCURRENCY" 2>/dev/null
}

# find_places: has each filter behind a socket a place for every client of the services before it?  Those
# who wait for one hold their own.
find_places()
{
	sed -n -s '1s|^filter:run/\([a-z0-9]*\)\.sock$|\1|p' service/*/env/SINK 2>/dev/null | sort -u >"$work/filters"
	while read -r filter; do
		has=$(places "$filter")
		[ -n "$has" ] || continue
		needed=0 before=
		for name in $(service_names); do
			[ "$(head -n 1 "service/$name/env/SINK" 2>/dev/null)" = "filter:run/$filter.sock" ] || continue
			needed=$((needed + $(places "$name" | grep . || echo 0)))
			before="$before${before:+, }$name"
		done
		[ "$has" -ge "$needed" ] || warning "service/$filter/env/CONCURRENCY is $has, and $needed may come by $before" \
			"make it $needed, then s6-svc -r $home/service/$filter"
	done <"$work/filters"
}

# find_socket NAME: is it where its clients look for it?
find_socket()
{
	socket=$(sed -n 's|^s6-ipcserver-socketbinder .* \(run/[a-z0-9]*\.sock\) .*|\1|p' "service/$1/run" 2>/dev/null)
	[ -z "$socket" ] || [ -S "$socket" ] || broken "$socket is missing" "s6-svc -r $home/service/$1 makes it"
}

# restarted NAME: how often it died lately
restarted()
{
	hour=$(date -d '1 hour ago' +%Y-%m-%dT%H:%M:%S 2>/dev/null | tr T ' ')
	deaths=$(s6-svdt "service/$1" 2>/dev/null | s6-tai64nlocal 2>/dev/null |
		awk -v since="$hour" '$1 " " $2 > since' | wc -l)
	[ "$deaths" -le "$restarts_max" ] ||
		broken "$1 has died $deaths times within an hour" "look at log/$1 for why: doc/trouble.md"
}

# greeting PORT: what the server says first
greeting()
{
	timeout 15 tcpclient -RHl0 -T 5 "$at" "$1" sh -c 'head -n 1 <&6' 2>/dev/null | tr -d '\r'
}

# tls_answer PORT [ARGUMENT...]: what openssl says of the handshake
tls_answer()
{
	port=$1
	shift
	case $at in *:*) at="[$at]" ;; esac
	timeout 15 openssl s_client -connect "$at:$port" -servername "$host" "$@" </dev/null 2>&1
}

check_ports()
{
	command -v tcpclient >/dev/null || {
		warning 'tcpclient is missing, so no port was tried' 'apt-get install ucspi-tcp-ipv6'
		return
	}
	host=$(head -n 1 control/me)
	for name in $(service_names); do
		[ -s "service/$name/env/PORT" ] || continue
		port=$(head -n 1 "service/$name/env/PORT")
		at=$(head -n 1 "service/$name/env/IP")
		case $at in 0 | '') at=127.0.0.1 ;; esac
		case $name in
		smtp | submission) expect_greeting '220 ' ;;
		pop3) expect_greeting '+OK' ;;
		submissions | pop3s | web) expect_tls ;;
		esac
	done
}

expect_greeting()
{
	said=$(greeting "$port")
	case $said in
	"$1"*) ;;
	'') broken "$name, port $port of $at, does not answer" "look at log/$name" ;;
	*) broken "$name, port $port of $at, says \"$said\"" "see who listens there (ss -ltnp), and look at log/$name" ;;
	esac
	[ "$name" != smtp ] || case $said in
	"220 $host ESMTP facteur"* | '') ;;
	"$1"*) broken "another server has port $port of $at: \"$said\"" 'see which (ss -ltnp), stop it, and look at log/smtp' ;;
	esac
}

expect_tls()
{
	tls_answer "$port" | grep -q 'BEGIN CERTIFICATE' ||
		broken "$name, port $port of $at, does not speak TLS" "look at log/$name and log/tls"
}
