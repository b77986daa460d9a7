#!/bin/sh
# mail-setup: make the home of a mail system, or complete one.

usage='mail-setup [-u] [-i IP] [-p BASE] [-m HOSTNAME | -M HOSTNAME] HOME [DOMAIN...] | mail-setup -d [-i IP] HOME |
    mail-setup -x HOME DOMAIN...'
tools='s6-svscan s6-supervise s6-svc s6-svwait s6-log s6-envdir s6-softlimit s6-applyuidgid s6-ipcserverd
	s6-ipcserver-socketbinder tcpserver openssl'
users='smtp queue send pop3 tls dns sts dkim mail log web'
newline='
'
umask 022
unset FACTEUR_HOME
caller=$(id -u)
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

. ./setup_arguments.sh
. ./setup_folders.sh
. ./setup_control.sh
. ./setup_tls.sh
. ./setup_dkim.sh
. ./setup_services.sh
. ./setup_web.sh
. ./setup_zone.sh
. ./setup_templates.sh

check_surroundings()
{
	missing=
	for tool in $tools; do
		command -v "$tool" >/dev/null || missing="$missing $tool"
	done
	[ -z "$missing" ] || defer "missing:$missing
    apt-get install --no-install-recommends s6 ucspi-tcp-ipv6 openssl"
	for program in mail-user mail-compile run-alone dkim-key; do
		[ -x "$bin/$program" ] || defer "$bin/$program is missing"
	done
	[ -d "$templates" ] || defer "$templates is missing"
	services=
	for template in "$templates"/*/; do
		template=${template%/}
		services="$services ${template##*/}"
	done
	if [ -n "$as_caller" ] && [ "$caller" = 0 ]; then
		refuse '-u is for an ordinary user: mail is never delivered as root'
	elif [ -z "$as_caller" ] && [ "$caller" != 0 ]; then
		refuse 'only root can make system users; with -u all runs under your own'
	fi
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
		What to publish in the DNS:
		    mail-setup -d $home
		Say in control/relayclients which clients may send to other domains.
		Stop it with:
		    s6-svscanctl -t $home/service
		Its logs are in $home/log.
	EOF
	[ -z "$keyed" ] || cat <<-EOF
		It signs mail (DKIM).  Publish in the DNS, for others to verify that:
		$(for domain in $keyed; do "$bin/dkim-key" show "$domain"; done)
	EOF
}

describe()
{
	echo "port $(cat "service/$1/env/PORT" 2>/dev/null || echo -) ($1)"
}

take_arguments "$@"
if [ "$only" = d ]; then
	cd -- "$home" || defer "unable to enter $home"
	home=$(pwd -P)
	print_zone
	exit
fi
check_surroundings
if [ "$only" = x ]; then
	enter_home
	remove_domains
	exit
fi
make_users
enter_home
make_folders
find_programs
make_control
make_tls
add_domains
make_dkim
make_users_files
follow_mailuser
add_postmasters
make_web
make_services
record_templates
tell_what_is_next
