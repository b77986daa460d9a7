#!/bin/sh
# mail-path: show the path that a message took, or would take.

usage='mail-path ID... | mail-path [-r ADDRESS] [-d DOMAIN] [-u USER] [-c CLIENT] [-m MESSAGE-ID]
    [-f FROM] [-t TO] | mail-path -n ADDRESS [CLIENT-IP]'
bin=$(dirname "$(readlink -f "$0")")
home=${FACTEUR_HOME:-$(cd "$bin/.." && pwd)}
LC_ALL=C
export LC_ALL FACTEUR_HOME="$home" PATH="$bin:$PATH"

refuse()
{
	echo "mail-path: $*" >&2
	exit 100
}

defer()
{
	echo "mail-path: $*" >&2
	exit 111
}

. ./path_tell.sh
. ./path_find.sh
. ./path_foresee.sh

# ask NAME VALUE: an option that says which messages
ask()
{
	[ -n "$2" ] && [ $mode != foresee ] || defer "usage: $usage"
	mode=search
	export "of_$1=$2"
}

unset of_address of_domain of_user of_client of_msgid of_from of_to
mode=path
while getopts nr:d:u:c:m:f:t: option; do
	case $option in
	n) [ $mode != search ] || defer "usage: $usage"; mode=foresee ;;
	r) ask address "$OPTARG" ;;
	d) ask domain "${OPTARG#@}" ;;
	u) ask user "$OPTARG" ;;
	c) ask client "$OPTARG" ;;
	m) ask msgid "$OPTARG" ;;
	f) from=$(label_of "$OPTARG") || exit; ask from "$from" ;;
	t) to=$(label_of "$OPTARG") || exit; ask to "$to" ;;
	*) defer "usage: $usage" ;;
	esac
done
shift $((OPTIND - 1))
case $mode:$# in
path:0 | search:[1-9]* | foresee:0 | foresee:[3-9]* | foresee:??*) defer "usage: $usage" ;;
esac
cd "$home" 2>/dev/null && [ -d control ] || defer "$home is no home: set FACTEUR_HOME"
case $mode in
path) tell_messages "$@" ;;
search) tell_search ;;
foresee) tell_foresight "$@" ;;
esac
