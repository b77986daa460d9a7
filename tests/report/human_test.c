#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <atf-c.h>

#include "../queue/queue_file.h"
#include "queue/history.h"
#include "report/bounce.h"
#include "report/human.h"
#include "report/status_part.h"
#include "report/tries.h"

#define THREE                                                                            \
	"Fme@b.test\0PENVID=QQ+2B\0NNOTIFY=SUCCESS,FAILURE,DELAY\0Tone@a.test\0"         \
	"Ttwo@a.test\0Tthree@a.test\0"

static struct bounce bounce;
static struct tries **tries;
static stralloc human, status;

/* What is said of THREE with this journal; delays as queue-bounce -d. */
static void
write_parts(const char *journal, int delays)
{
	memset(&bounce, 0, sizeof bounce);
	queue_file_open(&bounce.file, THREE, sizeof THREE, journal);
	bounce.last = history_make(&bounce.file);
	ATF_REQUIRE_EQ(0, history_read(&bounce.file, bounce.last));
	bounce.delays = delays;
	bounce.lifetime = 604800;
	stralloc_copys(&bounce.me, "mx.example.test");
	stralloc_0(&bounce.me);
	bounce.original_id = QUEUE_FILE_ID;
	ATF_REQUIRE_EQ(0, tries_read(&tries, &bounce));
	human.len = status.len = 0;
	human_put(&human, &bounce, tries);
	status_part_put(&status, &bounce);
	stralloc_0(&human);
	stralloc_0(&status);
}

#define HAS(sa, text) ATF_CHECK_MSG(strstr((sa).s, text) != NULL, "%s", (sa).s)
#define LACKS(sa, text) ATF_CHECK_MSG(strstr((sa).s, text) == NULL, "%s", (sa).s)

ATF_TC_WITHOUT_HEAD(a_failure_is_told_with_its_words);
ATF_TC_BODY(a_failure_is_told_with_its_words, tc)
{
	write_parts(
	    "1795430701 D 0 5.1.1 mx.a.test[192.0.2.1] said: 550 5.1.1 no such user\n"
	    "1795430701 Z 2 4.2.0 later\n",
	    0);
	ATF_CHECK_STREQ("Undelivered mail returned to sender", human_subject(&bounce));
	HAS(human, "Hi. This is the mail system at mx.example.test.");
	HAS(human, "<one@a.test>:\n");
	HAS(human, "550 5.1.1 no such user");
	HAS(human, "such a mailbox does not exist\n");
	LACKS(human, "three@a.test");
	HAS(status, "Reporting-MTA: dns; mx.example.test\n");
	HAS(status, "Original-Envelope-Id: QQ+\n");
	HAS(status,
	    "Final-Recipient: rfc822; one@a.test\nAction: failed\nStatus: 5.1.1\n");
	HAS(status, "Remote-MTA: dns; mx.a.test\n");
	HAS(status, "Diagnostic-Code: smtp; 550 5.1.1 no such user\n");
	ATF_CHECK_EQ(1, bounce_has(&bounce, "failed"));
	ATF_CHECK_EQ(0, bounce_has(&bounce, "delivered"));
	ATF_CHECK_EQ(0, status_part_is_global(&bounce));
}

ATF_TC_WITHOUT_HEAD(a_delay_is_no_failure);
ATF_TC_BODY(a_delay_is_no_failure, tc)
{
	write_parts("1795430701 Z 0 4.2.0 later\n1795434301 Z 0 4.2.0 later\n", 1);
	ATF_CHECK_STREQ("Delayed mail, still being tried", human_subject(&bounce));
	LACKS(human, "Hi. ");
	LACKS(human, "<one@a.test>:");
	HAS(human, "  one@a.test\n");
	HAS(human, "the same");
	HAS(status, "Action: delayed\n");
	HAS(status, "Will-Retry-Until: ");
	ATF_CHECK_EQ(bounce.file.first_try + 604800, bounce_tried_until(&bounce));
}

ATF_TC_WITHOUT_HEAD(success_is_told_to_who_asked);
ATF_TC_BODY(success_is_told_to_who_asked, tc)
{
	write_parts("1795430701 K 0 2.0.0 delivered: in the mailbox\n"
		    "1795430701 K 1 2.0.0 delivered: in the mailbox\n",
	    0);
	ATF_CHECK_STREQ("Your mail has been delivered", human_subject(&bounce));
	HAS(human, "one@a.test");
	LACKS(human, "two@a.test");
	HAS(status, "Action: delivered\nStatus: 2.0.0\n");
}

/* The first ones and the last ones: a week of attempts is no reading. */
ATF_TC_WITHOUT_HEAD(many_attempts_are_told_in_short);
ATF_TC_BODY(many_attempts_are_told_in_short, tc)
{
	stralloc journal = {0};
	char line[100];
	size_t n = 0;

	for (int i = 0; i < 500; ++i) {
		sprintf(line, "%d Z 0 4.2.0 later %d\n", 1795430701 + i, i);
		stralloc_cats(&journal, line);
	}
	stralloc_cats(&journal, "1795439999 D 0 5.1.1 no\n");
	stralloc_0(&journal);
	write_parts(journal.s, 0);
	HAS(human, "later 0");
	HAS(human, "later 499");
	HAS(human, " more, then\n");
	for (const char *s = human.s; (s = strstr(s, ": later ")) != NULL; ++s)
		++n;
	ATF_CHECK(n < 50);
	stralloc_free(&journal);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_failure_is_told_with_its_words);
	ATF_TP_ADD_TC(tp, a_delay_is_no_failure);
	ATF_TP_ADD_TC(tp, success_is_told_to_who_asked);
	ATF_TP_ADD_TC(tp, many_attempts_are_told_in_short);
	return atf_no_error();
}
