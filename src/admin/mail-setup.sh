#!/bin/sh
# mail-setup: make the home of a mail system, or complete one.

usage='mail-setup [-u] [-i IP] [-p BASE] [-m HOSTNAME] HOME DOMAIN...'
tools='s6-svscan s6-supervise s6-svc s6-svwait s6-log s6-envdir s6-softlimit s6-applyuidgid s6-ipcserverd
	s6-ipcserver-socketbinder tcpserver openssl'
users='smtp queue send pop3 tls mail log'
umask 022
unset FACTEUR_HOME
bin=$(dirname "$(readlink -f "$0")")
templates=$bin/../share/service

# refuse TEXT: what was asked for can't be.  defer TEXT: something is wrong with us.
refuse()
{
	echo "mail-setup: $*" >&2
	exit 100
}

defer()
{
	echo "mail-setup: $*" >&2
	exit 111
}

# is_domain NAME: letters, digits, hyphens (and UTF-8) in labels of 63 bytes, RFC 1123, 2.1
is_domain()
{
	printf '%s\n' "$1" | LC_ALL=C awk '
	NR > 1 || $0 == "" || length($0) > 253 { bad = 1 }
	{
		n = split($0, label, ".")
		for (i = 1; i <= n; i++)
			if (label[i] !~ /^[a-zA-Z0-9\200-\377]([-a-zA-Z0-9\200-\377]*[a-zA-Z0-9\200-\377])?$/ ||
			    length(label[i]) > 63)
				bad = 1
	}
	END { exit bad }'
}

is_number()
{
	case $1 in
	'' | *[!0-9]* | ??????*) return 1 ;;
	esac
}

is_address()
{
	case $1 in
	*:*) case $1 in *[!0-9a-fA-F:.]*) return 1 ;; esac ;;
	*) printf '%s\n' "$1" | awk -F . '
		NF != 4 { bad = 1 }
		{ for (i = 1; i <= NF; i++) if ($i !~ /^[0-9]+$/ || $i > 255) bad = 1 }
		END { exit bad }' ;;
	esac
}

take_arguments()
{
	as_caller= ip=0 base=0 me=
	while getopts ui:p:m: option; do
		case $option in
		u) as_caller=1 ;;
		i) ip=$OPTARG ;;
		p) base=$OPTARG ;;
		m) me=$OPTARG ;;
		*) defer "usage: $usage" ;;
		esac
	done
	shift $((OPTIND - 1))
	[ $# -ge 2 ] || defer "usage: $usage"
	home=$1
	shift
	domains=$(printf '%s\n' "$@" | tr A-Z a-z)
	first=$(printf '%s\n' "$domains" | head -n 1)

	[ "$ip" != :: ] || ip=0 # tcpserver's word for every address, of either kind
	[ "$ip" = 0 ] || is_address "$ip" || refuse "$ip: not an IP address"
	is_number "$base" && [ "$base" -le $((65535 - 995)) ] ||
		refuse "$base: not a number to add to the ports"
	for domain in "$@"; do
		is_domain "$domain" || refuse "$domain: not a domain"
	done
	[ -n "$me" ] || me=$(hostname -f 2>/dev/null)
	case $me in
	*.*) ;;
	*) me=mail.$first ;;
	esac
	is_domain "$me" || refuse "$me: not a host name"
	case $home$bin in
	*:* | *'
'*) refuse "a path can't have a colon or a newline in it: $home $bin" ;;
	esac
}

check_surroundings()
{
	missing=
	for tool in $tools; do
		command -v "$tool" >/dev/null || missing="$missing $tool"
	done
	[ -z "$missing" ] || defer "missing:$missing
    apt-get install --no-install-recommends s6 ucspi-tcp-ipv6 openssl"
	for program in mail-user mail-compile run-alone; do
		[ -x "$bin/$program" ] || defer "$bin/$program is missing"
	done
	[ -d "$templates" ] || defer "$templates is missing"
	if [ -n "$as_caller" ] && [ "$(id -u)" = 0 ]; then
		refuse '-u is for an ordinary user: mail is never delivered as root'
	elif [ -z "$as_caller" ] && [ "$(id -u)" != 0 ]; then
		refuse 'only root can make system users; with -u all runs under your own'
	fi
}

make_users()
{
	[ -z "$as_caller" ] || return
	for user in $users; do
		name=facteur-$user
		getent passwd "$name" >/dev/null || useradd --system --user-group --no-create-home \
			--home-dir /nonexistent --shell /usr/sbin/nologin "$name" ||
			defer "unable to make the user $name"
	done
}

# uid USER, gid USER of a service; nothing with -u
uid()
{
	[ -n "$as_caller" ] || id -u "facteur-$1"
}

