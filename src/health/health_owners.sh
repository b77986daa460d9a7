# The owners of the home: can nobody change what root works with, can the services reach what they need?

shown_max=10 # of one kind

# folders of services in a home of root's
service_folders='state/dmarc:smtp state/dnsbl:smtp state/grey:smtp state/peer:smtp state/rate:smtp state/tlssent:smtp
	state/readers:pop3 state/send:send state/tlsreport:send state/sts:sts state/tls:tls state/web:web
	log/admin:queue'

# owner PATH MODE USER: of a folder or file that is there
owner()
{
	[ -e "$1" ] || return 0
	is=$(stat -Lc %a "$1")
	[ "$is" = "$2" ] || broken "$1 has the mode $is, not $2" "chmod $2 $home/$1"
	[ -z "$is_roots" ] || belongs "$1" "$3"
}

# belongs PATH USER
belongs()
{
	[ -e "$1" ] || return 0
	is=$(stat -Lc %U "$1")
	[ "$is" = "$2" ] || broken "$1 belongs to $is, not to $2" "with all services stopped: chown -h $2 $home/$1"
}

# as USER GROUP COMMAND...: as a service of that user and group
as()
{
	as_uid=$(id -u "$1" 2>/dev/null) && as_gid=$(getent group "$2" | cut -d : -f 3) || return 0
	shift 2
	s6-applyuidgid -u "$as_uid" -g "$as_gid" -G '' "$@"
}

# reads USER GROUP PATH...: can a service do that?
reads()
{
	reader=$1 group=$2
	shift 2
	for path; do
		[ ! -e "$path" ] || as "$reader" "$group" test -r "$home/$path" ||
			broken "$reader can't read $path" "namei -l $home/$path shows where it may not pass; its group is $group"
	done
}

# ours: what root works with, one path a line; of what is not a home's, nothing
ours()
{
	find control users service run tls dkim bin \( -name supervise -o -name event -o -name .s6-svscan -o \
		-path tls/tickets \) -prune -o ! -type l ! -type s "$@" -print 2>/dev/null | head -n "$shown_max"
}

check_open()
{
	ours -perm /022 >"$work/open"
	find . log mail state web -maxdepth 0 -perm /022 >>"$work/open" 2>/dev/null
	while read -r path; do
		broken "others than its owner may write $path" "chmod go-w $home/$path"
	done <"$work/open"
	for path in dkim/*/*.key; do
		case $(stat -Lc %a "$path" 2>/dev/null) in
		*[4567]) broken "anybody may read $path" "chmod o= $home/$path, and make another key: dkim-key rotate" ;;
		esac
	done
}

check_strangers()
{
	ours ! -user root ! \( -path 'tls/*/key*' -user facteur-tls \) >"$work/strangers"
	find . log mail state web -maxdepth 0 ! -user root >>"$work/strangers" 2>/dev/null
	while read -r path; do
		broken "$path belongs to $(stat -c %U "$path"), who can change it" "chown -h root $home/$path"
	done <"$work/strangers"
	for pair in $service_folders; do
		belongs "${pair%:*}" "facteur-${pair#*:}"
	done
	for path in log/*/; do
		[ "$path" = log/admin/ ] || belongs "${path%/}" facteur-log
	done
	# by number: not everybody may read /etc/passwd everywhere
	[ -n "$(as facteur-queue facteur-queue find "$home/queue" -maxdepth 1 ! -user "$(id -u facteur-queue)" 2>&1)" ] ||
		return 0
	broken 'something in queue does not belong to facteur-queue, or it can not be looked into' \
	    "with all services stopped: chown -hR facteur-queue:facteur-queue $home/queue"
}

check_reach()
{
	for user in smtp queue send pop3; do
		reads "facteur-$user" "facteur-$user" control/me control/domains
	done
	reads facteur-smtp facteur-queue users/users.cdb
	reads facteur-tls facteur-tls tls/*/cert*.pem tls/*/key*.pem
	reads facteur-dkim facteur-dkim dkim/*/*.key
	reads facteur-web facteur-web web/* web/*/.well-known/*
}

check_owners()
{
	check_there
	# a home of one user alone has no users of its own
	is_roots=
	if [ "$(id -u)" = 0 ] && { [ "$(stat -c %u control)" = 0 ] || [ -e service/smtp/env/SERVICE_UID ]; }; then
		is_roots=1
	fi
	owner queue 700 facteur-queue
	owner state/rate 700 facteur-smtp
	owner state/readers 700 facteur-pop3
	owner tls/tickets 700 facteur-tls
	owner users/passwords 600 root
	owner users/passwords.cdb 600 root
	check_open
	[ -n "$is_roots" ] || return 0
	as facteur-smtp facteur-smtp test -x "$home/control" || {
		broken "the users of the services can't reach $home/control" \
		    "namei -l $home/control shows where they may not pass: chmod a+x that"
		return
	}
	check_strangers
	check_reach
}
