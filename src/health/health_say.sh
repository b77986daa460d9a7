# What was found, and how it is told.

misuse()
{
	echo "mail-check: $*" >&2
	exit 111
}

# progress [AREA]: on a terminal, and only there, who waits sees for what
progress()
{
	[ -t 2 ] || return 0
	printf '\r\033[K%s' "${1:+checking $1}" >&2
}

# found LEVEL WHAT DO: LEVEL is warning or broken; the last thing that is to be done about it
found()
{
	printf '%s\t%s\t%s\t%s\n' "$1" "$area" "$(plain "$2")" "$(plain "$3")" >>"$work/found"
}

broken()
{
	found broken "$@"
}

warning()
{
	found warning "$@"
}

# plain TEXT: on one line, and without what a terminal would take for more
plain()
{
	printf '%s' "$1" | tr -s '[:cntrl:]' ' ' | cut -c 1-1000
}

as_json()
{
	awk -F '\t' '
	function quoted(s) {
		gsub(/\\/, "\\\\", s)
		gsub(/"/, "\\\"", s)
		return "\"" s "\""
	}
	{
		printf "{\"level\":%s,\"area\":%s,\"what\":%s,\"do\":%s}\n",
			quoted($1), quoted($2), quoted($3), quoted($4)
	}' "$work/found"
}

as_text()
{
	awk -F '\t' '{ printf "%s: %s: %s\n    %s\n", $1, $2, $3, $4 }' "$work/found"
}

# Quiet when all is well, for cron.
tell()
{
	if [ -n "$json" ]; then
		as_json
	else
		as_text
		[ -z "$verbose" ] || [ -s "$work/found" ] || echo "all is well: $wanted"
	fi
	grep -q '^broken' "$work/found" && exit 2
	[ -s "$work/found" ] && exit 1
	exit 0
}
