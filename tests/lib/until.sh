# until.sh: waiting for what must come.  A slow and busy machine may need long for it: only a minute by the
# clock is a failure, for a number of tries tells nothing there.

# await COMMAND...: until it succeeds; returns 1 when it does not.
await()
{
	read -r await_now await_rest </proc/uptime
	await_late=$((${await_now%.*} + 60)) await_tries=0
	until "$@"; do
		read -r await_now await_rest </proc/uptime
		[ "${await_now%.*}" -lt "$await_late" ] || return 1
		# what takes longer is asked for less often: other tests need the processor
		[ $((await_tries += 1)) -gt 25 ] && sleep 0.1 || sleep 0.02
	done
}

# until_true COMMAND: the same, and fails the test, after show_trouble where the test has that.
until_true()
{
	await eval "$1" && return
	! command -v show_trouble >/dev/null || show_trouble
	atf_fail "in vain: $1"
}
