# The users that own a home, and its folders.

# has_user NAME: is it there, with its group?  Whoever makes a user writes the one after the other.
has_user()
{
	getent passwd "$1" >/dev/null && getent group "$1" >/dev/null
}

# make_user NAME: another mail-setup may be doing the same, and whoever else changes the users of the
# machine locks their files: that passes.
make_user()
{
	until has_user "$1"; do
		: "${given_up:=$(($(date +%s) + 60))}"
		said='it has no group of its name'
		getent passwd "$1" >/dev/null ||
			said=$(useradd --system --user-group --no-create-home --home-dir /nonexistent \
				--shell /usr/sbin/nologin "$1" 2>&1)
		has_user "$1" && break
		[ "$(date +%s)" -lt "$given_up" ] || defer "unable to make the user $1: $said"
		sleep 1
	done
}

make_users()
{
	[ -z "$as_caller" ] || return
	for user in $users; do
		make_user "facteur-$user"
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
	if [ -d "$1" ]; then
		[ -n "$as_caller" ] || [ -z "$3" ] || [ "$(stat -Lc %u "$1")" = "$(uid "$3")" ] ||
			strangers="$strangers
    chown -hR facteur-$3:facteur-${4:-$3} $home/$1"
		return
	fi
	rmdir "$1.tmp" 2>/dev/null # of one that was interrupted
	mkdir "$1.tmp" && chmod "$2" "$1.tmp" || defer "unable to make $home/$1"
	if [ -z "$as_caller" ] && [ -n "$3" ]; then
		chown "facteur-$3:facteur-${4:-$3}" "$1.tmp" && chmod "$2" "$1.tmp" ||
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
	for name in . control users service run log mail state tls dkim web; do
		[ ! -d $name ] || [ "$(stat -Lc %u $name)" = "$(id -u)" ] ||
			refuse "$home is the home of uid $(stat -Lc %u $name): only that user can change it"
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
		make() {
			[ -d "$1" ] && return
			rm -rf "./.$1.tmp"
			mkdir -m 700 "./.$1.tmp"
			chmod "$2" "./.$1.tmp"
			mv -T "./.$1.tmp" "$1"
		}
		for name in new journal later hold paused bad; do
			make $name 700
		done
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
	for name in control service run log; do
		folder $name 755
	done
	folder users 755
	tighten users 755 750 queue
	folder mail 711
	strangers=
	folder queue 700 queue
	tighten queue 750 700
	folder log/admin 700 queue
	tighten log/admin 2770 700
	folder state 755
	for name in rate grey dnsbl peer dmarc; do
		folder state/$name 700 smtp
	done
	folder state/readers 700 pop3
	folder state/web 700 web
	folder state/sts 755 sts
	folder state/send 700 send
	folder state/tlsreport 2750 send queue
	folder state/tlssent 700 smtp
	folder state/tls 755 tls
	[ ! -d tls ] || folder tls/tickets 700 tls
	for name in "$templates"/*/; do
		folder "log/$(basename "$name")" 750 log
	done
	[ -z "$strangers" ] || refuse "folders have other owners than here, as after a restore by" \
		"numbers.  With all services stopped, as root:$strangers"
	make_queue
}
