#include <string.h>

#include <atf-c.h>

#include "dkim/key_make.h"
#include "dkim/signer.h"
#include "dkim/signing.h"
#include "dkim/verify.h"
#include "lib/dotstuff.h"
#include "lib/netstring.h"
#include "lib/text.h"

#define FROM "From: A <a@Example.org>\n"

static struct private_key keys[2];

static void
make_keys(void)
{
	int kind;

	for (kind = KEY_RECORD_RSA; kind <= KEY_RECORD_ED25519; kind++) {
		private_key_init(&keys[kind]);
		ATF_REQUIRE_EQ(
		    0, key_make(&keys[kind], (enum key_record_kind)kind, 1024));
	}
}

/* The fields that stand above s[0..len), which comes in pieces of step bytes. */
static void
sign(stralloc *fields, const char *s, size_t len, size_t step)
{
	struct signing_question question;
	static struct signing signing;
	char domain[SIGNATURE_DOMAIN_MAX + 1];
	stralloc asked = {0};
	size_t n, start, size;
	int kind;

	signing_begin(&signing);
	for (; len > 0; s += n, len -= n) {
		n = len < step ? len : step;
		signing_feed(&signing, s, n);
	}
	signing_end(&signing);
	ATF_REQUIRE(signing_domain(&signing, domain));
	ATF_CHECK_STREQ("example.org", domain);
	signing_put_question(&signing, domain, &asked);
	ATF_REQUIRE_EQ((ssize_t)asked.len,
	    netstring_scan(asked.s, asked.len, SIGNING_QUESTION_MAX, &start, &size));
	ATF_REQUIRE_EQ(0, signing_question_take(&question, asked.s + start, size));
	for (kind = KEY_RECORD_RSA; kind <= KEY_RECORD_ED25519; kind++)
		ATF_REQUIRE_EQ(0, signer_put_field(fields, &question,
				      kind == 0 ? "r" : "e", &keys[kind], 5));
	stralloc_free(&asked);
	signing_free(&signing);
}

/* Verify s[0..len) with our keys.  Returns the verdicts, a word each. */
static const char *
judge(const char *s, size_t len)
{
	static stralloc said;
	struct verify verify = {0};
	stralloc record = {0};
	size_t i;

	verify_feed(&verify, s, len);
	verify_end(&verify, 10);
	for (i = 0; i < verify.count; i++) {
		record.len = 0;
		key_make_record(&record,
		    &keys[strcmp(verify.results[i].signature.selector, "e") == 0]);
		verify_answer(&verify, i, record.s, record.len);
	}
	verify_conclude(&verify);
	said.len = 0;
	for (i = 0; i < verify.count; i++)
		text_cat(&said, i > 0 ? " " : "", verify_word(verify.results[i].verdict),
		    (char *)NULL);
	text_terminate(&said);
	verify_free(&verify);
	stralloc_free(&record);
	return said.s;
}

/* s[0..len) as SMTP sends it, without the dots. */
static void
send_it(stralloc *out, const char *s, size_t len)
{
	struct dotstuff dotstuff = {0};
	stralloc stuffed = {0};
	size_t i;

	text_room(&stuffed, DOTSTUFF_ROOM(len) + DOTSTUFF_END);
	stuffed.len = dotstuff_encode(&dotstuff, stuffed.s, s, len);
	stuffed.len += dotstuff_end(&dotstuff, stuffed.s + stuffed.len);
	stuffed.len -= 3;
	for (i = 0; i < stuffed.len; i++)
		if (stuffed.s[i] != '.' || (i > 0 && stuffed.s[i - 1] != '\n'))
			text_catb(out, stuffed.s + i, 1);
	stralloc_free(&stuffed);
}

