# Which messages are asked about, and what came of them: in two readings of the logs.

# logs COMMAND...: run it on all logs, also the rotated ones
logs()
{
	find log/ -type f \( -name current -o -name '@*.[su]' \) -exec "$@" {} +
}

# Is there a log, or a folder of logs, that can't be read?
is_hidden()
{
	find log/ \( -type d \( ! -readable -o ! -executable \) -print -prune \) -o \
		\( -type f \( -name current -o -name '@*.[su]' \) ! -readable -print \) 2>/dev/null | grep -q .
}

# label_of DATE: the label that log lines of that time begin with.  How many seconds the labels are
# ahead of the clock depends on how s6 was built; it is asked.
label_of()
{
	seconds=$(date -d "$1" +%s 2>/dev/null) || refuse "$1: not a date"
	known=$(echo '@400000006b0000000000000000' | cut -c 1-25 | TZ=UTC readable_time)
	known=$(date -u -d "$known" +%s 2>/dev/null) || known=$((0x6b000000 - 37))
	printf '@%x\n' $((0x400000006b000000 + seconds - known))
}

# Log lines to "L TIME ID NEXT", for each message NEXT that came of ID, and "R TIME ID" for each
# message of which all that is asked for ($of_...) has been met, in one line or in several.  Only our
# own words count: a peer's may be quoted in the same line.
find_messages()
{
	awk "$parse"'
	function asked(name) {
		if (ENVIRON["of_" name] != "")
			needed++
		return tolower(ENVIRON["of_" name])
	}
	# as it stands in the log
	function written(s) { gsub(/["\\]/, "\\\\&", s); return s }
	function met(name) {
		if ((id, name) in seen)
			return
		seen[id, name]
		if (!count[id]++ || $1 < first[id])
			first[id] = $1
	}
	function is_in(domain, address) {
		return substr(address, length(address) - length(domain)) == "@" domain
	}
	BEGIN {
		address = asked("address"); user = asked("user"); client = asked("client")
		domain = asked("domain"); msgid = asked("msgid")
		from = asked("from"); to = asked("to")
		if (from != "" && to != "")
			needed--
		w_address = written(address); w_user = written(user); w_msgid = written(msgid)
	}
	length($2) != 27 || substr($2, 1, 3) != "id=" { next }
	{ id = substr($2, 4) }
	$3 == "at=queue-run" && $4 ~ /^event=(bounced|warned|confirmed)$/ && $5 ~ /^bounce=/ {
		print "L", $1, id, substr($5, 8)
	}
	$3 == "at=local-deliver" && $4 == "event=forwarded" && $NF ~ /^new=/ {
		print "L", $1, id, substr($NF, 5)
	}
	!needed { next }
	(from != "" || to != "") && $1 >= from && (to == "" || $1 < to) { met("time") }
	{
		line = tolower($0)
		if (!(address != "" && index(line, w_address) || domain != "" && index(line, "@" domain) ||
			user != "" && index(line, w_user) || client != "" && index(line, client) ||
			msgid != "" && index(line, w_msgid)))
			next
		parse(substr(line, index(line, "id=")))
		if (address != "" && (v["rcpt"] == address || v["from"] == address))
			met("address")
		if (domain != "" && (is_in(domain, v["rcpt"]) || is_in(domain, v["from"])))
			met("domain")
		if (msgid != "" && (v["msgid"] == msgid || v["msgid"] == "<" msgid ">"))
			met("msgid")
		if (v["at"] != "smtp-recv")
			next
		if (user != "" && v["user"] == user)
			met("user")
		if (client != "" && v["client"] == client)
			met("client")
	}
	END {
		for (id in count)
			if (count[id] == needed)
				print "R", first[id], id
	}'
}

# What find_messages says, sorted, to "ID ORIGIN", in the order in which they are to be shown
plan()
{
	awk '
	function visit(id,   next_ones, n, i) {
		if (id in visited)
			return
		visited[id]
		print id, origin[id]
		n = split(next_of[id], next_ones, " ")
		for (i = 1; i <= n; i++)
			visit(next_ones[i])
	}
	$1 == "L" {
		next_of[$3] = next_of[$3] " " $4
		if (!($4 in origin))
			origin[$4] = $3
	}
	$1 == "R" { visit($3) }'
}

# All that is known about the messages in $work/plan, in this order: "NUMBER KIND LINE", of which
# KIND is 0 for a heading, 1 for a log line, 2 for a place in the queue
gather()
{
	cut -d ' ' -f 1 "$work/plan" >"$work/ids"
	{
		queue-list -j state=journal 2>/dev/null | sed -n 's,^{"id":"\([0-9a-z]*\)".*,queue/journal/\1,p'
		find queue/new queue/hold queue/paused queue/bad queue/later -maxdepth 2 -type f 2>/dev/null
		logs grep -hsF -f "$work/ids"
	} | plan=$work/plan awk '
	function put(kind, line) { printf "%07d %d %s\n", number[id], kind, line }
	BEGIN {
		while ((getline <ENVIRON["plan"]) > 0) {
			number[id = $1] = ++n
			put(0, "message " id (NF > 1 ? ", which came of " $2 : ""))
		}
	}
	/^queue\// {
		id = $0
		sub(/.*\//, "", id)
		if (id in number)
			put(2, $0)
		next
	}
	{ id = substr($2, 4) }
	/^@[0-9a-f]* id=[0-9a-z]* at=/ && id in number { put(1, $0) }' | sort -u
}

# show: all about the messages in $work/plan
show()
{
	gather >"$work/all"
	sed -n -e 's/.* at=queue-run event=deferred next=\([0-9]*\) .*/@\1/p' \
		-e 's,^[0-9]* 2 queue/later/\([0-9]*\)/.*,@\1,p' "$work/all" | sort -u |
		date -f - '+%s %Y-%m-%d %H:%M:%S' >"$work/clock" 2>/dev/null
	cut -c 11- "$work/all" | readable_time | tell "$work/clock"
}

make_room()
{
	work=$(mktemp -d) || defer 'unable to make a temporary folder'
	trap 'rm -rf "$work"' EXIT
	trap 'exit 111' HUP INT TERM
}

# id_of WORD: the ID in it, which may also be a file in a maildir or in the queue
id_of()
{
	name=$(basename -- "$1")
	printf '%s\n' "$name" | sed -n \
		-e 's/^[0-9]*\.\([0-9a-z]\{24\}\)r[0-9a-f]\{8\}\..*/\1/p;t' \
		-e 's/^\([0-9a-z]\{24\}\)$/\1/p'
}

# The messages with these IDs, and those that came of them
tell_messages()
{
	make_room
	ids=
	for word in "$@"; do
		id=$(id_of "$word")
		[ -n "$id" ] || refuse "$word: not the ID of a message"
		ids="$ids $id"
	done
	{
		logs grep -hsF -e ' bounce=' -e ' new=' | find_messages | sort -u
		for id in $ids; do echo "R - $id"; done
	} | plan >"$work/plan"
	show
	is_hidden && defer "unable to read all of $home/log, so this is not all: as whom?"
	for id in $ids; do
		number=$(sed -n "/^$id/=" "$work/plan")
		grep -q "^$(printf '%07d' "$number") [12]" "$work/all" ||
			refuse "$id: neither in $home/log nor in $home/queue"
	done
}

# The messages that have all that was asked for
tell_search()
{
	# what can't be read is no answer
	is_hidden && defer "unable to read all of $home/log: as whom?"
	make_room
	logs cat | find_messages | sort -u | plan >"$work/plan"
	[ -s "$work/plan" ] || refuse "no such message in $home/log"
	show
}
