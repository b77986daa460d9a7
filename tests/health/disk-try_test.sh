#! /usr/bin/env atf-sh
PATH=$(atf_get_srcdir)/../../bin:$PATH

atf_test_case tells_what_a_folder_can
tells_what_a_folder_can_body()
{
	mkdir a b
	atf_check -o match:'^a: tmpfile=[a-z]* journal=[a-z]* microseconds=[0-9]*$' -o match:'^b: tmpfile=' disk-try a b
	atf_check -o empty find a b -type f
	atf_check -s exit:100 -o match:'^b: ' -e match:'unable to make a file in none: No such file' disk-try none b
	atf_check -s exit:111 -e match:'usage: disk-try' disk-try
}

atf_test_case a_folder_that_is_closed_is_told
a_folder_that_is_closed_is_told_head() { atf_set require.user unprivileged; }
a_folder_that_is_closed_is_told_body()
{
	mkdir -m 555 a
	atf_check -s exit:100 -e match:'unable to make a file in a: Permission denied' disk-try a
}

# with CALL ERROR: disk-try on the folder a, that call failing
with()
{
	strace -f -o trace -e trace="$1" -e inject="$1:error=$2${3:+:when=$3}" disk-try a >said 2>err
	code=$?
	grep -q INJECTED trace || atf_skip "strace injects nothing here"
}

atf_test_case what_the_disk_refuses_is_told
what_the_disk_refuses_is_told_head() { atf_set require.progs strace; }
what_the_disk_refuses_is_told_body()
{
	mkdir a
	strace -o /dev/null true 2>/dev/null || atf_skip "strace traces nothing here"
	for call in fsync write; do
		with $call EIO 1
		atf_check_equal 100 $code
		atf_check -o match:"^disk-try: unable to .* in a: .*([Ii]nput/output|I/O) error" -x "cat err | sed -n 1p"
		atf_check -o empty ls -A a
	done
	# where there are no files without a name they get one at once
	strace -o trace -P a -e trace=open,openat -e inject=open,openat:error=EOPNOTSUPP:when=1 disk-try a >said ||
		atf_fail "not done without O_TMPFILE"
	grep -q INJECTED trace || atf_skip "strace injects nothing here"
	atf_check -o match:'^a: tmpfile=no ' cat said
	atf_check -o empty ls -A a
}

atf_test_case a_journal_that_ext4_lacks_is_told cleanup
a_journal_that_ext4_lacks_is_told_head()
{
	atf_set require.user root
	PATH=$PATH:/usr/sbin:/sbin
	atf_set require.progs "mkfs.ext4 mount"
}
a_journal_that_ext4_lacks_is_told_body()
{
	PATH=$PATH:/usr/sbin:/sbin
	mkdir a
	for journal in no yes; do
		rm -f image
		truncate -s 16M image
		[ $journal = yes ] || features='-O ^has_journal'
		mkfs.ext4 -q -F $features image
		mount -o loop image a || atf_skip "nothing can be mounted here"
		atf_check -o match:"^a: tmpfile=yes journal=$journal " disk-try a
		umount a
		features=
	done
}
a_journal_that_ext4_lacks_is_told_cleanup()
{
	! mountpoint -q a || umount a
}

atf_init_test_cases()
{
	atf_add_test_case tells_what_a_folder_can
	atf_add_test_case a_folder_that_is_closed_is_told
	atf_add_test_case what_the_disk_refuses_is_told
	atf_add_test_case a_journal_that_ext4_lacks_is_told
}