/* Signed as it is stored, it verifies as it is stored and as it is sent. */
static void
check(const char *s, size_t len)
{
	stralloc whole = {0}, sent = {0};
	size_t step;

	for (step = 1; step < 100; step += 13) {
		whole.len = sent.len = 0;
		sign(&whole, s, len, step);
		text_catb(&whole, s, len);
		send_it(&sent, whole.s, whole.len);
		ATF_CHECK_STREQ("pass pass", judge(sent.s, sent.len));
		if (memchr(s, '\r', len) == NULL)
			ATF_CHECK_STREQ("pass pass", judge(whole.s, whole.len));
	}
	stralloc_free(&whole);
	stralloc_free(&sent);
}

static const char *const bodies[] = {
    "",
    "text\n",
    "no line end",
    "\n\n\n",
    "  \t \n\n x  y \n\t\n\n",
    "x\n\n\n\n\n",
    ".\n..\n.x\n",
    "8 bit \xc3\xa4 \xff\x80\n",
    "bare \r CR\rs\r\r\n\r",
    "CRLF\r\nCRLF\r\n\r\n",
};

static const char *const headers[] = {
    FROM,
    FROM "Subject:\n folded\n\tand  more\n \n",
    "Subject: a\nSubject: b\n" FROM "subject : c\nTo: x\nTo: y\n",
    FROM "Broken line\nX: y\n",
    FROM "\xff: 8 bit\nSubject: \xc3\xa4\n",
    FROM "Subject: bare \r CR\nDate:\tx\r\nMessage-ID:   <a@b>   \r\n",
    FROM "List-Unsubscribe: <x>\nList-Unsubscribe-Post: y\nSender: z\nReceived: a\n",
    "DKIM-Signature: v=1; of=others\n" FROM,
};

ATF_TC_WITHOUT_HEAD(what_is_signed_verifies);
ATF_TC_BODY(what_is_signed_verifies, tc)
{
	stralloc message = {0};
	size_t h, b;

	make_keys();
	for (h = 0; h < sizeof headers / sizeof *headers - 1; h++)
		for (b = 0; b < sizeof bodies / sizeof *bodies; b++) {
			message.len = 0;
			text_cat(&message, headers[h], "\n", bodies[b], (char *)NULL);
			check(message.s, message.len);
		}
	stralloc_free(&message);
}

ATF_TC_WITHOUT_HEAD(long_lines_and_zero_bytes);
ATF_TC_BODY(long_lines_and_zero_bytes, tc)
{
	stralloc message = {0};
	size_t i;

	make_keys();
	text_cat(&message, FROM "Subject: ", (char *)NULL);
	for (i = 0; i < 3000; i++)
		text_cat(&message, i % 7 ? "s" : " ", (char *)NULL);
	text_cat(&message, "\n\n", (char *)NULL);
	for (i = 0; i < 30000; i++)
		text_catb(&message, i % 11 ? "x" : "\0", 1);
	check(message.s, message.len);
	stralloc_free(&message);
}

ATF_TC_WITHOUT_HEAD(what_was_not_there_can_not_be_added);
ATF_TC_BODY(what_was_not_there_can_not_be_added, tc)
{
	static const char *const added[][2] = {
	    {"From: b@c\n", "fail fail"},
	    {"Subject: x\n", "fail fail"},
	    {"Cc: x\n", "fail fail"},
	    {"reply-to: x\n", "fail fail"},
	    {"Content-Type: x\n", "fail fail"},
	    {"List-Unsubscribe: x\n", "fail fail"},
	    {"List-Unsubscribe-Post: x\n", "fail fail"},
	    {"Received: x\n", "pass pass"},
	    {"List-Id: x\n", "pass pass"},
	    {"Sender: x\n", "pass pass"},
	    {"X-Spam: x\n", "pass pass"},
	};
	const char *s =
	    FROM "Date: x\nList-Unsubscribe: <y>\nList-Unsubscribe-Post: z\n\ntext\n";
	stralloc whole = {0};
	size_t i;

	make_keys();
	for (i = 0; i < sizeof added / sizeof *added; i++) {
		whole.len = 0;
		text_cat(&whole, added[i][0], (char *)NULL);
		sign(&whole, s, strlen(s), 99);
		text_cat(&whole, s, (char *)NULL);
		ATF_CHECK_STREQ(added[i][1], judge(whole.s, whole.len));
	}
	stralloc_free(&whole);
}

