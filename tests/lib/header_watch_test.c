#include <string.h>

#include <atf-c.h>

#include "lib/header_watch.h"

/* Look at text in pieces of the given size. */
static void
look(struct header_watch *h, const char *text, size_t piece)
{
	size_t len = strlen(text), at, n;

	memset(h, 0, sizeof *h);
	for (at = 0; at < len; at += n) {
		n = len - at < piece ? len - at : piece;
		header_watch_look(h, text + at, n);
	}
}

ATF_TC_WITHOUT_HEAD(a_header_tells_where_the_message_has_been);
ATF_TC_BODY(a_header_tells_where_the_message_has_been, tc)
{
	static const char text[] =
	    "Received: by a\nDelivered-To: Joe@Example.test\nX-Delivered-To: x@x\n"
	    "delivered-to :\n\tann@example.test \nMessage-ID: <a.b@c>\nmessage-id: <2>\n"
	    "Delivered-To-Nobody: y@y\n\nDelivered-To: body@example.test\n";
	struct header_watch h;
	size_t piece;

	for (piece = 1; piece < 70; piece++) {
		look(&h, text, piece);
		ATF_CHECK_EQ(1, h.hops);
		ATF_CHECK_EQ(2, h.deliveries);
		ATF_CHECK_STREQ("<a.b@c>", h.id);
		ATF_CHECK(header_watch_was_at(&h, "joe@example.test"));
		ATF_CHECK(header_watch_was_at(&h, "ann@example.test"));
		ATF_CHECK(!header_watch_was_at(&h, "nn@example.test"));
		ATF_CHECK(!header_watch_was_at(&h, "ann@example.tes"));
		ATF_CHECK(!header_watch_was_at(&h, "x@x"));
		ATF_CHECK(!header_watch_was_at(&h, "y@y"));
		ATF_CHECK(!header_watch_was_at(&h, "body@example.test"));
		ATF_CHECK(h.ended && !h.is_headless);
	}
}

ATF_TC_WITHOUT_HEAD(the_last_field_may_lack_its_end);
ATF_TC_BODY(the_last_field_may_lack_its_end, tc)
{
	struct header_watch h;

	look(&h, "Delivered-To: a@b", 3);
	ATF_CHECK(header_watch_was_at(&h, "a@b"));
	look(&h, "Delivered-To:", 3);
	ATF_CHECK(!header_watch_was_at(&h, "a@b"));
}

ATF_TC_WITHOUT_HEAD(what_is_long_is_cut);
ATF_TC_BODY(what_is_long_is_cut, tc)
{
	static char text[20000];
	struct header_watch h;
	size_t i;

	strcpy(text, "Message-ID: ");
	memset(text + 12, 'i', 1000);
	strcpy(text + 1012, "\nDelivered-To: ");
	memset(text + 1027, 'd', 9000);
	strcpy(text + 10027, "\nDelivered-To: a@b\n");
	look(&h, text, 100);
	ATF_CHECK_EQ(HEADER_WATCH_ID_MAX, strlen(h.id));
	ATF_CHECK_EQ(2, h.deliveries);
	for (i = 0; i < h.delivered_len; i++)
		ATF_CHECK_EQ('d', h.delivered[i]);
	ATF_CHECK(!header_watch_was_at(&h, "a@b"));
}

ATF_TC_WITHOUT_HEAD(a_message_that_begins_with_a_blank_has_no_header);
ATF_TC_BODY(a_message_that_begins_with_a_blank_has_no_header, tc)
{
	struct header_watch h;

	look(&h, " by me\nReceived: x\n", 2);
	ATF_CHECK(h.is_headless && h.ended);
	ATF_CHECK_EQ(0, h.hops);
	look(&h, "a: b\n c\n", 2);
	ATF_CHECK(!h.is_headless && !h.ended);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_header_tells_where_the_message_has_been);
	ATF_TP_ADD_TC(tp, the_last_field_may_lack_its_end);
	ATF_TP_ADD_TC(tp, what_is_long_is_cut);
	ATF_TP_ADD_TC(tp, a_message_that_begins_with_a_blank_has_no_header);
	return atf_no_error();
}
