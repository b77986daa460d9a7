# A small home with queue-run in it, for the tests that source this.
# Its log is the file $log, for log may be a folder.
: "${log:=log}"
. "$(atf_get_srcdir)/../lib/until.sh"

# A test case whose programs are ended whatever happens.
add_case()
{
	atf_test_case "$1" cleanup
	eval "$1_cleanup() { stop_all; }"
}

stop_all()
{
	[ ! -f pids ] || while read -r pid; do
		kill -9 "$pid" 2>/dev/null || true
	done <pids
}

make_home()
{
	export FACTEUR_HOME="$PWD"
	mkdir -p control users queue/new queue/later queue/bad queue/hold run
	mkfifo queue/trigger
	echo mx.example.test >control/me
	echo local.test >control/domains
	echo local.test >control/defaultdomain
	: >users/mailboxes
	: >users/aliases
	: >users/passwords
	chmod 600 users/passwords
	mail-compile || atf_fail "no users.cdb"
}

# The programs behind the sockets: see worker.py.
start_workers()
{
	for pair in deliver:local send:remote; do
		"$(atf_get_srcdir)/../queue/worker.py" run/${pair%:*}.sock ${pair#*:} >>pids
	done
}

# start_queue [SINK...]: for reports
start_queue()
{
	[ -p ready ] || mkfifo ready
	queue-run -d 3 "$@" 3>ready 2>>$log &
	queue=$!
	echo $queue >>pids
	expect_ready
}

# queue-run has said that it is
expect_ready()
{
	read -r line <ready && return
	show_trouble
	atf_fail "queue-run is not ready"
}

# As a crash: it has its locks until it is gone.
kill_queue()
{
	kill -9 $queue
	wait $queue
}

stop_queue()
{
	kill -TERM $queue
	wait $queue || atf_fail "queue-run ended with $?"
}

# inject ENVELOPE: a message that holds the envelope's text, its ID in $id.
inject()
{
	printf "$1" >envelope
	printf 'Subject: test\n\nhello\n' | queue-inject 1<envelope 4>report 2>>inject.log ||
		atf_fail "not queued: $(cat inject.log)"
	id=$(cut -c 2- report)
}

# What the tests show when they wait in vain
show_trouble()
{
	tail -n 100 $log
	ls -R queue | head -n 100
}

until_logged()
{
	until_true "grep -q '$1' $log"
}

count()
{
	grep -c "$1" "$2" || true
}

# until_counted N WORDS FILE: as long as they become more
until_counted()
{
	counted=$(count "$2" "$3")
	while [ "$counted" -lt "$1" ]; do
		until_true "[ \$(count '$2' '$3') -gt $counted ]"
		counted=$(count "$2" "$3")
	done
}

expect_count()
{
	[ "$(count "$2" "$3")" = "$1" ] || { cat "$3"; atf_fail "not $1 times in $3: $2"; }
}

# queue-run has used no time for a moment.
is_idle()
{
	before=$(cut -d ' ' -f 14,15 /proc/$queue/stat)
	sleep 0.3
	[ "$before" = "$(cut -d ' ' -f 14,15 /proc/$queue/stat)" ]
}
