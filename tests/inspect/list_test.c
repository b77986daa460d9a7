#include <stdlib.h>
#include <string.h>

#include <atf-c.h>

#include "../queue/queue_file.h"
#include "inspect/list_counts.h"
#include "inspect/list_entry.h"
#include "inspect/list_order.h"
#include "queue/history.h"
#include "queue/place.h"

static struct file file;
static struct list_entry entry;

static void
make_entry(void)
{
	QUEUE_FILE_OPEN(&file,
	    "Fme@b.test\0Tone@A.test\0Ttwo@far.test.\0Tthree@far.test\0",
	    "1795430701 Z 1 4.2.0 later\n1795430701 K 2 2.0.0 ok\n");
	entry.id = QUEUE_FILE_ID;
	entry.place = "later";
	entry.now = place_path_time(QUEUE_FILE_ID) + 7300;
	entry.next = entry.now + 130;
	entry.file = &file;
	entry.last = history_make(&file);
	ATF_REQUIRE_EQ(0, history_read(&file, (struct history_last *)entry.last));
	entry.picked = "\1\1\1";
}

static const char *
span(int64_t seconds)
{
	static stralloc sa;

	sa.len = 0;
	list_entry_put_span(&sa, seconds);
	stralloc_0(&sa);
	return sa.s;
}

ATF_TC_WITHOUT_HEAD(spans_are_short);
ATF_TC_BODY(spans_are_short, tc)
{
	ATF_CHECK_STREQ("0s", span(-5));
	ATF_CHECK_STREQ("119s", span(119));
	ATF_CHECK_STREQ("2m", span(120));
	ATF_CHECK_STREQ("119m", span(7199));
	ATF_CHECK_STREQ("2h", span(7200));
	ATF_CHECK_STREQ("47h", span(172799));
	ATF_CHECK_STREQ("2d", span(172800));
}

ATF_TC_WITHOUT_HEAD(an_entry_tells_each_recipient);
ATF_TC_BODY(an_entry_tells_each_recipient, tc)
{
	stralloc sa = {0};

	make_entry();
	ATF_CHECK_EQ(7300, list_entry_age(&entry));
	entry.picked = "\1\1\0";
	entry.others = 1;
	list_entry_put_text(&sa, &entry);
	stralloc_0(&sa);
	ATF_CHECK_STREQ(QUEUE_FILE_ID
	    " later 2h 19 bytes from <me@b.test>, tries 1, next in 2m\n"
	    "\twaiting one@A.test\n"
	    "\tdeferred two@far.test.: 4.2.0 later\n"
	    "\tand others: 1\n",
	    sa.s);
}

ATF_TC_WITHOUT_HEAD(what_waits_is_counted_by_destination);
ATF_TC_BODY(what_waits_is_counted_by_destination, tc)
{
	struct list_counts c = {0};
	struct list_count **list;
	stralloc sa = {0};

	make_entry();
	list_counts_add(&c, &entry, 0);
	list_counts_add(&c, &entry, 1);
	ATF_REQUIRE_EQ(2, c.count);
	list = list_counts_list(&c);
	/* case and a final dot make no other domain; the longest line first */
	ATF_CHECK_STREQ("far.test", list[0]->domain);
	ATF_CHECK_EQ(2, list[0]->messages);
	ATF_CHECK_EQ(3, list[0]->recipients);
	ATF_CHECK_EQ(entry.next, list[0]->next);
	ATF_CHECK_STREQ("a.test", list[1]->domain);
	ATF_CHECK_EQ(2, list[1]->recipients);
	list_counts_put_text(&sa, list[0], entry.now);
	list[0]->is_paused = 1;
	list_counts_put_json(&sa, list[0]);
	stralloc_0(&sa);
	ATF_CHECK_STREQ("       2          3     2h     2m far.test\n"
			"{\"destination\":\"far.test\",\"messages\":2,\"recipients\":3,"
			"\"oldest\":7300,\"next\":1795435222,\"paused\":true}\n",
	    sa.s);
	free(list);
}

ATF_TC_WITHOUT_HEAD(messages_are_ordered);
ATF_TC_BODY(messages_are_ordered, tc)
{
	struct list_order by_size = {.key = list_order_key_named("size")},
			  by_age = {.key = list_order_key_named("age")};
	struct file small = {.header.message = 10}, large = {.header.message = 20};
	struct list_entry one = {.id = "0hofc52zpb5l953d9rf5s5a3", .file = &small},
			  two = {.id = "0hofc52zpb5l953d9rf5s5b4", .file = &large};

	ATF_CHECK_EQ(LIST_UNSORTED, list_order_key_named("color"));
	list_order_add(&by_size, &one, 1);
	list_order_add(&by_size, &two, 2);
	list_order_sort(&by_size);
	ATF_CHECK_STREQ(two.id, by_size.items[0].id);
	list_order_add(&by_age, &two, 2);
	list_order_add(&by_age, &one, 1);
	list_order_sort(&by_age);
	ATF_CHECK_STREQ(one.id, by_age.items[0].id);
	ATF_CHECK_EQ(1, by_age.items[0].place);
	free(by_size.items);
	free(by_age.items);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, spans_are_short);
	ATF_TP_ADD_TC(tp, an_entry_tells_each_recipient);
	ATF_TP_ADD_TC(tp, what_waits_is_counted_by_destination);
	ATF_TP_ADD_TC(tp, messages_are_ordered);
	return atf_no_error();
}
