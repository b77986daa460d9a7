# The users that own a home, and its folders.

# are_there NAME...: are these users there, with groups of their names?
are_there()
{
	getent passwd "$@" >/dev/null && getent group "$@" >/dev/null
}

# make_user NAME: another mail-setup may be doing the same, and whoever else changes the users of the
# machine locks their files: that passes.  Whoever makes a user writes the group after him.
make_user()
{
	until are_there "$1"; do
		: "${given_up:=$(($(date +%s) + 60))}"
		said='it has no group of its name'
		getent passwd "$1" >/dev/null ||
			said=$(useradd --system --user-group --no-create-home --home-dir /nonexistent \
				--shell /usr/sbin/nologin "$1" 2>&1)
		are_there "$1" && break
		[ "$(date +%s)" -lt "$given_up" ] || defer "unable to make the user $1: $said"
		sleep 1
	done
}

# make_users: and know their numbers; $mailuser are those of the mailboxes' owner
make_users()
{
	mailuser=$caller:$(id -g)
	[ -z "$as_caller" ] || return
	all=
	for user in $users; do
		all="$all facteur-$user"
	done
	# shellcheck disable=SC2086
	are_there $all || for user in $all; do
		make_user "$user"
	done
	for kind in uid gid; do
		# shellcheck disable=SC2086
		numbers=$(id -"${kind%id}" $all) || defer "unable to find the numbers of $all"
		for user in $users; do
			eval "${kind}_$user=\${numbers%%\"\$newline\"*}"
			numbers=${numbers#*"$newline"}
		done
	done
	mailuser=$(uid mail):$(gid mail)
}

# uid USER, gid USER of a service; nothing with -u
uid()
{
	[ -n "$as_caller" ] || eval "echo \"\$uid_$1\""
}

gid()
{
	[ -n "$as_caller" ] || eval "echo \"\$gid_$1\""
}

# notice USER GROUP PATH...: folders that are there stay as they are, but is that right?
notice()
{
	[ -z "$as_caller" ] || return 0
	owner=$(uid "$1") whose=facteur-$1:facteur-$2
	shift 2
	for path in $(stat -Lc %u:%n "$@"); do
		[ "${path%%:*}" = "$owner" ] || strangers="$strangers
    chown -hR $whose $home/${path#*:}"
	done
}

# folders PLACE MODE USER GROUP NAME...: make those that are missing in PLACE, '' or FOLDER/.  When we are
# root they are given away, USER -: to nobody; and each appears when it is complete.
folders()
{
	place=$1 mode=$2 user=$3 group=$4 present=
	shift 4
	for child; do
		shift
		if [ -d "$place$child" ]; then
			present="$present $place$child"
		else
			set -- "$@" "$child"
		fi
	done
	# shellcheck disable=SC2086
	[ -z "$present" ] || [ "$user" = - ] || notice "$user" "$group" $present
	[ $# -gt 0 ] || return 0
	if [ -n "$as_caller" ] || [ "$user" = - ]; then
		(cd "./$place" && mkdir -m "$mode" "$@")
	else
		[ ! -e .folders ] || rm -rf .folders
		mkdir -m 700 .folders && (cd .folders && mkdir "$@" &&
			chown "facteur-$user:facteur-$group" "$@" && chmod "$mode" "$@") &&
			mv .folders/* "./$place" && rmdir .folders
	fi || defer "unable to make $* in $home/$place"
}

# write FILE LINE...: all at once; what stands in a folder .new appears with that
write()
{
	file=$1
	shift
	case $file in
	*/.new/*) printf '%s\n' "$@" >"$file" ;;
	*) printf '%s\n' "$@" >"$file.tmp" && mv "$file.tmp" "$file" ;;
	esac || defer "unable to write $home/$file"
}

# put FILE: make it of standard input, all at once, if it isn't there
put()
{
	if [ ! -e "$1" ]; then
		cat >"$1.tmp" && mv "$1.tmp" "$1" || defer "unable to write $home/$1"
	fi
}

# own PATH USER MODE: when we are root, give it away; the mode then holds for its new owner
own()
{
	[ -n "$as_caller" ] || chown "$2" "$1" || defer "unable to give away $home/$1"
	chmod "$3" "$1" || defer "unable to make $home/$1"
}

enter_home()
{
	mkdir -p -- "$home" && cd -- "$home" || defer "unable to make $home"
	home=$(pwd -P)
	[ -w . ] || defer "unable to write in $home"
	for owner in $(stat -Lc %u . control users service run log mail state tls dkim web 2>/dev/null); do
		[ "$owner" = "$caller" ] ||
			refuse "$home is the home of uid $owner: only that user can change it"
	done
}

# as USER COMMAND...: run it as a service's user.  Root works in no folder of another: what it is
# given there by name may be a link by the time that it looks.
as()
{
	as_uid=$(uid "$1") as_gid=$(gid "$1")
	shift
	if [ -n "$as_caller" ]; then
		"$@"
	else
		s6-applyuidgid -u "$as_uid" -g "$as_gid" -G '' "$@"
	fi
}

# What stands in the queue is made by its owner, complete before it has its name.
make_queue()
{
	(
		cd -P queue && as queue sh -c '
		set -e
		for name in new journal later hold paused bad; do
			[ -d $name ] || set -- "$@" $name
		done
		[ $# = 0 ] || mkdir -m 700 "$@"
		[ -e lock ] || (umask 077 && set -C && : >lock)
		# an earlier mail-setup let injectors write there
		[ "$(stat -c %a new)" != 3730 ] || chmod u=rwx,g=,o=,ug-s,-t new
		[ "$(stat -c %a trigger 2>/dev/null)" != 620 ] || chmod 600 trigger
		[ ! -p trigger ] || exit 0
		rm -f .trigger.tmp
		mkfifo -m 600 .trigger.tmp
		mv -T .trigger.tmp trigger'
	) || defer "unable to complete $home/queue"
}

# tighten PATH OLD NEW [GROUP]: a folder of ours that an earlier mail-setup left open
tighten()
{
	[ "$(stat -Lc %a "$1")" = "$2" ] || return 0
	[ -n "$as_caller" ] || [ -z "$4" ] || chgrp "facteur-$4" "$1" || defer "unable to give away $home/$1"
	chmod "$3" "$1" || defer "unable to close $home/$1"
}

make_folders()
{
	strangers=
	folders '' 755 - - control service run log users state
	folders '' 711 - - mail
	tighten users 755 750 queue
	folders '' 700 queue queue queue
	tighten queue 750 700
	folders log/ 700 queue queue admin
	tighten log/admin 2770 700
	folders state/ 700 smtp smtp rate grey dnsbl peer dmarc tlssent
	folders state/ 700 pop3 pop3 readers
	folders state/ 700 web web web
	folders state/ 700 send send send
	folders state/ 755 sts sts sts
	folders state/ 755 tls tls tls
	folders state/ 2750 send queue tlsreport
	[ ! -d tls ] || folders tls/ 700 tls tls tickets
	# shellcheck disable=SC2086
	folders log/ 750 log log $services
	[ -z "$strangers" ] || refuse "folders have other owners than here, as after a restore by" \
		"numbers.  With all services stopped, as root:$strangers"
	make_queue
}