gid()
{
	[ -n "$as_caller" ] || id -g "facteur-$1"
}

# folder PATH MODE [USER [GROUP]]: make it, and give it away when we are root.  One that is there
# stays as it is.
folder()
{
	[ -d "$1" ] && return
	mkdir "$1.tmp" && chmod "$2" "$1.tmp" || defer "unable to make $home/$1"
	if [ -z "$as_caller" ] && [ -n "$3" ]; then
		chown "facteur-$3:${4:-facteur-$3}" "$1.tmp" && chmod "$2" "$1.tmp" ||
			defer "unable to give away $home/$1"
	fi
	mv "$1.tmp" "$1" || defer "unable to make $home/$1"
}

# put FILE: make it of standard input, all at once, if it isn't there
put()
{
	if [ -e "$1" ]; then
		cat >/dev/null
	else
		cat >"$1.tmp" && mv "$1.tmp" "$1" || defer "unable to write $home/$1"
	fi
}

enter_home()
{
	mkdir -p -- "$home" && cd -- "$home" || defer "unable to make $home"
	home=$(pwd -P)
	[ -w . ] || defer "unable to write in $home"
	[ ! -d control ] || [ "$(stat -c %u control)" = "$(id -u)" ] ||
		refuse "$home is the home of uid $(stat -c %u control): only that user can change it"
}

make_folders()
{
	for name in control users service run log; do
		folder $name 755
	done
	folder mail 711
	folder queue 750 queue
	folder queue/new 3730 queue
	folder queue/later 700 queue
	folder queue/hold 700 queue
	folder queue/paused 700 queue
	folder queue/bad 700 queue
	folder log/admin 2770 queue
	folder state 755
	for name in rate grey peer; do
		folder state/$name 700 smtp
	done
	folder state/readers 700 pop3
	if [ ! -p queue/trigger ]; then
		mkfifo -m 620 queue/trigger.tmp || defer "unable to make $home/queue/trigger"
		[ -n "$as_caller" ] || chown facteur-queue:facteur-queue queue/trigger.tmp || exit 111
		mv queue/trigger.tmp queue/trigger || exit 111
	fi
}

# own PATH USER MODE: when we are root, give it away; the mode then holds for its new owner
own()
{
	[ -n "$as_caller" ] || chown "$2" "$1" || defer "unable to give away $home/$1"
	chmod "$3" "$1" || defer "unable to make $home/$1"
}

