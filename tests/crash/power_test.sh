#! /usr/bin/env atf-sh
# The power is cut under a real file system, which is mounted again.

crash=$(atf_get_srcdir)

# power CUTS ARGUMENT...: with CRASH_ALL many more.
power()
{
	cuts=$1
	shift
	[ -z "$CRASH_ALL" ] || cuts=$((cuts * 20))
	unshare -m /usr/bin/python3 "$crash/power.py" -c "$cuts" "$@" >out 2>&1
	code=$?
	cat out
	return $code
}

needs()
{
	atf_set require.user root
	atf_set require.progs "unshare /usr/bin/python3 $1"
	[ -z "$CRASH_ALL" ] || atf_set timeout 3600
}

# can SYSTEM: has the kernel what it takes?
can()
{
	[ -w /dev/fuse ] || atf_skip "there is no /dev/fuse"
	[ -e /dev/loop-control ] || atf_skip "there are no loop devices"
	grep -qw "$1" /proc/filesystems || atf_skip "the kernel has no $1"
	unshare -m true || atf_skip "mount namespaces are not allowed here"
}

atf_test_case ext4_keeps_what_was_accepted
ext4_keeps_what_was_accepted_head()
{
	needs mkfs.ext4
}
ext4_keeps_what_was_accepted_body()
{
	can ext4
	power 15 ext4 || atf_fail "a promise is broken"
}

# What its readers have removed may come back there; what else breaks is told in durability.md: some
# cuts do, so this is a trial, of which make check could learn nothing.
atf_test_case ext4_without_a_journal_is_tried
ext4_without_a_journal_is_tried_head()
{
	needs "mkfs.ext4 e2fsck"
}
ext4_without_a_journal_is_tried_body()
{
	[ -n "$CRASH_ALL" ] || atf_skip "not every cut leaves what was promised there; CRASH_ALL=1 tries it"
	can ext4
	power 6 ext4-bare || atf_fail "a promise is broken"
}

atf_test_case xfs_keeps_what_was_accepted
xfs_keeps_what_was_accepted_head()
{
	needs mkfs.xfs
}
xfs_keeps_what_was_accepted_body()
{
	can xfs
	power 9 xfs || atf_fail "a promise is broken"
}

atf_test_case btrfs_keeps_what_was_accepted
btrfs_keeps_what_was_accepted_head()
{
	needs mkfs.btrfs
}
btrfs_keeps_what_was_accepted_body()
{
	can btrfs
	power 9 btrfs || atf_fail "a promise is broken"
}

atf_test_case a_disk_that_forgets_is_noticed
a_disk_that_forgets_is_noticed_head()
{
	needs mkfs.ext4
}
a_disk_that_forgets_is_noticed_body()
{
	can ext4
	CRASH_ALL= power 3 ext4 forgetful && atf_fail "it is not noticed"
	atf_check -o ignore grep -E 'has lost|again, which .* had removed' out
	atf_check -o match:' [1-9][0-9]* broken' tail -n 1 out
}

atf_init_test_cases()
{
	PATH=$PATH:/usr/sbin:/sbin
	atf_add_test_case ext4_keeps_what_was_accepted
	atf_add_test_case ext4_without_a_journal_is_tried
	atf_add_test_case xfs_keeps_what_was_accepted
	atf_add_test_case btrfs_keeps_what_was_accepted
	atf_add_test_case a_disk_that_forgets_is_noticed
}
