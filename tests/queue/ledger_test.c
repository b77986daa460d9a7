#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atf-c.h>

#include "lib/text.h"
#include "queue/header.h"
#include "queue/ledger.h"
#include "queue/ledger_part.h"
#include "queue/place.h"

#define SIZE (16 * SEGMENT_BLOCK)
#define ONE "0hofc52zpb5l953d9rf5s5a1"
#define TWO "0hofc52zpb5l953d9rf5s5a2"
#define THREE "0hofc52zpb5l953d9rf5s5a3"
#define ENVELOPE "Fa@b.c\0Tc@d.e\0"
#define MESSAGE "Subject: one\n\ntext\n"

static size_t told;

static void
count(void *context, const char *path, const char *why)
{
	(void)context;
	(void)path;
	(void)why;
	++told;
}

static void
write_at(const char *path, const char *s, size_t len, off_t at)
{
	int fd = open(path, O_WRONLY | O_CREAT, 0600);

	ATF_REQUIRE(fd != -1);
	ATF_REQUIRE_EQ((ssize_t)len, pwrite(fd, s, len, at));
	ATF_REQUIRE_EQ(0, close(fd));
}

static struct segment
segment_of(uint64_t generation)
{
	return (struct segment){
	    .generation = generation, .size = SIZE, .key = {generation, 42}};
}

static void
put_head(const char *path, uint64_t generation)
{
	struct segment s = segment_of(generation);
	char block[SEGMENT_BLOCK];

	segment_format(block, &s);
	write_at(path, block, sizeof block, 0);
}

/* An empty segment. */
static void
begin(const char *path, uint64_t generation)
{
	mkdir("queue", 0700);
	mkdir("queue/journal", 0700);
	put_head(path, generation);
	ATF_REQUIRE_EQ(0, truncate(path, SIZE));
}

/* Its batch of this number, with one record. */
static void
put(const char *path, uint64_t generation, uint64_t number, char type, const char *id,
    const char *body, size_t len)
{
	struct segment s = segment_of(generation);
	struct record r = {.type = (enum record_type)type, .body = body, .len = len};
	stralloc batch = {0};

	text_room(&batch, SEGMENT_BATCH_HEAD);
	batch.len = SEGMENT_BATCH_HEAD;
	strcpy(r.id, id);
	record_put(&batch, &r);
	text_room(&batch, batch.len + SEGMENT_BLOCK);
	ATF_REQUIRE_EQ(SEGMENT_BLOCK, segment_seal(&s, number, batch.s, batch.len));
	write_at(path, batch.s, SEGMENT_BLOCK, (off_t)(number + 1) * SEGMENT_BLOCK);
	stralloc_free(&batch);
}

static void
put_message(const char *path, uint64_t generation, uint64_t number, const char *id)
{
	struct header h = {sizeof MESSAGE - 1, sizeof ENVELOPE};
	char file[HEADER_LEN + sizeof MESSAGE - 1 + sizeof ENVELOPE];

	header_format(file, &h);
	memcpy(file + HEADER_LEN, MESSAGE, sizeof MESSAGE - 1);
	memcpy(file + HEADER_LEN + sizeof MESSAGE - 1, ENVELOPE, sizeof ENVELOPE);
	put(path, generation, number, 'M', id, file, sizeof file);
}

static int
opens(struct ledger *l, const char *id)
{
	const char *why;
	struct file f;
	int r = ledger_open(l, &f, PLACE_JOURNAL, id, FILE_GLANCE, &why);

	if (r == 1)
		file_close(&f);
	else
		ATF_CHECK_EQ(ENOENT, errno);
	return r;
}

ATF_TC_WITHOUT_HEAD(what_is_not_settled_is_found);
ATF_TC_BODY(what_is_not_settled_is_found, tc)
{
	static struct ledger l;
	static const char line[] = "1795430701 Z 0 4.2.0 not now\n";
	char text[sizeof MESSAGE] = "";
	const char *why;
	struct file f;

	begin("queue/journal/01", 5);
	begin("queue/journal/00", 6);
	put_message("queue/journal/01", 5, 0, ONE);
	put_message("queue/journal/01", 5, 1, TWO);
	put_message("queue/journal/01", 5, 2, THREE);
	put("queue/journal/00", 6, 0, 'S', TWO, "", 0);
	put("queue/journal/00", 6, 1, 'L', THREE, line, sizeof line - 1);
	ATF_REQUIRE_EQ(0, ledger_read(&l));
	ATF_CHECK_EQ(2, l.count);
	ATF_CHECK_EQ(1, opens(&l, ONE));
	ATF_CHECK_EQ(-1, opens(&l, TWO));
	ATF_REQUIRE_EQ(1, ledger_open(&l, &f, PLACE_JOURNAL, THREE, 0, &why));
	ATF_CHECK_STREQ("a@b.c", f.envelope.sender);
	ATF_CHECK_EQ('Z', f.recipients[0].state);
	ATF_CHECK_EQ((ssize_t)sizeof MESSAGE - 1,
	    pread(f.fd, text, sizeof MESSAGE - 1, HEADER_LEN));
	ATF_CHECK_STREQ(MESSAGE, text);
	file_close(&f);
}

