#! /usr/bin/env atf-sh
# What is promised on a file system that says it syncs as a whole, and does not: FUSE.
PATH=$(atf_get_srcdir)/../../bin:$PATH

ID=0ehyf3k2q1abcdefghijklmn

# fuse COMMAND...: run it with the folder behind shown at mail through FUSE; the syncs that arrive
# there stand in syncs
fuse()
{
	mkdir -p behind home/mail
	unshare -m python3 "$(atf_get_srcdir)/fuse_folder.py" behind home/mail syncs "$@"
}

need_fuse()
{
	[ -c /dev/fuse ] || atf_skip "no /dev/fuse"
	fuse true 2>fuse.log || atf_skip "nothing can be mounted: $(head -n 1 fuse.log)"
}

atf_test_case many_mailboxes_share_no_sync
many_mailboxes_share_no_sync_head()
{
	atf_set require.user root
}
many_mailboxes_share_no_sync_body()
{
	need_fuse
	FACTEUR_HOME=$PWD/home
	export FACTEUR_HOME
	mkdir -p home/control home/users home/queue/new
	echo mx.example.test >home/control/me
	echo example.test >home/control/domains
	: >home/users/aliases
	names=
	for i in 0 1 2 3 4 5 6 7 8 9; do
		echo "user$i@example.test:65534:65534:" >>home/users/mailboxes
		names="$names user$i@example.test"
	done
	mail-compile || atf_fail 'no users.cdb'
	printf 'Subject: x\n\nbody\n' >message
	# the mailboxes are there already: their making is not what is counted
	fuse python3 "$(atf_get_srcdir)/post.py" job -i ${ID%n}m message $names -- local-deliver false >made 2>log ||
		atf_fail "$(cat log)"
	atf_check_equal 10 "$(grep -c ^K made)"
	fuse python3 "$(atf_get_srcdir)/post.py" job -i $ID message $names -- local-deliver false >answers 2>log ||
		atf_fail "$(cat log)"
	atf_check_equal 10 "$(grep -c ^K answers)"
	for i in 0 1 2 3 4 5 6 7 8 9; do
		maildir=$PWD/behind/example.test/user$i/Maildir
		file=$(ls "$maildir/new/"*$ID*)
		# its data, and what has been done to its name; and its folder between them
		atf_check_equal "$i: 2" "$i: $(awk -v m="$maildir/" '$1 == "fsync" && index($2, m) == 1' syncs | wc -l)"
		atf_check_equal "$i: fsync $file" "$i: $(grep -F " $maildir/" syncs | tail -n 1)"
		atf_check -o ignore grep -Fx "fsyncdir $maildir/new" syncs
	done
}

atf_test_case what_is_prepared_is_synced_file_by_file
what_is_prepared_is_synced_file_by_file_head()
{
	atf_set require.user root
}
what_is_prepared_is_synced_file_by_file_body()
{
	need_fuse
	FACTEUR_HOME=$PWD/home
	export FACTEUR_HOME
	mkdir -p home/control home/users home/queue/new home/run
	echo mx.example.test >home/control/me
	echo example.test >home/control/domains
	: >home/users/aliases
	echo user@example.test:65534:65534: >home/users/mailboxes
	mail-compile || atf_fail 'no users.cdb'
	printf 'Subject: x\n\nbody\n' >message
	python3 "$(atf_get_srcdir)/queue_stand_in.py" home/run/queue.sock records >ready &
	stand_in=$!
	trap 'kill $stand_in' EXIT
	until [ -s ready ]; do
		kill -0 $stand_in || atf_fail 'no stand-in for the service'
	done
	# its folders first
	fuse python3 "$(atf_get_srcdir)/post.py" job -i ${ID%n}m message user@example.test -- local-deliver false >made 2>log ||
		atf_fail "$(cat log)"
	fuse python3 "$(atf_get_srcdir)/post.py" job -i $ID message user@example.test -- local-deliver false >answers 2>log ||
		atf_fail "$(cat log)"
	atf_check -o match:^K cat answers
	atf_check -o inline:"$ID user@example.test\n" tail -n 1 records
	maildir=$PWD/behind/example.test/user/Maildir
	name=$(ls "$maildir/new" | grep -F $ID)
	# file and name before the record, and then both folders; the first sync of the file says
	# nothing of its name
	{
		echo "fsync $maildir/tmp/$name"
		echo "fsyncdir $maildir/tmp"
		echo "fsync $maildir/tmp/$name"
	} >expected
	grep -F " $maildir/" syncs >seen
	head -n 3 seen >before
	tail -n +4 seen >after
	atf_check -o file:expected cat before
	for folder in new tmp; do
		atf_check -o ignore grep -Fx "fsyncdir $maildir/$folder" after
	done
	atf_check -o empty ls "$maildir/tmp"
}

atf_init_test_cases()
{
	atf_add_test_case what_is_prepared_is_synced_file_by_file
	atf_add_test_case many_mailboxes_share_no_sync
}
