#! /usr/bin/env atf-sh
PATH=$(atf_get_srcdir)/../../bin:$PATH
. "$(atf_get_srcdir)/../lib/until.sh"

# svscan NAME [PROGRAM...]: hold the lock as s6-svscan does, with a child that has PROGRAM as its own
svscan()
{
	mkdir -p services/.s6-svscan
	cat >svscan.py <<-'END'
		import fcntl, os, signal, sys
		lock = open("services/.s6-svscan/lock", "w")
		fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
		if sys.argv[2:] and os.fork() == 0:
		    os.execvp("sh", ["sh", "-c", '"$@" & wait', "sh"] + sys.argv[2:])
		open(sys.argv[1], "w")
		signal.pause()
	END
	/usr/bin/python3 svscan.py "$@" &
	eval "$1=$!"
	echo $! >>pids
	until_true "[ -e $1 ]"
}

stop()
{
	[ ! -e pids ] || kill -9 $(cat pids) 2>/dev/null || :
}

atf_test_case runs_the_program_when_another_one_has_come cleanup
runs_the_program_when_another_one_has_come_body()
{
	svscan first svscan-await services sh -c 'pwd >../told; echo $$ >>../pids'
	sleep 0.5
	[ ! -e told ] || atf_fail 'nobody has ended'
	kill -9 $first
	wait $first
	# nobody runs the services: as it is, they do their work
	sleep 1.5
	[ ! -e told ] || atf_fail 'nobody has come'
	svscan second
	until_true '[ -s told ]'
	atf_check -o inline:"$PWD/services\n" cat told
}
runs_the_program_when_another_one_has_come_cleanup()
{
	stop
}

# As the service of a former one, which is started again when the next one is there.
atf_test_case begins_under_a_former_one cleanup
begins_under_a_former_one_body()
{
	svscan now
	atf_check -o inline:'taken\n' sh -c 'timeout 60 svscan-await services echo taken; exit $?'
}
begins_under_a_former_one_cleanup()
{
	stop
}

atf_test_case says_what_is_wrong
says_what_is_wrong_body()
{
	atf_check -s exit:111 -e match:'usage: svscan-await' svscan-await
	atf_check -s exit:111 -e match:'usage: svscan-await' svscan-await folder
	atf_check -s exit:111 -e match:'unable to enter none: ' svscan-await none true
}

atf_init_test_cases()
{
	atf_add_test_case runs_the_program_when_another_one_has_come
	atf_add_test_case begins_under_a_former_one
	atf_add_test_case says_what_is_wrong
}
