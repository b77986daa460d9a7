#! /usr/bin/env atf-sh
PATH=$(atf_get_srcdir)/../../bin:$PATH
. "$(atf_get_srcdir)/../lib/sanitizer.sh"
. "$(atf_get_srcdir)/../queue/home.sh"

# make_files FOLDER COUNT RECIPIENT [BUCKETS]: messages as queue-inject writes them, without a
# sync.  With BUCKETS they stand in as many folders of FOLDER, due in some minutes.
make_files()
{
	python3 - "$@" <<-'END'
		import os, random, sys, time
		folder, count, recipient = sys.argv[1], int(sys.argv[2]), sys.argv[3]
		buckets = int(sys.argv[4]) if len(sys.argv) > 4 else 0
		digits = '0123456789abcdefghijklmnopqrstuvwxyz'
		envelope = b'Fa@b.c\0T' + recipient.encode() + b'\0\0'
		content = b'facteur1 %020d %020d%13s\n' % (3, len(envelope), b'') + b'hi\n' + envelope
		now = int(time.time())
		random.seed(1)
		order = list(range(count))
		random.shuffle(order)
		for n in order:
		    t, ident = (now - 1000) * 10**6 + n, ''
		    for _ in range(11):
		        t, ident = t // 36, digits[t % 36] + ident
		    ident += ''.join(random.choices(digits, k=13))
		    path = folder
		    if buckets:
		        path += f'/{now + 600 + n % buckets * 16}'
		        os.makedirs(path, exist_ok=True)
		    with open(f'{path}/{ident}', 'wb') as f:
		        f.write(content)
	END
}

# As start_queue, under strace, which writes the given calls to the file calls.
start_traced()
{
	[ -p ready ] || mkfifo ready
	strace --seccomp-bpf -f -o calls -e "trace=$1" queue-run -d 3 3>ready 2>>log &
	tracer=$!
	echo $tracer >>pids
	expect_ready
	queue=$(pgrep -P $tracer queue-run)
	echo "$queue" >>pids
}

need_strace()
{
	strace -f -o /dev/null true 2>/dev/null || atf_skip "strace can't trace here"
}

add_case works_off_what_it_finds_in_order_and_reads_the_folder_once
works_off_what_it_finds_in_order_and_reads_the_folder_once_body()
{
	need_strace
	make_home
	echo 1 >control/concurrencylocal
	make_files queue/new 10000 later@local.test
	ls queue/new | sort >expected
	start_workers
	start_traced open,openat,getdents,getdents64
	: >>local/jobs
	until_counted 10000 '' local/jobs
	kill -TERM "$queue"
	wait $tracer
	atf_check -o file:expected cut -d ' ' -f 1 local/jobs
	# 48 bytes for each name; musl reads 2048 at a time
	opened=$(grep -c '"queue/new", .*O_DIRECTORY' calls)
	[ "$opened" -le 3 ] || atf_fail "queue/new was opened $opened times"
	read=$(grep -c getdents calls)
	[ "$read" -le $((opened * 300)) ] || atf_fail "folders were read $read times"
}

add_case sleeps_while_all_mail_waits
sleeps_while_all_mail_waits_body()
{
	need_strace
	make_home
	make_files queue/later 2000 ok@local.test 50
	start_workers
	start_traced all
	inject 'Fa@b.c\0Tok@local.test\0\0'
	until_logged "id=$id .*event=done"
	sleep 1 # what it does after its work is done
	before=$(grep -c ppoll calls)
	sleep 3
	# some seconds after its work it looks once whether queue/new has changed meanwhile
	[ "$(grep -c ppoll calls)" -le $((before + 1)) ] || atf_fail "woken: $(tail calls)"
	[ "$(ls queue/later | wc -l)" = 50 ] || atf_fail "messages were not left alone"
}

