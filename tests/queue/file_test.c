#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <atf-c.h>

#include "queue/file.h"
#include "queue/header.h"
#include "queue/journal.h"

#define NAME "0hofc52zpb5l953d9rf5s5a3"
#define ENVELOPE "Fa@b.c\0To@far.test\0"

/* A queue file with the envelope of len bytes and what is told behind it, and size bytes
 * in all if it is not 0.
 */
static void
make_of(const char *envelope, size_t len, const char *tail, off_t size)
{
	struct header h = {.message = 3, .envelope = len};
	char head[HEADER_LEN];
	int fd = open(NAME, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	ATF_REQUIRE(fd != -1);
	header_format(head, &h);
	ATF_REQUIRE_EQ(HEADER_LEN, write(fd, head, sizeof head));
	ATF_REQUIRE_EQ(3, write(fd, "\nx\n", 3));
	ATF_REQUIRE_EQ((ssize_t)len, write(fd, envelope, len));
	ATF_REQUIRE_EQ((ssize_t)strlen(tail), write(fd, tail, strlen(tail)));
	if (size != 0)
		ATF_REQUIRE_EQ(0, ftruncate(fd, size));
	close(fd);
}

static void
make(const char *tail, off_t size)
{
	make_of(ENVELOPE, sizeof ENVELOPE, tail, size);
}

static int
look(struct file *f, const char **why)
{
	int r = file_open(f, NAME, 0, why);

	if (r == 1)
		file_close(f);
	return r;
}

ATF_TC_WITHOUT_HEAD(a_journal_is_read);
ATF_TC_BODY(a_journal_is_read, tc)
{
	struct file f;
	const char *why;

	make("", 0);
	ATF_CHECK_EQ(1, look(&f, &why));
	make("1795430701 Z 0 4.2.0 not now\n", 0);
	ATF_REQUIRE_EQ(1, file_open(&f, NAME, 0, &why));
	ATF_CHECK_EQ('Z', f.recipients[0].state);
	ATF_CHECK_EQ(1u, f.tries);
	ATF_CHECK(file_has_room(&f));
	file_close(&f);
	/* what a crash left of a line */
	make("17954", 0);
	ATF_REQUIRE_EQ(1, file_open(&f, NAME, 0, &why));
	ATF_CHECK_EQ(1, f.torn);
	file_close(&f);
}

ATF_TC_WITHOUT_HEAD(what_is_behind_an_envelope_is_a_journal_or_nothing);
ATF_TC_BODY(what_is_behind_an_envelope_is_a_journal_or_nothing, tc)
{
	struct file f;
	const char *why;

	make("", 100000);
	ATF_REQUIRE_EQ(0, look(&f, &why));
	ATF_CHECK_STREQ("longer than its header says, and not by a journal", why);
}

ATF_TC_WITHOUT_HEAD(what_has_no_name_is_read_and_replaced_by_a_file);
ATF_TC_BODY(what_has_no_name_is_read_and_replaced_by_a_file, tc)
{
	struct file f;
	const char *why;
	int other;

	make("", 0);
	ATF_REQUIRE_EQ(1, file_take(&f, open(NAME, O_RDONLY), NAME, FILE_AGAIN, &why));
	ATF_CHECK_STREQ("o@far.test", f.envelope.recipients[0].address);
	ATF_CHECK_STREQ("1", envelope_parameter(&f.envelope, "again"));
	ATF_CHECK(f.born > 0);
	ATF_CHECK(!f.locked);
	ATF_CHECK(!f.has_journal);
	other = open(NAME, O_RDONLY);
	file_replace(&f, other, 30);
	ATF_CHECK_EQ(other, f.fd);
	ATF_CHECK(f.locked);
	ATF_CHECK(f.has_journal);
	file_close(&f);
	/* what is nothing is closed, too */
	other = open("/dev/null", O_RDONLY);
	ATF_CHECK_EQ(0, file_take(&f, other, NAME, 0, &why));
	ATF_CHECK_EQ(-1, close(other));
}

ATF_TC_WITHOUT_HEAD(that_it_may_have_been_delivered_is_said_later_too);
ATF_TC_BODY(that_it_may_have_been_delivered_is_said_later_too, tc)
{
	struct file f;
	const char *why;

	make("1795430701 A 0 - p@near.test\n", 0);
	ATF_REQUIRE_EQ(1, file_take(&f, open(NAME, O_RDONLY), NAME, 0, &why));
	ATF_CHECK_STREQ("1", envelope_parameter(&f.envelope, "again"));
	file_set_again(&f);
	ATF_CHECK_EQ(1u, f.envelope.message_parameters);
	file_close(&f);
	make("", 0);
	ATF_REQUIRE_EQ(1, file_take(&f, open(NAME, O_RDONLY), NAME, 0, &why));
	ATF_CHECK(envelope_parameter(&f.envelope, "again") == NULL);
	f.recipients[0].changed = strdup("p@near.test");
	file_set_again(&f);
	ATF_CHECK_STREQ("1", envelope_parameter(&f.envelope, "again"));
	ATF_CHECK_STREQ("a@b.c", f.envelope.sender);
	ATF_CHECK_STREQ("p@near.test", f.envelope.recipients[0].address);
	ATF_CHECK_STREQ("o@far.test", f.recipients[0].original);
	file_close(&f);
}

/* Parsing parts names and values in place: it must not be all that is left. */
ATF_TC_WITHOUT_HEAD(what_has_parameters_keeps_its_recipients_then);
ATF_TC_BODY(what_has_parameters_keeps_its_recipients_then, tc)
{
	static const char envelope[] =
	    "Fa@b.c\0PRET=HDRS\0PENVID=x=y\0NNOTIFY=NEVER\0To@far.test\0Tp@far.test\0";
	struct file f;
	const char *why;

	make_of(envelope, sizeof envelope, "", 0);
	ATF_REQUIRE_EQ(1, file_take(&f, open(NAME, O_RDONLY), NAME, 0, &why));
	file_set_again(&f);
	ATF_CHECK_STREQ("1", envelope_parameter(&f.envelope, "again"));
	ATF_CHECK_STREQ("HDRS", envelope_parameter(&f.envelope, "RET"));
	ATF_CHECK_STREQ("x=y", envelope_parameter(&f.envelope, "ENVID"));
	ATF_REQUIRE_EQ(2u, f.envelope.count);
	ATF_CHECK_STREQ("o@far.test", f.envelope.recipients[0].address);
	ATF_CHECK_STREQ("NEVER", envelope_recipient_parameter(&f.envelope, 0, "NOTIFY"));
	ATF_CHECK_STREQ("p@far.test", f.envelope.recipients[1].address);
	file_close(&f);
}

/* Whoever may write to it can make it as long as he likes: nobody is to wait for that. */
ATF_TC_WITHOUT_HEAD(a_hole_is_not_read);
ATF_TC_BODY(a_hole_is_not_read, tc)
{
	struct file f;
	const char *why;

	make("1795430701 Z 0 4.2.0 not now\n", (off_t)1 << 40);
	ATF_REQUIRE_EQ(0, look(&f, &why));
	ATF_CHECK_STREQ("journal too long", why);
	ATF_CHECK(journal_most(1) < journal_most(1000));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_journal_is_read);
	ATF_TP_ADD_TC(tp, what_is_behind_an_envelope_is_a_journal_or_nothing);
	ATF_TP_ADD_TC(tp, a_hole_is_not_read);
	ATF_TP_ADD_TC(tp, what_has_no_name_is_read_and_replaced_by_a_file);
	ATF_TP_ADD_TC(tp, what_has_parameters_keeps_its_recipients_then);
	ATF_TP_ADD_TC(tp, that_it_may_have_been_delivered_is_said_later_too);
	return atf_no_error();
}
