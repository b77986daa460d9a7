# Log lines to sentences.

# The name=value pairs of a log line, for all programs in awk here: parse(s) puts them into v, and
# what the message has beside its ID into rest.  Quotes and escapes are undone where they only quote.
parse='
	function parse(s,   name, value, i, c) {
		delete v
		rest = ""
		while (match(s, /^ *[a-z0-9]+=/)) {
			name = substr(s, RSTART, RLENGTH - 1)
			gsub(/ /, "", name)
			s = substr(s, RLENGTH + 1)
			value = ""
			if (substr(s, 1, 1) == "\"") {
				for (i = 2; (c = substr(s, i, 1)) != "\"" && c != ""; i++) {
					if (c == "\\" && substr(s, i + 1, 1) ~ /["\\]/)
						c = substr(s, ++i, 1)
					value = value c
				}
				s = substr(s, i + 1)
			} else {
				match(s, /^[^ ]*/)
				value = substr(s, 1, RLENGTH)
				s = substr(s, RLENGTH + 1)
			}
			v[name] = value
			if (name != "id" && name != "at" && name != "event")
				rest = rest (rest == "" ? "" : ", ") name " " value
		}
	}
'

readable_time()
{
	if command -v s6-tai64nlocal >/dev/null; then s6-tai64nlocal; else cat; fi
}

# tell CLOCK: log lines with readable times, headings and places in the queue to what is shown.
# CLOCK has the times that are in them as numbers: "SECONDS DATE TIME".
tell()
{
	clock=$1 awk "$parse"'
	# what a terminal shows of s; whatever else it would obey, or is no UTF-8, is a "?"
	function shown(s,   out, n) {
		if (s !~ /[\001-\037\177-\377]/)
			return s
		for (out = ""; s != ""; s = substr(s, n + 1)) {
			n = match(s, /^[ -~]+/) || match(s, characters) ? RLENGTH : 1
			out = out (RLENGTH > 0 && s !~ harmful ? substr(s, 1, n) : "?")
		}
		return out
	}
	BEGIN {
		characters = "^([\302-\337][\200-\277]|[\340-\357][\200-\277][\200-\277]|" \
			"[\360-\364][\200-\277][\200-\277][\200-\277])"
		harmful = "^(\302[\200-\237]|\330\234|\342\200[\216\217\250-\256]|" \
			"\342\201[\246-\251])"
	}
	function many(n, what) { return n " " what (n == 1 ? "" : "s") }
	# what has protected it on its way
	function over_tls() {
		return !("tls" in v) ? "" : v["tls"] == "none" ? ", in clear text" : ", under " v["tls"]
	}
	function answer() { return ("status" in v ? " " v["status"] : "") ("text" in v ? " " v["text"] : "") }
	function clock(t) { return t in clocks ? clocks[t] : "@" t }
	function sentence(e) {
		if (e == "accepted")
			return "accepted from <" v["from"] "> for " many(v["rcpts"], "recipient") \
				", " many(v["bytes"], "byte") ("ms" in v ? " in " v["ms"] " ms" : "") \
				", client " v["client"]
		if (e == "aborted")
			return "the client " v["client"] " went away before the end"
		if (e == "origin")
			return "from " ("from" in v ? v["from"] : "nobody") \
				(v["dmarc"] == "pass" ? ", as DMARC shows" : ", DMARC: " v["dmarc"]) \
				", SPF: " ("spf" in v ? v["spf"] : "not asked") ", DKIM: " v["dkim"] \
				("disposition" in v ? ", so that the policy is to " v["disposition"] : "") \
				("exempt" in v ? ", exempt by the line " v["exempt"] : "")
		if (e == "queued")
			return "put into the queue, " many(v["bytes"], "byte") " for " \
				many(v["rcpts"], "recipient")
		if (e == "start")
			return "attempt " v["tries"] + 1 " begins, from <" v["from"] "> for " \
				many(v["rcpts"], "recipient")
		if (e == "delivery")
			return v["rcpt"] " " (v["result"] == "K" ? "is delivered" : \
				v["result"] == "D" ? "has failed" : "is deferred") \
				", " v["via"] ":" answer()
		if (e == "deferred" && "next" in v)
			return "waits until " clock(v["next"]) ", attempts so far: " v["tries"]
		if (e == "bounced")
			return "the failure is reported to the sender by message " v["bounce"]
		if (e == "warned")
			return "the sender is told that it is late by message " v["bounce"]
		if (e == "confirmed")
			return "the success is reported to the sender by message " v["bounce"]
		if (e == "held")
			return "held" ("rule" in v ? " by the rule " v["rule"] : " by " v["by"])
		if (e == "released")
			return "released by " v["by"]
		if (e == "retried")
			return "to be tried at once, by " v["by"]
		if (e == "removed")
			return v["rcpt"] " is removed by " v["by"] ": " v["text"]
		if (e == "redirected")
			return v["rcpt"] " is to go to " v["to"] ", by " v["by"]
		if (e == "paused")
			return "waits until its destination is resumed"
		if (e == "done")
			return "out of the queue"
		if (e == "delivered")
			return v["rcpt"] " is in the mailbox " v["mailbox"] ", " many(v["bytes"], "byte")
		if (e == "forwarded")
			return v["rcpt"] " goes on as message " v["new"]
		if (e == "connect")
			return "connected to " v["host"] " [" v["ip"] "]"
		if (e == "unreachable")
			return "could not reach " v["host"] ("ip" in v ? " [" v["ip"] "]" : "") ":" answer()
		if (e == "converted")
			return "is converted to 7-bit text, or shorter lines, for " v["host"]
		if (e == "sent")
			return v["rcpt"] " is taken by " v["host"] ":" \
				("status" in v ? " " v["status"] : "") " " v["reply"] over_tls()
		if (e == "cleartext")
			return "goes to " v["host"] " in clear text: " v["text"]
		if (e == "unverified")
			return "goes to " v["host"] ", whose certificate does not matter yet: " v["text"]
		if (e == "retrieved")
			return "fetched by " v["user"] ", client " v["client"]
		if (e == "deleted")
			return "deleted by " v["user"] ", client " v["client"]
		return e ": " rest
	}
	BEGIN {
		while ((getline <ENVIRON["clock"]) > 0)
			clocks[$1] = $2 " " $3
	}
	/^message / { heading = $0; next }
	heading != "" { print heading; heading = "" }
	/^queue\// {
		sub(/\/[^\/]*$/, "")
		due = $0
		print "  now in " $0 (sub(/^queue\/later\//, "", due) ? ", due " clock(due) : "")
		next
	}
	{
		at = index($0, "id=")
		time = substr($0, 1, at - 1)
		sub(/[0-9][0-9][0-9][0-9][0-9][0-9] *$/, "", time)
		parse(substr($0, at))
		printf "  %s  %-14s  %s\n", time, v["at"], shown(sentence(v["event"]))
	}'
}
