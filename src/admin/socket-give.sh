#!/bin/sh
# socket-give: give a socket to those who may connect to it, then run a program.
if [ $# -lt 2 ]; then
	echo 'socket-give: usage: socket-give socket program [argument...]' >&2
	exit 111
fi
if [ -n "$CLIENT_UID$CLIENT_GID" ]; then
	chown "$CLIENT_UID${CLIENT_GID:+:$CLIENT_GID}" "$1" || exit 111
fi
shift
exec "$@"
