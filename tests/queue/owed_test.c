#include <atf-c.h>

#include "queue/owed.h"
#include "queue_file.h"

#define FOUR(sender)                                                                     \
	"F" sender "\0Tone@a.test\0NNOTIFY=SUCCESS,DELAY\0Ttwo@a.test\0"                 \
	"NNOTIFY=NEVER\0Tthree@a.test\0Tfour@a.test\0"

ATF_TC_WITHOUT_HEAD(what_is_owed_is_what_was_asked_for);
ATF_TC_BODY(what_is_owed_is_what_was_asked_for, tc)
{
	struct file f;

	QUEUE_FILE_OPEN(&f, FOUR("me@b.test"),
	    "1795430701 D 0 5.1.1 no\n1795430701 K 1 2.0.0 delivered: ok\n"
	    "1795430701 D 2 5.1.1 no\n1795430701 Z 3 4.2.0 later\n");
	ATF_CHECK_STREQ("failed", owed(&f, 0, 0));
	ATF_CHECK_STREQ("delivered", owed(&f, 1, 0));
	ATF_CHECK(owed(&f, 2, 0) == NULL);
	ATF_CHECK(owed(&f, 3, 0) == NULL);
	ATF_CHECK_STREQ("delayed", owed(&f, 3, 1));
	ATF_CHECK(owed(&f, 0, 1) == NULL);
	ATF_CHECK_EQ(1, owed_next(&f, 1, 0));
	ATF_CHECK_EQ(4, owed_next(&f, 2, 0));
	ATF_CHECK(owed_any(&f, 1));
	ATF_CHECK(!owed_speaks_utf8(&f.envelope));
	file_close(&f);
}

ATF_TC_WITHOUT_HEAD(what_was_told_is_not_owed);
ATF_TC_BODY(what_was_told_is_not_owed, tc)
{
	struct file f;

	QUEUE_FILE_OPEN(&f, FOUR("me@b.test"),
	    "1795430701 D 0 5.1.1 no\n1795430702 B 0 - id\n"
	    "1795430701 K 1 2.0.0 delivered: ok\n1795430702 B 1 - id\n"
	    "1795430701 Z 3 4.2.0 later\n1795430702 W 3 - id\n");
	ATF_CHECK(!owed_any(&f, 0));
	ATF_CHECK(!owed_any(&f, 1));
	file_close(&f);
}

ATF_TC_WITHOUT_HEAD(a_bounce_owes_its_failure_only_and_a_double_one_nothing);
ATF_TC_BODY(a_bounce_owes_its_failure_only_and_a_double_one_nothing, tc)
{
	static const char journal[] =
	    "1795430701 D 0 5.1.1 no\n1795430701 K 1 2.0.0 delivered: ok\n"
	    "1795430701 Z 3 4.2.0 later\n";
	struct file f;

	QUEUE_FILE_OPEN(&f, FOUR(""), journal);
	ATF_CHECK_STREQ("failed", owed(&f, 0, 0));
	ATF_CHECK(owed(&f, 1, 0) == NULL);
	ATF_CHECK(!owed_any(&f, 1));
	file_close(&f);
	QUEUE_FILE_OPEN(&f, FOUR(ENVELOPE_DOUBLE_BOUNCE), journal);
	ATF_CHECK(!owed_any(&f, 0));
	file_close(&f);
}

ATF_TC_WITHOUT_HEAD(a_sender_beyond_ascii_reads_utf8);
ATF_TC_BODY(a_sender_beyond_ascii_reads_utf8, tc)
{
	struct file f;

	QUEUE_FILE_OPEN(&f, "Fj\xc3\xb6rg@b.test\0Tone@a.test\0", "");
	ATF_CHECK(owed_speaks_utf8(&f.envelope));
	file_close(&f);
	QUEUE_FILE_OPEN(&f, "Fme@b.test\0PSMTPUTF8=1\0Tone@a.test\0", "");
	ATF_CHECK(owed_speaks_utf8(&f.envelope));
	file_close(&f);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, what_is_owed_is_what_was_asked_for);
	ATF_TP_ADD_TC(tp, what_was_told_is_not_owed);
	ATF_TP_ADD_TC(tp, a_bounce_owes_its_failure_only_and_a_double_one_nothing);
	ATF_TP_ADD_TC(tp, a_sender_beyond_ascii_reads_utf8);
	return atf_no_error();
}
