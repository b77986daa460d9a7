# What stands in the queue.

# Where the messages stand now: "ID ~ I PLACE", which sorts behind all log lines of the ID.  What leaves
# the journal meanwhile is met in the folders.
list_queue()
{
	FACTEUR_HOME=$home "$bin/queue-list" -j state=journal 2>>"$work/complaints" |
		sed -n 's/^{"id":"\([0-9a-z]*\)".*/\1 ~ I queue\/journal/p'
	find queue/new queue/later queue/hold queue/paused queue/bad -name "$any_id" \
	    -printf '%f ~ I %h\n' 2>>"$work/complaints"
	:
}

# What stands in the queue and of which no log tells for how many it is: "ID ~ F RECIPIENTS", as the
# file says.
read_files()
{
	awk '
	$1 != id { if (place && !known) print id; id = $1; place = known = 0 }
	$3 == "I" { place = 1 }
	$3 ~ /^[AQS]$/ { known = 1 }
	END { if (place && !known) print id }' "$work/events" |
		FACTEUR_HOME=$home xargs -r "$bin/queue-list" -j 2>/dev/null | awk '
		match($0, /^{"id":"[0-9a-z]+"/) {
			id = substr($0, 8, RLENGTH - 8)
			n = gsub(/[{,]"address":"/, "")
			if (n > 0)
				print id, "~", "F", n
		}' | sort -k 1,2
}
