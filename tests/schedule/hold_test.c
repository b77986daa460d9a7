#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include <atf-c.h>

#include "schedule/hold.h"

#include "../queue/queue_file.h"

static int
read_rules(struct hold *h, const char *rules)
{
	FILE *file;

	mkdir("control", 0700);
	file = fopen("control/hold", "w");
	ATF_REQUIRE(file != NULL);
	fputs(rules, file);
	fclose(file);
	return hold_read(h);
}

ATF_TC_WITHOUT_HEAD(the_first_rule_that_fits_holds);
ATF_TC_BODY(the_first_rule_that_fits_holds, tc)
{
	struct hold h = {0};
	struct file f;

	QUEUE_FILE_OPEN(&f, "Fme@b.test\0PAUTHUSER=eve@b.test\0Tone@a.test\0", "");
	ATF_CHECK(hold_rule(&h, &f, QUEUE_FILE_ID) == NULL);
	ATF_REQUIRE_EQ(0, read_rules(&h, "# none fits\nuser=bob@b.test\nlarger=1m\n"));
	ATF_CHECK(hold_rule(&h, &f, QUEUE_FILE_ID) == NULL);
	ATF_REQUIRE_EQ(
	    0, read_rules(&h, "user=eve@b.test recipient=*@c.test\nuser=eve@b.test\n"));
	ATF_CHECK_STREQ("user=eve@b.test", hold_rule(&h, &f, QUEUE_FILE_ID));
	/* all words of a rule have to hold */
	ATF_REQUIRE_EQ(0, read_rules(&h, "user=eve@b.test domain=a.test\n"));
	ATF_CHECK(hold_rule(&h, &f, QUEUE_FILE_ID) != NULL);
	hold_free(&h);
	file_close(&f);
}

ATF_TC_WITHOUT_HEAD(one_bad_rule_leaves_the_old_ones);
ATF_TC_BODY(one_bad_rule_leaves_the_old_ones, tc)
{
	struct hold h = {0};

	ATF_REQUIRE_EQ(0, read_rules(&h, "sender=a@b.test\n"));
	ATF_CHECK_EQ(-1, read_rules(&h, "sender=c@d.test\ncolor=blue\n"));
	ATF_CHECK_EQ(EINVAL, errno);
	ATF_REQUIRE_EQ(1, h.count);
	ATF_CHECK_STREQ("sender=a@b.test", h.rules[0].text);
	hold_free(&h);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, the_first_rule_that_fits_holds);
	ATF_TP_ADD_TC(tp, one_bad_rule_leaves_the_old_ones);
	return atf_no_error();
}