# TLS works from the first minute on: a key, and a certificate that nobody but ourselves has
# signed, for our name.  The keys are for facteur-tls only.
make_tls()
{
	name=$(head -n 1 control/me | tr A-Z a-z)
	if [ ! -d tls ]; then
		mkdir tls.tmp && own tls.tmp root:facteur-tls 750 && mv tls.tmp tls ||
			defer "unable to make $home/tls"
	fi
	folder tls/tickets 700 tls
	[ ! -e "tls/$name" ] || return
	rm -rf tls/.new
	common=$name
	[ ${#common} -le 64 ] || common=facteur # X.520 allows no more
	(umask 077 && mkdir tls/.new && openssl req -x509 -nodes -days 3650 -newkey ec \
		-pkeyopt ec_paramgen_curve:prime256v1 -subj "/CN=$common" \
		-addext "subjectAltName=DNS:$name" -keyout tls/.new/key.pem \
		-out tls/.new/cert.pem 2>tls/.new/error) ||
		defer "unable to make a certificate: $(tail -n 1 tls/.new/error)"
	rm -f tls/.new/error
	own tls/.new/key.pem facteur-tls:facteur-tls 400
	own tls/.new/cert.pem root:facteur-tls 444
	own tls/.new root:facteur-tls 750
	mv tls/.new "tls/$name" || defer "unable to make $home/tls/$name"
}

make_control()
{
	echo "$me" | put control/me
	echo "$first" | put control/defaultdomain
	if [ -n "$as_caller" ]; then
		echo "$(id -u):$(id -g)"
	else
		echo "$(uid mail):$(gid mail)"
	fi | put control/mailuser
	put control/relayclients <<-'EOF'
		# Clients that may send to every domain: ADDRESS or ADDRESS/BITS, one a line.
		# 127.0.0.1 and ::1 are this machine.  While the list is empty, nobody may.
	EOF
	put control/relaydomains <<-'EOF'
		# Domains of others for which we take mail as a backup MX, one a line.
	EOF
	put control/ratelimits <<-'EOF'
		# WHO MESSAGES RECIPIENTS FAILED: how many an hour; WHO is a user or "user".  Default:
		# user 1000 5000 200
	EOF
	put control/smtproutes <<-'EOF'
		# DOMAIN:HOST or DOMAIN:HOST:PORT instead of the MX; :HOST for all domains.
	EOF
	echo 52428800 | put control/databytes
	echo 52428800 | put control/quota
	echo 300 | put control/timeoutsmtpd
	echo 600 | put control/timeoutpop3
	echo 1200 | put control/timeoutremote
	echo 60 | put control/timeoutconnect
	echo 604800 | put control/queuelifetime
	echo 10 | put control/concurrencylocal
	echo 20 | put control/concurrencyremote
	put control/retry <<-'EOF'
		300
		600
		1200
		2400
		3600
		7200
		14400
	EOF
}

# A domain that is listed already has its postmaster, or the admin wants none.
add_domains()
{
	new=
	put control/domains </dev/null
	for domain in $domains; do
		grep -Fxqi -- "$domain" control/domains && continue
		new="$new $domain"
		{
			cat control/domains
			[ -z "$(tail -c 1 control/domains)" ] || echo
			echo "$domain"
		} >control/domains.tmp && mv control/domains.tmp control/domains ||
			defer "unable to write $home/control/domains"
	done
}

make_users_files()
{
	echo '# ADDRESS:UID:GID:QUOTA.  Run mail-compile after a change by hand.' |
		put users/mailboxes
	echo '# ADDRESS: TARGET, TARGET...  Run mail-compile after a change by hand.' |
		put users/aliases
	(umask 077 && put users/passwords </dev/null)
}

# Mail for postmaster is kept from the first minute on, RFC 5321, 4.5.1.
add_postmasters()
{
	box=postmaster-mail@$(head -n 1 control/defaultdomain)
	export FACTEUR_HOME="$home"
	for domain in $new; do
		"$bin/mail-user" list "$domain" | cut -f 1 | grep -Fxq "postmaster@$domain" && continue
		"$bin/mail-user" list | cut -f 1 | grep -Fxq "$box" ||
			"$bin/mail-user" add -n "$box" || exit
		"$bin/mail-user" alias "postmaster@$domain" "$box" || exit
	done
	"$bin/mail-compile" || exit
}

# reaches PATH: can the users of the services get there?
reaches()
{
	[ -n "$as_caller" ] ||
		s6-applyuidgid -u "$(uid smtp)" -g "$(gid smtp)" -G '' test -x "$1"
}

# Services run the programs that stand beside this one, or copies if their users can't get there.
find_programs()
{
	reaches "$home/control" ||
		refuse "the users of the services can't reach $home: look at the modes on the way"
	programs=$bin
	reaches "$bin/run-alone" && return
	programs=$home/bin
	echo "mail-setup: copying the programs to $programs, for the services can't reach $bin"
	mkdir -p "$programs" && cp -R "$bin/." "$programs/" || defer "unable to copy to $programs"
}

# setting NAME VALUE: a file of the env/ of the service in $folder, unless the value is empty
setting()
{
	[ -z "$2" ] || printf '%s\n' "$2" | put "$folder/env/$1"
}

# identity USER GROUP CLIENT: as whom it runs (-: as we do), and who may connect to its socket
identity()
{
	[ "$1" = - ] || setting SERVICE_UID "$(uid "$1")"
	[ "$2" = - ] || setting SERVICE_GID "$(gid "$2")"
	[ -z "$3" ] || setting CLIENT_UID "$(uid "$3")"
}

# clients USER...: who may ask tls-wrap, of those who are not us
clients()
{
	[ -n "$as_caller" ] || setting CLIENT_UIDS "$(for user; do uid "$user"; done | tr '\n' ' ')"
}

# listen PORT
listen()
{
	setting IP "$ip"
	setting PORT $((base + $1))
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
	case $(head -n 1 "$folder/env/IP" 2>/dev/null) in
	127.* | ::1 | ::ffff:127.*) return ;;
	esac
	at_once=$(head -n 1 "$folder/env/CONCURRENCY")
	is_number "$at_once" || return 0
	setting PEERS "$(share $(((at_once + 1) / 2)))"
	setting PEERS_NETWORK "$(share $(((at_once * 3 + 3) / 4)))"
}

# sum_of FILE
sum_of()
{
	sha256sum <"$1" | cut -d ' ' -f 1
}

# is_unedited NAME/FILE: is the one of service/NAME just what an earlier mail-setup put there?
is_unedited()
{
	grep -Fxqs "$(sum_of "$folder/${1#*/}") $1" service/.templates "$templates/former"
}

# refresh NAME/FILE: take it from the template, unless the admin has edited it
refresh()
{
	to=$folder/${1#*/}
	if [ -e "$to" ]; then
		cmp -s "$templates/$1" "$to" && return 0
		if ! is_unedited "$1"; then
			case $1 in
			*/run | */finish) echo "mail-setup: $home/service/$1 was edited and stays:" \
				"compare it with $templates/$1" ;;
			esac
			return 0
		fi
		case $1 in
		*/log/*) restart=${1%%/*}/log ;;
		*) restart=${1%%/*} ;;
		esac
		echo "mail-setup: $home/service/$1 is new: restart with s6-svc -r $home/service/$restart"
	fi
	cp "$templates/$1" "$to.tmp" && mv "$to.tmp" "$to"
}

# Write down what came from the templates, so that it can be refreshed as long as it is that.
record_templates()
{
	put service/.templates </dev/null
	for name in $(cat service/.made); do
		(cd "$templates/$name" 2>/dev/null && find . -type f) | sed 's|^\./||' | while read -r file; do
			if cmp -s "$templates/$name/$file" "service/$name/$file"; then
				echo "$(sum_of "$templates/$name/$file") $name/$file"
			fi
		done
	done | sort -u service/.templates - >service/.templates.tmp && mv service/.templates.tmp service/.templates ||
		defer "unable to write $home/service/.templates"
}

# complete NAME: what the template has, and what depends on this home, in $folder
complete()
{
	mkdir -p "$folder/env" "$folder/log" || defer "unable to make $home/$folder"
	(cd "$templates/$1" && find . -type f) | sed 's|^\./||' | while read -r file; do
		refresh "$1/$file" || exit
	done || defer "unable to complete $home/$folder"
	setting FACTEUR_HOME "$home"
	setting PATH "$programs:/usr/local/bin:/usr/bin:/bin"
	setting LOG_UID "$(uid log)"
	setting LOG_GID "$(gid log)"
	case $1 in
	smtp) listen 25 && identity smtp queue && peers ;;
	submission) listen 587 && identity smtp queue && peers ;;
	submissions) listen 465 && identity smtp queue && peers ;;
	pop3) listen 110 && identity pop3 pop3 && peers ;;
	pop3s) listen 995 && identity pop3 pop3 && peers ;;
	tls) identity tls tls && clients smtp pop3 send ;;
	queue) identity queue queue ;;
	send) identity send send queue ;;
	deliver) identity - - queue ;;
	check | auth) identity - - smtp ;;
	relay) identity smtp queue smtp ;;
	pop3auth) identity - - pop3 ;;
	esac
}

# Let s6-supervise make what it keeps in $folder, so that s6-svwait finds it even when
# it comes before s6-svscan has begun.
prepare()
{
	: >"$folder/down"
	s6-supervise "$folder" &
	tries=0
	until s6-svc -x "$folder" 2>/dev/null; do
		tries=$((tries + 1))
		[ "$tries" -lt 100 ] || defer "unable to run s6-supervise $home/$folder"
		sleep 0.1
	done
	wait $!
	rm "$folder/down"
}

# A new service appears all at once, for s6-svscan may be looking.  One that we made once,
# and that is no more, was taken away by the admin.
make_services()
{
	put service/.made </dev/null
	for template in "$templates"/*/; do
		name=$(basename "$template")
		folder "log/$name" 750 log
		folder=service/$name
		if [ -d "$folder" ]; then
			complete "$name"
		elif ! grep -Fxq "$name" service/.made; then
			folder=service/.$name
			rm -rf "$folder"
			complete "$name"
			prepare
			echo "$name" >>service/.made
			mv "$folder" "service/$name" || defer "unable to make $home/service/$name"
		fi
	done
}

tell_what_is_next()
{
	sample=$(head -n 1 control/defaultdomain)
	cat <<-EOF
		$home is ready for: $(grep -v '^#' control/domains | tr '\n' ' ')
		Its name is $(cat control/me); mail for postmaster goes to postmaster-mail@$sample.

		Add mailboxes (the password is read from standard input):
		    export FACTEUR_HOME=$home PATH=$programs:\$PATH
		    mail-user add NAME@$sample
		Run the system, and wait until it is ready:
		    s6-svscan $home/service &
		    s6-svwait -U $home/service/*
		It listens on $(describe smtp), $(describe submission), $(describe submissions),
		$(describe pop3), $(describe pop3s).
		Its certificate, in $home/tls, is one that it has made itself: tls(5).
		Say in control/relayclients which clients may send to other domains.
		Stop it with:
		    s6-svscanctl -t $home/service
		Its logs are in $home/log.
	EOF
}

describe()
{
	echo "port $(cat "service/$1/env/PORT" 2>/dev/null || echo -) ($1)"
}

take_arguments "$@"
check_surroundings
make_users
enter_home
make_folders
find_programs
make_control
make_tls
add_domains
make_users_files
add_postmasters
make_services
record_templates
tell_what_is_next
