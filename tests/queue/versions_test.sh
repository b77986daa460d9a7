#! /usr/bin/env atf-sh
# Queue files of the past and of the future.  data/version1 is never to be changed: it is what
# the first release wrote, with every kind of record and journal line that it knew.
PATH=$(atf_get_srcdir)/../../bin:$PATH
. "$(atf_get_srcdir)/home.sh"

ID=0hofc52zpb5l953d9rf5s5a3

begin()
{
	[ -n "$FACTEUR_SOURCE" ] || atf_fail "FACTEUR_SOURCE, the source tree, is not set"
	data=$FACTEUR_SOURCE/tests/queue/data
	make_home
	echo 1 >control/retry
	mkdir -p queue/paused queue/journal
	chmod 700 queue/new queue/later queue/hold queue/paused queue/bad queue/journal
	chmod 600 queue/trigger
}

add_case delivers_what_the_first_version_wrote
delivers_what_the_first_version_wrote_body()
{
	begin
	mkdir queue/later/1795424410
	install -m 660 "$data/version1" queue/later/1795424410/$ID
	atf_check -s exit:100 -e match:'found .*journal is torn' -e match:'found=1' queue-check
	atf_check -o match:"$ID later .* from <sender@far.test>, tries 1" \
	    -o match:'delivered done@local.test: 2.0.0 delivered' \
	    -o match:'deferred ok-waiting@local.test: 4.2.1 mailbox is full' \
	    -o match:'bounced no-reported@far.test' -o match:'waiting ok-never-tried@far.test' \
	    queue-list
	start_workers
	start_queue
	until_logged "id=$ID .*event=done"
	stop_queue
	for file in local/ok-waiting@local.test.$ID remote/ok-never-tried@far.test.$ID; do
		atf_check cmp "$data/version1.message" $file
	done
	# what was done is not done again, and only the new failure is reported
	atf_check -o not-match:'done@local|no-reported' cat local/jobs remote/jobs
	atf_check -o match:"^$ID sender@far.test ok-waiting@local.test again" cat local/jobs
	expect_count 1 "id=$ID .*event=bounced" log
	atf_check ls queue/bad
}

add_case keeps_what_a_later_version_wrote_as_it_is
keeps_what_a_later_version_wrote_as_it_is_body()
{
	begin
	mkdir queue/later/1795424410
	for version in 2 10; do
		id=0hofc52zpb5l953d9rf5s5b$(printf %01d $((version % 9)))
		{
			printf "facteur$version"
			tail -c +9 "$data/version1"
		} >later.$version
		install -m 660 later.$version queue/later/1795424410/$id
	done
	install -m 660 later.2 queue/new/0hofc52zpb5l953d9rf5s5c0
	atf_check -o match:'not a message: written by a later version' queue-list
	start_workers
	start_queue
	until_true '[ $(ls queue/bad | wc -l) = 3 ]'
	stop_queue
	expect_count 3 'event=bad .*why="written by a later version"' log
	atf_check cmp later.2 queue/bad/0hofc52zpb5l953d9rf5s5b2
	atf_check cmp later.10 queue/bad/0hofc52zpb5l953d9rf5s5b1
	atf_check cmp later.2 queue/bad/0hofc52zpb5l953d9rf5s5c0
	[ ! -e local/jobs ] || atf_fail "delivered: $(cat local/jobs)"
	atf_check -s exit:100 -e match:'written by a later version' \
	    queue-bounce queue/bad/0hofc52zpb5l953d9rf5s5b2
}

atf_init_test_cases()
{
	for name in $(sed -n 's/^add_case //p' "$(atf_get_srcdir)/versions_test"); do
		atf_add_test_case "$name"
	done
}
