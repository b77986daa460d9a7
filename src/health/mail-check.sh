#!/bin/sh
# mail-check: say what is wrong with a mail system, and what to do about it.

usage='mail-check [-jv] [-i ip] [-r server]... [area...]'
areas='control services ports tls dns resolver relay queue disk owners users log clock'
bin=$(dirname "$(readlink -f "$0")")
home=${FACTEUR_HOME:-$(cd "$bin/.." && pwd)}
umask 077

. ./health_say.sh
. ./health_control.sh
. ./health_services.sh
. ./health_tls.sh
. ./health_dns.sh
. ./health_queue.sh
. ./health_disk.sh
. ./health_folders.sh
. ./health_owners.sh
. ./health_users.sh

take_arguments()
{
	json='' verbose='' address='' servers=''
	while getopts jvi:r: option; do
		case $option in
		j) json=1 ;;
		v) verbose=1 ;;
		i) address=$OPTARG ;;
		r) servers="$servers -r $OPTARG" ;;
		*) misuse "usage: $usage" ;;
		esac
	done
	shift $((OPTIND - 1))
	[ $# = 0 ] || wanted=$*
	for area in ${wanted:=$areas}; do
		case " $areas " in
		*" $area "*) ;;
		*) misuse "$area: none of $areas" ;;
		esac
	done
}

check()
{
	case $1 in
	control) check_control ;;
	services) check_services ;;
	ports) check_ports ;;
	tls) check_tls ;;
	dns) check_dns ;;
	resolver) check_resolver ;;
	relay) check_relay ;;
	queue) check_queue ;;
	disk) check_disk ;;
	owners) check_owners ;;
	users) check_users ;;
	log) check_log ;;
	clock) check_clock ;;
	esac
}

# program NAME [COMMAND...]: the path of one of ours at which whom COMMAND becomes gets at it, as services do
program()
{
	name=$1
	shift
	for path in "$bin/$name" "$home/bin/$name"; do
		! "$@" test -x "$path" || break
	done
	echo "$path"
}

take_arguments "$@"
cd -- "$home" 2>/dev/null || misuse "unable to enter $home"
home=$(pwd -P)
[ -d control ] && [ -x control ] && [ -d service ] || misuse "$home is no home of a mail system, or not ours to read"
FACTEUR_HOME=$home
export FACTEUR_HOME
work=$(mktemp -d) || misuse "unable to make a folder for work"
server='' # dns-serve, while it runs
trap 'stop_dns; rm -rf "$work"' EXIT
trap 'exit 111' HUP INT TERM
: >"$work/found"
[ -r control/me ] || {
	area=control
	broken "control/me can't be read" 'it holds the name of this host: all else depends on it'
	tell
}
for area in $wanted; do
	progress "$area"
	check "$area"
done
progress
tell
