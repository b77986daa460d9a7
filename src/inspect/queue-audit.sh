#!/bin/sh
# queue-audit: prove from logs and queue that every message of a day has come to one end.

usage='queue-audit DAY'
bin=$(dirname "$(readlink -f "$0")")
home=${FACTEUR_HOME:-$(cd "$bin/.." && pwd)}
LC_ALL=C
export LC_ALL

defer()
{
	echo "queue-audit: $*" >&2
	exit 111
}

# The TAI64N label of a moment, in seconds since 1970: TAI has been 37 s ahead since 2017.
label_of()
{
	printf '@%016x00000000' $((4611686018427387904 + $1 + 37))
}

# is_earlier LABEL LABEL: or the same
is_earlier()
{
	[ "$(printf '%s\n%s\n' "$1" "$2" | sort | head -n 1)" = "$1" ]
}

. ./audit_queue.sh
. ./audit_logs.sh
. ./audit_judge.sh
. ./audit_gaps.sh

# progress [WHAT]: on a terminal, and only there, who waits sees for what
progress()
{
	[ ! -t 2 ] || printf '\r\033[K%s\r' "$*" >&2
}

case $#$1 in
1-* | 1) defer "usage: $usage" ;;
1*) ;;
*) defer "usage: $usage" ;;
esac
cd "$home" 2>/dev/null && [ -d control ] || defer "$home is no home: set FACTEUR_HOME"
for folder in log queue queue/new queue/later; do
	[ -r "$folder" ] && [ -x "$folder" ] || defer "unable to read $home/$folder"
done
day=$(date -d "$1" +%F 2>/dev/null) || defer "$1: no day, such as $(date +%F)"
from=$(label_of "$(date -d "$day 00:00" +%s)")
to=$(label_of "$(date -d "$(date -d "$day + 1 day" +%F) 00:00" +%s)")
now=$(label_of "$(date +%s)")
is_earlier "$from" "$now" || defer "$day has not begun"
unfinished=
is_earlier "$to" "$now" || unfinished=', which is not over'
any_id=$(printf '[0-9a-z]%.0s' 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24)
work=$(mktemp -d "${TMPDIR:-/tmp}/queue-audit.XXXXXX") || defer "unable to make a folder"
trap 'rm -rf "$work"' EXIT
trap 'exit 111' HUP INT TERM

# the queue is read before and after the logs: a message that is moved meanwhile may be missed once
echo "queue-audit: $day$unfinished"
progress 'reading the queue'
list_queue >"$work/queued"
progress 'reading the logs'
read_logs_safely
progress 'reading the queue again'
list_queue >>"$work/queued"
progress 'comparing'
sort -S 64M -T "$work" -k 1,2 "$work/said" "$work/queued" >"$work/events" || defer "unable to sort"
read_files >"$work/files"
sort -m -S 64M -T "$work" -k 1,2 "$work/events" "$work/files" | judge
verdict=$?
progress
tell_gaps | tee "$work/gaps"
grep -v 'No such file or directory' "$work/complaints" >&2 && verdict=111
[ ! -s "$work/gaps" ] || verdict=111
exit "$verdict"
