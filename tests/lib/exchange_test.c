#include <string.h>

#include <atf-c.h>

#include "lib/exchange.h"
#include "lib/netstring.h"

#define ID "0hofc52zpb5l953d9rf5s5a3"

static stralloc said;

static void
say(const char *s, size_t len)
{
	netstring_put(&said, s, len);
}

/* All of it, in pieces of so many bytes; the first event that is one. */
static enum exchange_event
take(struct exchange *e, size_t piece, size_t *taken)
{
	enum exchange_event event = EXCHANGE_MORE;
	size_t n;

	for (*taken = 0; *taken < said.len && event == EXCHANGE_MORE; *taken += n) {
		n = said.len - *taken < piece ? said.len - *taken : piece;
		n = exchange_take(e, said.s + *taken, n, &event);
	}
	return event;
}

ATF_TC_WITHOUT_HEAD(a_message_comes_in_pieces);
ATF_TC_BODY(a_message_comes_in_pieces, tc)
{
	struct exchange e = {0};
	size_t taken;

	said.len = 0;
	say("M" ID, 25);
	say("one ", 4);
	say("two", 3);
	say("", 0);
	say("Fa\0Tb@c\0", 9);
	for (size_t piece = 1; piece <= said.len; piece++) {
		ATF_REQUIRE_EQ(EXCHANGE_MESSAGE, take(&e, piece, &taken));
		ATF_CHECK_EQ(said.len, taken);
		ATF_CHECK_STREQ(ID, e.id);
		ATF_REQUIRE_EQ(7, e.message.len);
		ATF_CHECK(memcmp("one two", e.message.s, 7) == 0);
		ATF_CHECK_EQ(9, e.text.len);
		ATF_CHECK(exchange_is_begun(&e));
		exchange_clear(&e);
		ATF_CHECK(!exchange_is_begun(&e));
	}
	exchange_free(&e);
}

ATF_TC_WITHOUT_HEAD(what_follows_is_left);
ATF_TC_BODY(what_follows_is_left, tc)
{
	struct exchange e = {0};
	size_t taken, first;

	said.len = 0;
	say("S" ID, 25);
	first = said.len;
	say("Q", 1);
	ATF_CHECK_EQ(EXCHANGE_REQUEST, take(&e, 1000, &taken));
	ATF_CHECK_EQ(first, taken);
	ATF_CHECK_EQ(25, e.text.len);
	exchange_free(&e);
}

ATF_TC_WITHOUT_HEAD(an_empty_message_is_one);
ATF_TC_BODY(an_empty_message_is_one, tc)
{
	struct exchange e = {0};
	size_t taken;

	said.len = 0;
	say("M", 1);
	say("", 0);
	say("F", 1);
	ATF_CHECK_EQ(EXCHANGE_MESSAGE, take(&e, 1000, &taken));
	ATF_CHECK_EQ(0, e.message.len);
	ATF_CHECK_STREQ("", e.id);
	exchange_free(&e);
}

ATF_TC_WITHOUT_HEAD(a_large_message_is_not_held);
ATF_TC_BODY(a_large_message_is_not_held, tc)
{
	static char body[EXCHANGE_SMALL + 1];
	struct exchange e = {0};
	size_t taken;

	said.len = 0;
	say("M", 1);
	say(body, EXCHANGE_SMALL);
	ATF_CHECK_EQ(EXCHANGE_MORE, take(&e, 1000, &taken));
	say("x", 1);
	exchange_clear(&e);
	ATF_CHECK_EQ(EXCHANGE_LARGE, take(&e, 1000, &taken));
	ATF_CHECK_EQ(EXCHANGE_SMALL, e.message.len);

	/* from here on it goes on, its caller taking what comes */
	e.unbound = 1;
	e.message.len = 0;
	memmove(said.s, said.s + taken, said.len - taken);
	said.len -= taken;
	say("", 0);
	say("F", 1);
	ATF_CHECK_EQ(EXCHANGE_MESSAGE, take(&e, 1, &taken));
	ATF_CHECK_EQ(1, e.message.len);
	ATF_CHECK_EQ(EXCHANGE_SMALL + 1, e.message_len);

	e = (struct exchange){0};
	said.len = 0;
	say("M", 1);
	say(body, sizeof body);
	ATF_CHECK_EQ(EXCHANGE_LARGE, take(&e, 1000, &taken));
	ATF_CHECK_EQ(0, e.message.len);
	exchange_free(&e);
}

ATF_TC_WITHOUT_HEAD(so_is_a_large_envelope);
ATF_TC_BODY(so_is_a_large_envelope, tc)
{
	static char envelope[EXCHANGE_SMALL + 1];
	struct exchange e = {0};
	size_t taken;

	said.len = 0;
	say("M", 1);
	say("", 0);
	say(envelope, sizeof envelope);
	ATF_CHECK_EQ(EXCHANGE_LARGE, take(&e, 1000, &taken));
	exchange_free(&e);
}

ATF_TC_WITHOUT_HEAD(nonsense_is_known);
ATF_TC_BODY(nonsense_is_known, tc)
{
	static const char *const cases[] = {
	    "0:,",          /* no request */
	    "x",            /* no length */
	    "01:S,",        /* a length in another form */
	    "1:Sx",         /* no comma */
	    "65537:",       /* too long */
	    "99999999999:", /* for any number */
	    "2:Mx,",        /* no ID */
	    "25:M0HOFC52ZPB5L953D9RF5S5A3,", "1:M,1048577:", /* too long a piece */
	    "1:M,0:,16777217:"                               /* too long an envelope */
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct exchange e = {0};
		size_t taken;

		said.len = 0;
		stralloc_cats(&said, cases[i]);
		ATF_CHECK_EQ_MSG(EXCHANGE_BAD, take(&e, 1000, &taken), "%s", cases[i]);
		exchange_free(&e);
		e = (struct exchange){0};
		ATF_CHECK_EQ_MSG(EXCHANGE_BAD, take(&e, 1, &taken), "%s", cases[i]);
		exchange_free(&e);
	}
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_message_comes_in_pieces);
	ATF_TP_ADD_TC(tp, what_follows_is_left);
	ATF_TP_ADD_TC(tp, an_empty_message_is_one);
	ATF_TP_ADD_TC(tp, a_large_message_is_not_held);
	ATF_TP_ADD_TC(tp, so_is_a_large_envelope);
	ATF_TP_ADD_TC(tp, nonsense_is_known);
	return atf_no_error();
}
