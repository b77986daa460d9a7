# What it costs that messages wait: the same load with none, with many and with very many deferred
# messages in the queue, in turn.  Part of tests/bench/run; of our own system only.

# The home's queue service, down and up.
queue_down() {
	facteur_as_user s6-svc -dwD -T 20000 "$FACTEUR_HOME/service/queue" || fail "the queue does not stop"
}

queue_up() {
	facteur_as_user s6-svc -u "$FACTEUR_HOME/service/queue"
}

queue_pid() {
	s6-svstat -o pid "$FACTEUR_HOME/service/queue"
}

# As the owner of the queue's files.
fill() {
	for owner in $(stat -c '%u' "$FACTEUR_HOME/queue/later"); do
		if [ "$owner" = "$(id -u)" ]; then
			"$tools/queue-fill" "$@"
		else
			s6-applyuidgid -u "$owner" -g "$(stat -c %g "$FACTEUR_HOME/queue/new")" -G "" \
			    "$tools/queue-fill" "$@"
		fi || fail "queue-fill"
	done
}

# One folder of deferred messages for each number; they take their turn as queue/later.
make_backlogs() {
	for waiting in $BENCH_BACKLOG; do
		[ "$(df --output=avail "$work" | tail -n 1)" -gt $((waiting * 5)) ] ||
		    fail "no room for $waiting messages of 4 KB in $BENCH_FOLDER"
	done
	for waiting in $BENCH_BACKLOG; do
		[ ! -d "$FACTEUR_HOME/queue/aside.$waiting" ] || return 0
		say "making $waiting deferred messages"
		cp -a "$FACTEUR_HOME/queue/later" "$FACTEUR_HOME/queue/aside.$waiting"
		fill "$FACTEUR_HOME/queue/aside.$waiting" "$waiting"
	done
	sync -f "$work"
}

# with_backlog N: the queue, stopped, gets that folder; and gives it back.
with_backlog() {
	rmdir "$FACTEUR_HOME/queue/later" && mv "$FACTEUR_HOME/queue/aside.$1" "$FACTEUR_HOME/queue/later"
}

without_backlog() {
	mv "$FACTEUR_HOME/queue/later" "$FACTEUR_HOME/queue/aside.$1" && mkdir "$FACTEUR_HOME/queue/later" &&
	    chown --reference="$FACTEUR_HOME/queue/aside.$1" "$FACTEUR_HOME/queue/later"
}

milliseconds() {
	date +%s%3N
}

# Milliseconds from the start of queue-run until a message that came then is in its maildir.
time_restart() {
	clean
	began=$(milliseconds)
	queue_up
	# shellcheck disable=SC2046
	"$tools/smtp-load" -n 1 -t 60 127.0.0.1 "$smtp_port" "$domain" $(maildirs 1) >"$work/first" ||
	    say "no delivery after the restart: $(cat "$work/first")"
	record facteur "backlog $1" restart "$(($(milliseconds) - began))"
}

# How often queue-run is woken in 5 seconds without mail, and the CPU time in ms.
watch_idle() {
	pid=$(queue_pid)
	sleep 2 # the last messages are settled
	before=$(sed -n 's/^voluntary_ctxt_switches://p' "/proc/$pid/status")
	used=$(cut -d ' ' -f 1 "/proc/$pid/schedstat")
	sleep 5
	record facteur "backlog $1" wakeups \
	    $(($(sed -n 's/^voluntary_ctxt_switches://p' "/proc/$pid/status") - before))
	record facteur "backlog $1" idle \
	    $((($(cut -d ' ' -f 1 "/proc/$pid/schedstat") - used) / 1000000))
}

case_backlog() {
	[ "$1" = facteur ] || return 0
	facteur_system
	make_backlogs
	for waiting in $BENCH_BACKLOG; do
		queue_down
		with_backlog "$waiting"
		time_restart "$waiting"
		for load in 1 2 3; do
			messages=$BENCH_MESSAGES
			load facteur "1 KB +$waiting|10|many" "$spread" \
			    -c 10 -n "$messages" -m 50 -s 1024
		done
		watch_idle "$waiting"
		record facteur "backlog $waiting" peak \
		    "$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$(queue_pid)/status")"
		queue_down
		without_backlog "$waiting"
		queue_up
	done
}

is_empty() {
	[ -z "$(find "$1" -mindepth 1 -print -quit)" ]
}

# New messages that came while queue-run was down, 10,000 of them.
case_burst() {
	[ "$1" = facteur ] || return 0
	facteur_system
	queue_down
	clean
	fill -r "box1@$domain" "$FACTEUR_HOME/queue/new" "$BENCH_BURST"
	began=$(milliseconds)
	queue_up
	wait_until 600 is_empty "$FACTEUR_HOME/queue/new" || say "the burst is not worked off"
	record facteur "new +$BENCH_BURST|-|-" rate \
	    $((BENCH_BURST * 1000 / ($(milliseconds) - began)))
}