/* One that is used again held nothing that is still to be done. */
ATF_TC_WITHOUT_HEAD(a_segment_that_is_used_again_is_not_damaged);
ATF_TC_BODY(a_segment_that_is_used_again_is_not_damaged, tc)
{
	static struct ledger l = {.tell = count};
	struct ledger_segment s;
	const char *why;

	begin("queue/journal/00", 5);
	for (uint64_t i = 0; i < 4; ++i)
		put_message("queue/journal/00", 5, i, i == 3 ? THREE : ONE);
	ATF_REQUIRE_EQ(0, ledger_read(&l));
	ATF_CHECK_EQ(2, l.count);
	ATF_CHECK_EQ(1, opens(&l, THREE));
	ATF_REQUIRE_EQ(1, ledger_segment_open(&s, 0, &why));
	ATF_CHECK_EQ(1, ledger_segment_stays(&s));
	put_head("queue/journal/00", 7);
	/* what was read of it has gone */
	ATF_CHECK_EQ(-1, opens(&l, THREE));
	ATF_CHECK_EQ(0, ledger_segment_stays(&s));
	ledger_segment_close(&s);
	ATF_CHECK_EQ(0, told);
}

static void
use_again(void *context, const char *path, const char *why)
{
	(void)context;
	(void)path;
	(void)why;
	++told;
	put_head("queue/journal/01", 9);
}

/* What was told of the first of them was there when it was read; the service went on. */
ATF_TC_WITHOUT_HEAD(what_is_older_than_it_is_settled_too);
ATF_TC_BODY(what_is_older_than_it_is_settled_too, tc)
{
	static struct ledger l = {.tell = use_again};

	begin("queue/journal/00", 5);
	begin("queue/journal/01", 6);
	begin("queue/journal/02", 7);
	put_message("queue/journal/00", 5, 0, ONE);
	put_message("queue/journal/00", 5, 2, ONE);
	put_message("queue/journal/01", 6, 0, TWO);
	put_message("queue/journal/02", 7, 0, THREE);
	ATF_CHECK_EQ(-1, ledger_read(&l));
	ATF_CHECK_EQ(1, told);
	ATF_CHECK_EQ(1, l.count);
	ATF_CHECK_EQ(1, opens(&l, THREE));
}

static void
take(void *context, unsigned number, const struct record *r, uint64_t at)
{
	size_t *taken = context;

	(void)number;
	(void)r;
	(void)at;
	++*taken;
}

static void
miss(void *context, unsigned number, uint64_t from, uint64_t to)
{
	(void)context;
	(void)number;
	ATF_CHECK_EQ(2 * SEGMENT_BLOCK, from);
	ATF_CHECK_EQ(3 * SEGMENT_BLOCK, to);
	++told;
}

ATF_TC_WITHOUT_HEAD(damage_is_told_only_while_the_segment_stays);
ATF_TC_BODY(damage_is_told_only_while_the_segment_stays, tc)
{
	size_t taken = 0;
	struct ledger_segment_reader reader = {take, miss, &taken};
	struct ledger_segment s;
	const char *why;

	begin("queue/journal/00", 5);
	put_message("queue/journal/00", 5, 0, ONE);
	put_message("queue/journal/00", 5, 2, THREE);
	ATF_REQUIRE_EQ(1, ledger_segment_open(&s, 0, &why));
	ATF_CHECK_EQ(0, ledger_segment_walk(&s, &reader));
	ATF_CHECK_EQ(1, told);
	ATF_CHECK_EQ(2, taken);
	put_head("queue/journal/00", 7);
	ATF_CHECK_EQ(0, ledger_segment_walk(&s, &reader));
	ATF_CHECK_EQ(1, told);
	ledger_segment_close(&s);
}

static void
note(void *context, const struct record *r, uint64_t at)
{
	ATF_CHECK_STREQ(TWO, r->id);
	ATF_CHECK_EQ(SEGMENT_BLOCK + SEGMENT_BATCH_HEAD + RECORD_HEAD, at);
	++*(int *)context;
}

ATF_TC_WITHOUT_HEAD(messages_are_found_in_damaged_parts);
ATF_TC_BODY(messages_are_found_in_damaged_parts, tc)
{
	int found = 0;

	ATF_CHECK(ledger_part_is("journal.7.4096") && ledger_part_is("journal.03"));
	ATF_CHECK(!ledger_part_is(ONE) && !ledger_part_is("journal"));
	begin("queue/journal/00", 5);
	put_message("queue/journal/00", 5, 0, TWO);
	ATF_CHECK_EQ(0, ledger_part_read("queue/journal/00", note, &found));
	ATF_CHECK_EQ(1, found);
	ATF_CHECK_EQ(-1, ledger_part_read("queue/journal", note, &found));
	ATF_CHECK_EQ(-1, ledger_part_read("queue/nothing", note, &found));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, what_is_not_settled_is_found);
	ATF_TP_ADD_TC(tp, a_segment_that_is_used_again_is_not_damaged);
	ATF_TP_ADD_TC(tp, what_is_older_than_it_is_settled_too);
	ATF_TP_ADD_TC(tp, damage_is_told_only_while_the_segment_stays);
	ATF_TP_ADD_TC(tp, messages_are_found_in_damaged_parts);
	return atf_no_error();
}
