# What the logs say of messages.

# The log files that may have lines of that day or later.  The name of an old one is the time
# of its end.
list_logs()
{
	find log/ -type f \( -name current -o -name '@*.[su]' \) | awk -v from="$from" '
	{ name = $0; sub(/.*\//, "", name) }
	name == "current" || name >= from' | sort
}

# Log lines to what they say about a message, "ID LABEL LETTER...": A accepted, Q queued or S
# started for so many recipients; K, D, X the end of a recipient: delivered, failed, removed; U a
# failure of which nobody wants to hear; B reported in a message, for so many; P an origin: the
# ID stands for a message that came of another one; L what a local delivery did, for an address;
# G put into bad; E out of the queue.  A recipient is "#" and its number in the envelope, for two
# can have one address; in logs of before there were numbers it is the address.
read_logs()
{
	tr '\n' '\0' <"$work/logs" | xargs -0r awk '
	# the next name=value of rest; a value that is quoted stays so, without its blanks
	function pair(	n) {
		if (!match(rest, /^[a-z0-9]+=/))
			return 0
		name = substr(rest, 1, RLENGTH - 1)
		rest = substr(rest, RLENGTH + 1)
		if (substr(rest, 1, 1) == "\"")
			n = match(rest, /^"([^"\\]|\\.)*"/) ? RLENGTH : length(rest)
		else
			n = (n = index(rest, " ")) ? n - 1 : length(rest)
		value = substr(rest, 1, n)
		gsub(/ /, "\\x20", value)
		rest = substr(rest, n + 2)
		return 1
	}
	function parse() {
		split("", v)
		while (pair())
			v[name] = value
	}
	function get(wanted) { return wanted in v ? v[wanted] : "?" }
	function key() { return "n" in v ? "#" v["n"] : get("rcpt") }
	function say(letter, words) { print id, $1, letter, words }
	$2 !~ /^id=[0-9a-z]+$/ || length($2) != 27 || $1 !~ /^@/ { next }
	{
		id = substr($2, 4)
		rest = substr($0, length($1 $2 $3 $4) + 5)
		what = substr($3, 4) " " substr($4, 7)
	}
	what == "smtp-recv accepted" { parse(); say("A", get("rcpts")) }
	what == "queue-inject queued" { parse(); say("Q", get("rcpts")) }
	what == "queue-run start" { parse(); say("S", get("rcpts")) }
	what == "queue-run delivery" || what == "queue-edit delivery" {
		parse()
		if (get("result") != "Z")
			say(get("result"), key() " " get("rcpt") " " get("via"))
	}
	what == "queue-edit removed" { parse(); say("X", key() " " get("rcpt")) }
	what == "queue-run unreported" { parse(); say("U", key()) }
	what ~ /^queue-run (bounced|warned|confirmed)$/ {
		parse()
		if ($4 == "event=bounced")
			say("B", get("rcpts") " " get("bounce"))
		print get("bounce"), $1, "P", id
	}
	what == "local-deliver delivered" {
		parse()
		say("L", get("rcpt") ("again" in v ? " again" : " fresh"))
	}
	what == "local-deliver forwarded" {
		parse()
		say("L", get("rcpt") " " get("new"))
		print get("new"), $1, "P", id
	}
	what ~ /^queue-[a-z]+ bad$/ { say("G", "") }
	what ~ /^queue-[a-z]+ done$/ { say("E", "") }'
}

# A log that is put aside while it is read may be missed: then all are read anew.
read_logs_safely()
{
	for _ in 1 2 3 4 5; do
		list_logs >"$work/logs"
		read_logs >"$work/said" 2>"$work/trouble"
		trouble=$?
		list_logs >"$work/logs.now"
		! cmp -s "$work/logs" "$work/logs.now" || break
	done
	[ "$trouble" -eq 0 ] || cat "$work/trouble" >>"$work/complaints"
}