/* The first signature of ours in a message has that domain in From, or "". */
static const char *
domain_of(const char *s)
{
	static char domain[SIGNATURE_DOMAIN_MAX + 1];
	static struct signing signing;

	signing_begin(&signing);
	signing_feed(&signing, s, strlen(s));
	signing_end(&signing);
	if (!signing_domain(&signing, domain))
		*domain = '\0';
	signing_free(&signing);
	return domain;
}

ATF_TC_WITHOUT_HEAD(the_domain_is_that_of_from);
ATF_TC_BODY(the_domain_is_that_of_from, tc)
{
	static const char *const cases[][2] = {
	    {FROM, "example.org"},
	    {"From: \"x@y\" <a@b.c> (d@e), f@g\n", "b.c"},
	    {"from : a@b\xc3\xbc"
	     "cher.Example\n",
		"xn--bcher-kva.example"},
	    {"From: The team: a@b.c, d@e.f;\n", "b.c"},
	    {"From: a@b.c, d@e.f\n", "b.c"},
	    {"From: J\xc3\xb6rg <j\xc3\xb6rg@b.c>\n", "b.c"},
	    {"From: \xff\xfe <a@b.c>\n", "b.c"},
	    {"From: nobody:;\n", ""},
	    {"From: \"a <a@b.c>\n", ""},
	    {"From: a@sub.example.org\n", "sub.example.org"},
	    {"From: a\n", ""},
	    {"From: <>\n", ""},
	    {"From: a@[192.0.2.1]\n", ""},
	    {"From: a@../x\n", ""},
	    {"From: a@.x\n", ""},
	    {"From: a@b\nFrom: a@b\n", ""},
	    {"Sender: a@b\n", ""},
	    {"\nFrom: a@b\n", ""},
	    {"", ""},
	};
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++)
		ATF_CHECK_STREQ(cases[i][1], domain_of(cases[i][0]));
}

ATF_TC_WITHOUT_HEAD(many_fields_leave_room_in_h);
ATF_TC_BODY(many_fields_leave_room_in_h, tc)
{
	stralloc message = {0};
	size_t i;

	make_keys();
	for (i = 0; i < 40; i++)
		text_cat(&message,
		    "To: a\nCc: b\nSubject: c\nReferences: d\nResent-To: e\n",
		    (char *)NULL);
	text_cat(&message, FROM "\n", (char *)NULL);
	check(message.s, message.len);
	stralloc_free(&message);
}

ATF_TC_WITHOUT_HEAD(senseless_questions_are_none);
ATF_TC_BODY(senseless_questions_are_none, tc)
{
#define HASH "32:01234567890123456789012345678901,"
	static const char *const cases[] = {"", "1:a,", "1:a," HASH,
	    "1:a," HASH "4:From,", "1:a,1:x,4:From,0:,", "1:a," HASH "0:,0:,",
	    "1:a," HASH "5:From:,0:,", "1:a," HASH "3:a;b,0:,", "1:a," HASH "3:a\nb,0:,",
	    "1:a," HASH "4:From,0:,1:x,", "1:a," HASH "4:From,9:x,"};
	struct signing_question question;
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++)
		ATF_CHECK_EQ(
		    -1, signing_question_take(&question, cases[i], strlen(cases[i])));
	ATF_CHECK_EQ(0, signing_question_take(&question, "1:a," HASH "4:From,0:,",
			    4 + sizeof HASH - 1 + 7 + 3));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, what_is_signed_verifies);
	ATF_TP_ADD_TC(tp, long_lines_and_zero_bytes);
	ATF_TP_ADD_TC(tp, what_was_not_there_can_not_be_added);
	ATF_TP_ADD_TC(tp, the_domain_is_that_of_from);
	ATF_TP_ADD_TC(tp, many_fields_leave_room_in_h);
	ATF_TP_ADD_TC(tp, senseless_questions_are_none);
	return atf_no_error();
}