add_case has_memory_for_few_of_the_messages_that_wait
has_memory_for_few_of_the_messages_that_wait_body()
{
	skip_sanitized queue-run
	make_home
	start_workers
	start_queue
	empty=$(awk '/^VmHWM/ { print $2 }' /proc/$queue/status)
	stop_queue
	make_files queue/later 40000 ok@local.test 200
	start_queue
	inject 'Fa@b.c\0Tok@local.test\0\0'
	until_logged "id=$id .*event=done"
	full=$(awk '/^VmHWM/ { print $2 }' /proc/$queue/status)
	[ "$full" -lt $((empty + 900)) ] || atf_fail "$full KB instead of $empty"
}

# The constants of queue-run(8): 3 KB for each active message, 80 bytes for each that waits.
add_case has_memory_for_few_of_the_messages_that_are_due
has_memory_for_few_of_the_messages_that_are_due_body()
{
	skip_sanitized queue-run
	make_home
	start_workers
	start_queue
	empty=$(awk '/^VmHWM/ { print $2 }' /proc/$queue/status)
	stop_queue
	# all of other users, and to other destinations
	"$(atf_get_srcdir)/../queue/fill.py" queue/new 30000 u%d@b.c slow@d%d.test >ids
	"$(atf_get_srcdir)/../queue/fill.py" queue/new 1 last@b.c slow@last.test >>ids
	start_queue
	until_true "ls -l /proc/$queue/fd | grep -q $(head -n 1 ids)"
	until_true '[ $(ls /proc/$queue/fd | wc -l) -gt 950 ] && is_idle'
	full=$(awk '/^VmHWM/ { print $2 }' /proc/$queue/status)
	# a list that grows is there twice for a moment, and so is the list of names in the folder
	[ "$full" -lt $((empty + 3 * 1000 + 2 * 30000 * 80 / 1000 + 1000)) ] ||
		atf_fail "$full KB instead of $empty"
}

add_case does_with_the_file_what_must_be_and_no_more
does_with_the_file_what_must_be_and_no_more_body()
{
	need_strace
	make_home
	echo 1 >control/concurrencylocal
	start_workers
	start_traced %file,pread64,fsync,fdatasync,syncfs,connect
	for n in $(seq 20); do
		inject "Fa@b.c\0Tok$n@local.test\0\0"
		echo $id
	done >ids
	until_true '[ $(count event=done log) = 20 ]'
	kill -TERM "$queue"
	wait $tracer
	# once opened, once looked at whether it is still there, once removed
	for id in $(cat ids); do
		grep "queue/new/$id" calls >these
		[ $(wc -l <these) = 3 ] || atf_fail "$(cat these)"
		expect_count 1 ' open[a-z]*(' these
		expect_count 1 ' unlink(' these
	done
	# header and envelope are read, the message by who delivers it (and, before, a shared libc by its loader)
	sed '1,/ chdir(/d' calls >own
	expect_count 40 'pread64(' own
	# a child syncs what was removed where there is no journal
	expect_count 0 "^$queue .*sync" calls
	expect_count 0 rename calls
	# one connection serves them all
	expect_count 1 'connect(.*run/deliver.sock' calls
}

add_case tells_once_what_is_foreign_among_the_buckets
tells_once_what_is_foreign_among_the_buckets_body()
{
	make_home
	start_workers
	mkdir queue/later/soon queue/later/0400 queue/later/soon/inside
	echo hello >queue/later/README
	: >queue/later/17
	: >queue/later/.hidden
	start_queue
	for n in 1 2 3; do
		kill -ALRM $queue
		inject 'Fa@b.c\0Tok@local.test\0\0'
		until_logged "id=$id .*event=done"
	done
	for name in soon 0400 README; do
		expect_count 1 "event=foreign file=queue/later/$name why=\"not the name of a bucket\"" log
	done
	expect_count 1 'event=foreign file=queue/later/17 why="not a folder"' log
	expect_count 4 event=foreign log
	atf_check -o inline:".\n..\n.hidden\n0400\n17\nREADME\nsoon\n" ls -a queue/later
	atf_check -o inline:"hello\n" cat queue/later/README
}

atf_init_test_cases()
{
	for name in $(sed -n 's/^add_case //p' "$(atf_get_srcdir)/queue-run_backlog_test"); do
		atf_add_test_case "$name"
	done
}
