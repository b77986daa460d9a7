#!/bin/sh
# service-finish: wait for the sessions of a service that was stopped, then end them.

# Exit code (256: killed by a signal) and signal come from s6-supervise.
if [ $# -lt 3 ]; then
	echo 'service-finish: usage: service-finish seconds code signal [argument...]' >&2
	exit 111
fi
seconds=$1 code=$2 signal=$3

# After a crash the sessions go on while the service comes back.
[ "$code" = 0 ] || [ "$code$signal" = 25615 ] || exit 0

# Whoever writes to the service's log is one of its processes; this one's descriptor 2 is not the log.
log=$(readlink "/proc/$$/fd/1")
case $log in
'pipe:['*) log='pipe:\['${log#*[} ;;
*) exit 0 ;;
esac

strays()
{
	find /proc/[0-9]*/fd/2 -maxdepth 0 -lname "$log" 2>/dev/null | cut -d / -f 3
}

tenths=$((seconds * 10))
while [ -n "$(strays)" ]; do
	# shellcheck disable=SC2046 # one process a word
	case $tenths in
	0) kill $(strays) 2>/dev/null ;;
	-10) kill -9 $(strays) 2>/dev/null ;;
	-20) exit 0 ;;
	esac
	tenths=$((tenths - 1))
	sleep 0.1
done
exit 0
