#include <string.h>

#include <atf-c.h>

#include "lib/text.h"
#include "mime/mime_convert.h"
#include "mime/mime_field.h"
#include "mime/mime_type.h"
#include "mime/mime_words.h"
#include "mime/quoted_printable.h"

static void
check_text(stralloc *sa, const char *want)
{
	text_terminate(sa);
	ATF_CHECK_STREQ(want, sa->s);
	sa->len = 0;
}

static void
check_type(const char *value, const char *top, const char *sub, const char *boundary)
{
	struct mime_type type;

	mime_type_parse(&type, value, strlen(value));
	ATF_CHECK_STREQ(top, type.top);
	ATF_CHECK_STREQ(sub, type.sub);
	ATF_CHECK_STREQ(boundary, type.boundary);
	ATF_CHECK_EQ(strlen(boundary), type.boundary_len);
}

ATF_TC_WITHOUT_HEAD(types_are_parsed);
ATF_TC_BODY(types_are_parsed, tc)
{
	check_type(" Text/HTML; charset=x\n", "text", "html", "");
	check_type(" multipart/mixed; boundary=abc\r\n", "multipart", "mixed", "abc");
	check_type(" (x) multipart (y) / (z) mixed\n ;\n\tBOUNDARY (a;boundary=no) = "
		   "\"a b\\\"c:?\" ; x=y\n",
	    "multipart", "mixed", "a b\"c:?");
	check_type("multipart/mixed; x=\"; boundary=no\"; boundary=\"yes  \"",
	    "multipart", "mixed", "yes");
	check_type(
	    "multipart/mixed; boundary==_a/b:c;y=z", "multipart", "mixed", "=_a/b:c");
	check_type("multipart/mixed; boundary*=abc", "multipart", "mixed", "");
	check_type("multipart/mixed; boundary=", "multipart", "mixed", "");
	check_type("text", "text", "plain", "");
	check_type("", "text", "plain", "");
	check_type("/x", "text", "plain", "");
	check_type("text/\xc3\xa9", "text", "plain", "");
	check_type("(((", "text", "plain", "");
}

ATF_TC_WITHOUT_HEAD(a_boundary_too_long_is_none);
ATF_TC_BODY(a_boundary_too_long_is_none, tc)
{
	stralloc value = {0};
	size_t i;

	text_cat(&value, "multipart/mixed; boundary=", (char *)NULL);
	for (i = 0; i <= MIME_TYPE_BOUNDARY_MAX; i++)
		text_cat(&value, "x", (char *)NULL);
	text_terminate(&value);
	check_type(value.s, "multipart", "mixed", "");
}

static void
check_quoted(const char *line, int mends, const char *want)
{
	struct mime_output o = {.fd = -1, .eol = "\n"};

	mime_output_quote(&o, line, strlen(line), mends);
	check_text(&o.text, want);
}

#define TEN "1234567890"
#define SEVENTY TEN TEN TEN TEN TEN TEN TEN

ATF_TC_WITHOUT_HEAD(lines_become_quoted_printable);
ATF_TC_BODY(lines_become_quoted_printable, tc)
{
	check_quoted("caf\xc3\xa9 =1\n", 0, "caf=C3=A9 =3D1\n");
	check_quoted("blank \r\ntab\t", 0, "blank=20\r\ntab=09");
	check_quoted("a\rb\x01\x7f\n", 0, "a=0Db=01=7F\n");
	check_quoted(".\n..\nFrom x\n--b\n-b\n\n", 0, "=2E\n..\n=46rom x\n=2D-b\n-b\n\n");
	check_quoted(SEVENTY "12345\n", 0, SEVENTY "12345\n");
	check_quoted(SEVENTY "123456\n", 0, SEVENTY "12345=\n6\n");
	check_quoted(SEVENTY "123\xff\n", 0, SEVENTY "123=\n=FF\n");
	check_quoted(SEVENTY "12345-b\n", 0, SEVENTY "12345=\n=2Db\n");
	check_quoted(SEVENTY "12345.\n", 0, SEVENTY "12345=\n=2E\n");
}

ATF_TC_WITHOUT_HEAD(broken_quoted_printable_is_mended);
ATF_TC_BODY(broken_quoted_printable_is_mended, tc)
{
	check_quoted("a=C3=A9\xc3\xa9=\nb=e9  \n", 1, "a=C3=A9=C3=A9=\nb=e9\n");
	check_quoted("1=2 =zz\n=4\nx= \n", 1, "1=3D2 =3Dzz\n=3D4\nx=\n");
	check_quoted(SEVENTY "1234=41\n", 1, SEVENTY "1234=\n=41\n");
	check_quoted(SEVENTY "12345=\n", 1, SEVENTY "12345=\n");
}

static void
check_field(const char *field, const char *want)
{
	struct mime_header_field f;
	const char *at = field;
	stralloc out = {0};
	int r;

	ATF_REQUIRE(mime_header_next(&f, &at, field + strlen(field)));
	r = mime_field_put(&out, &f, "\n");
	ATF_CHECK_EQ(want == NULL ? -1 : 0, r);
	if (want != NULL)
		check_text(&out, want);
	stralloc_free(&out);
}

ATF_TC_WITHOUT_HEAD(text_of_a_header_becomes_encoded_words);
ATF_TC_BODY(text_of_a_header_becomes_encoded_words, tc)
{
	check_field("Subject: caf\xc3\xa9 x\n", "Subject: =?utf-8?Q?caf=C3=A9?= x\n");
	check_field("Subject: a \xc3\xa9 \xc3\xa9\n b\n",
	    "Subject: a =?utf-8?Q?=C3=A9_=C3=A9?=\n b\n");
	check_field("Subject: \xe9\n", "Subject: =?unknown-8bit?Q?=E9?=\n");
	check_field("X-A: =?utf-8?Q?a?= \xc3\xa9 =?utf-8?Q?b?=\n",
	    "X-A: =?utf-8?Q?a?= =?utf-8?Q?_=C3=A9_?= =?utf-8?Q?b?=\n");
	check_field("Subject: \xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
		    "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\n",
	    "Subject: =?utf-8?Q?=C3=A9=C3=A9=C3=A9=C3=A9=C3=A9=C3=A9=C3=A9=C3=A9"
	    "=C3=A9?=\n =?utf-8?Q?=C3=A9=C3=A9=C3=A9?=\n");
}

ATF_TC_WITHOUT_HEAD(names_and_comments_become_encoded_words);
ATF_TC_BODY(names_and_comments_become_encoded_words, tc)
{
	check_field(
	    "From: J\xc3\xb6rg M. <j@x>\n", "From: =?utf-8?Q?J=C3=B6rg_M=2E?= <j@x>\n");
	check_field("To: a@b, \"J\xc3\xb6, \\\"x\" <j@x>, c@d\n",
	    "To: a@b, =?utf-8?Q?J=C3=B6=2C_=22x?= <j@x>, c@d\n");
	check_field("To: j@x (J\xc3\xb6rg)\n", "To: j@x (=?utf-8?Q?J=C3=B6rg?=)\n");
	check_field("To: G\xc3\xb6: a@b;\n", "To: =?utf-8?Q?G=C3=B6?= : a@b;\n");
	check_field(
	    "Received: from x (\xff)\n", "Received: from x (=?unknown-8bit?Q?=FF?=)\n");
	check_field("From: j\xc3\xb6@x\n", NULL);
	check_field("From: X <j\xc3\xb6@x>\n", NULL);
	check_field("From: X <j@x> \xc3\xb6\n", NULL);
	check_field("From: \"\xc3\xb6 <j@x>\n", NULL);
	check_field("Message-ID: <\xc3\xb6@x>\n", NULL);
	check_field("From: (\xc3\xb6) J\xc3\xb6 <j@x>\n", NULL);
}

ATF_TC_WITHOUT_HEAD(parameters_become_extended);
ATF_TC_BODY(parameters_become_extended, tc)
{
	check_field(
	    "Content-Disposition: attachment; filename=\"\xc3\xa9 'x'.pdf\"; size=1\n",
	    "Content-Disposition: attachment; filename*=utf-8''%C3%A9%20%27x%27.pdf; "
	    "size=1\n");
	check_field("Content-Type: a/b; name=\xe9.pdf\n",
	    "Content-Type: a/b; name*=unknown-8bit''%E9.pdf\n");
	check_field("Content-Type: a/b; boundary=\"\xc3\xa9\"\n", NULL);
	check_field("Content-Type: a/b; x=\xc3\xa9(; boundary=c\n", NULL);
	check_field("Content-Type: a/b=\xc3\xa9\n", NULL);
	check_field("Content-Type: a/b; name = \xc3\xa9\n", NULL);
	check_field("Content-Type: a/b; name=\"\xc3\xa9\n", NULL);
}

/* want is null for a refusal. */
static void
check_message(const char *message, const char *want)
{
	struct mime_entity_task task = {.out = {.fd = -1}};
	int r = mime_convert(&task, message, strlen(message));

	ATF_CHECK_EQ_MSG(want == NULL ? -1 : 0, r, "%s", message);
	ATF_CHECK((task.reason != NULL) == (r == -1));
	if (want != NULL)
		check_text(&task.out.text, want);
	stralloc_free(&task.out.text);
}

#define MIXED "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n"
#define QP "Content-Transfer-Encoding: quoted-printable\n"
#define TYPE(t) "Content-Type: " t "\n"
#define LABEL(l) "Content-Transfer-Encoding: " l "\n"
#define LONG_TEXT "This is a text that is nearly all ASCII"

ATF_TC_WITHOUT_HEAD(what_is_fit_stays_as_it_is);
ATF_TC_BODY(what_is_fit_stays_as_it_is, tc)
{
	static const char *const fit[] = {"", "\n", "x", "x\n", "Subject: x\n",
	    "Subject: x\n\ntext\n", "Subject: x\r\n\r\ntext\r\n",
	    MIXED "\n--b\n\nx\n--b--\n", MIXED "\nno part\n",
	    MIXED LABEL("quoted-printable") "\n--b\n\nx\n",
	    "X: y\n" LABEL("nonsense") "\nx\n", LABEL("base64") "\nAAAA\n"};
	size_t i;

	for (i = 0; i < sizeof(fit) / sizeof(fit[0]); i++)
		check_message(fit[i], fit[i]);
}

ATF_TC_WITHOUT_HEAD(what_is_no_mime_becomes_so);
ATF_TC_BODY(what_is_no_mime_becomes_so, tc)
{
	check_message("Subject: x\n\n" LONG_TEXT " \xc3\xa9\n",
	    "Subject: x\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n" QP
	    "\n" LONG_TEXT " =C3=A9\n");
	check_message("\n" LONG_TEXT " \xe9\n",
	    "MIME-Version: 1.0\nContent-Type: text/plain; charset=unknown-8bit\n" QP
	    "\n" LONG_TEXT " =E9\n");
	check_message("Content-Type: text/html\r\n\r\n" LONG_TEXT "\xe9\r\n",
	    "Content-Type: text/html\r\nMIME-Version: 1.0\r\n"
	    "Content-Transfer-Encoding: quoted-printable\r\n\r\n" LONG_TEXT "=E9\r\n");
}

ATF_TC_WITHOUT_HEAD(labels_say_what_is_true);
ATF_TC_BODY(labels_say_what_is_true, tc)
{
	check_message(LABEL("8bit") "\nx\n", LABEL("7bit") "\nx\n");
	check_message(LABEL("Binary (x)") "X: y\n\nx\n", LABEL("7bit") "X: y\n\nx\n");
	check_message("MIME-Version: 1.0\n" TYPE("text/plain")
			  LABEL("8-bit") "X: y\n" LABEL("7bit") "\n" LONG_TEXT "\xe9\n",
	    "MIME-Version: 1.0\n" TYPE("text/plain") QP "X: y\n\n" LONG_TEXT "=E9\n");
	check_message("MIME-Version: 1.0\n" TYPE("text/plain")
			  LABEL("base64") "\nAA\xff"
					  "AA\n-- list\n",
	    "MIME-Version: 1.0\n" TYPE("text/plain") LABEL("base64") "\nAAAA\nlist\n");
	check_message(LABEL("x-mine") "\n\xe9\n", NULL);
}

ATF_TC_WITHOUT_HEAD(parts_are_converted_one_by_one);
ATF_TC_BODY(parts_are_converted_one_by_one, tc)
{
	check_message(MIXED LABEL("8bit") "\npre\xe9\n-\xe9\n--b\n\n" LONG_TEXT
					  "\xe9\n--b  \n\nseven\n--b--\nepi\xe9\n",
	    MIXED LABEL("7bit") "\npre?\n??\n--b\n" QP "\n" LONG_TEXT
				"=E9\n--b  \n\nseven\n--b--\nepi?\n");
	/* no end; no empty line before the body */
	check_message(MIXED "\n--b\nno header\xe9" LONG_TEXT,
	    MIXED "\n--b\n" QP "\nno header=E9" LONG_TEXT);
	/* the end of an outer one ends all in it; a longer boundary is another one */
	check_message(MIXED
	    "\n--b\n" TYPE("multipart/mixed; boundary=bb") "\n--bb\n\n1\n"
							   "--b\n\n\xff\xff\n--"
							   "bb\n\xff\xff\n--b--\n",
	    MIXED "\n--b\n" TYPE(
		"multipart/mixed; boundary=bb") "\n--bb\n\n1\n"
						"--b\n" QP
						"\n=FF=FF\n=2D-bb\n=FF=FF\n--b--\n");
}

ATF_TC_WITHOUT_HEAD(messages_in_messages_are_converted);
ATF_TC_BODY(messages_in_messages_are_converted, tc)
{
	check_message("MIME-Version: 1.0\n" TYPE("message/rfc822")
			  LABEL("8bit") "\nSubject: \xc3\xa9\n\n" LONG_TEXT "\xe9\n",
	    "MIME-Version: 1.0\n" TYPE("message/rfc822")
		LABEL("7bit") "\nSubject: =?utf-8?Q?=C3=A9?=\nMIME-Version: 1.0\n" TYPE(
		    "text/"
		    "plain; charset=unknown-8bit") QP "\n" LONG_TEXT "=E9\n");
	check_message("MIME-Version: 1.0\n" TYPE(
			  "multipart/digest; boundary=b") "\n--b\n\n"
							  "Subject: x\n\n" LONG_TEXT
							  "\xe9\n--b--\n",
	    "MIME-Version: 1.0\n" TYPE(
		"multipart/digest; boundary=b") "\n--b\n\n"
						"Subject: x\nMIME-Version: 1.0\n" TYPE(
						    "text/plain; charset=unknown-8bit") QP
	    "\n" LONG_TEXT "=E9\n--b--\n");
	check_message("MIME-Version: 1.0\n" TYPE("message/global") "\n\xff\xff\xff\n",
	    "MIME-Version: 1.0\n" TYPE("message/global") LABEL("base64") "\n////DQo=\n");
}

ATF_TC_WITHOUT_HEAD(what_must_not_be_changed_is_refused);
ATF_TC_BODY(what_must_not_be_changed_is_refused, tc)
{
	check_message(
	    TYPE("multipart/signed; boundary=b") "\n--b\n\n\xe9\n--b--\n", NULL);
	check_message(MIXED "\n--b\n" TYPE(
			  "multipart/signed; boundary=c") "\n--c\n\n\xe9\n--c--\n--b--\n",
	    NULL);
	check_message(TYPE("message/partial") "\n\xe9\n", NULL);
	check_message(TYPE("message/external-body") "\n\xe9\n", NULL);
	check_message(TYPE("message/delivery-status") "\n\xe9\n", NULL);
	check_message(TYPE("multipart/mixed") "\n\xe9\n", NULL);
	check_message(MIXED "\n\xe9\n", NULL);
	check_message(MIXED "\n--b\n\n--b--\n\n--b\n\n\xe9\n", NULL);
	/* beside it, it goes as it is */
	check_message(MIXED LABEL("8bit") "\n--b\n" TYPE("multipart/signed; boundary=c")
			  LABEL("8bit") "\n--c\n" LABEL(
			      "8bit") "\n \n--c--\n--b\n\n\xff\xff\n--b--\n",
	    MIXED LABEL("7bit") "\n--b\n" TYPE("multipart/signed; boundary=c")
		LABEL("7bit") "\n--c\n" LABEL("8bit") "\n \n--c--\n--b\n" LABEL(
		    "base64") "\n//8=\n\n--b--\n");
}

ATF_TC_WITHOUT_HEAD(parts_too_deep_are_refused);
ATF_TC_BODY(parts_too_deep_are_refused, tc)
{
	struct mime_entity_task task = {.out = {.fd = -1}};
	stralloc message = {0};
	int i;

	for (i = 0; i < 100000; i++)
		text_cat(&message, TYPE("message/rfc822") "\n", (char *)NULL);
	text_cat(&message, "\xe9\n", (char *)NULL);
	ATF_CHECK_EQ(-1, mime_convert(&task, message.s, message.len));
	ATF_CHECK_STREQ("parts with 8-bit text are in parts too deeply", task.reason);
}

ATF_TC_WITHOUT_HEAD(long_lines_are_encoded_when_asked);
ATF_TC_BODY(long_lines_are_encoded_when_asked, tc)
{
	static const char message[] = "MIME-Version: 1.0\n" MIXED "\n--b\n" LABEL(
	    "8bit") "\n\xe9\n--b\n\n" SEVENTY "1234567\n--b--\n";
	struct mime_entity_task task = {
	    .out = {.fd = -1}, .keeps_eight_bit = 1, .line_max = 76};

	ATF_CHECK_EQ(0, mime_convert(&task, message, strlen(message)));
	check_text(&task.out.text, "MIME-Version: 1.0\n" MIXED
				   "\n--b\n" LABEL("8bit") "\n\xe9\n--b\n" QP "\n" SEVENTY
							   "12345=\n67\n--b--\n");
	task.line_max = 77;
	ATF_CHECK_EQ(0, mime_convert(&task, message, strlen(message)));
	check_text(&task.out.text, message);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, types_are_parsed);
	ATF_TP_ADD_TC(tp, a_boundary_too_long_is_none);
	ATF_TP_ADD_TC(tp, lines_become_quoted_printable);
	ATF_TP_ADD_TC(tp, broken_quoted_printable_is_mended);
	ATF_TP_ADD_TC(tp, text_of_a_header_becomes_encoded_words);
	ATF_TP_ADD_TC(tp, names_and_comments_become_encoded_words);
	ATF_TP_ADD_TC(tp, parameters_become_extended);
	ATF_TP_ADD_TC(tp, what_is_fit_stays_as_it_is);
	ATF_TP_ADD_TC(tp, what_is_no_mime_becomes_so);
	ATF_TP_ADD_TC(tp, labels_say_what_is_true);
	ATF_TP_ADD_TC(tp, parts_are_converted_one_by_one);
	ATF_TP_ADD_TC(tp, messages_in_messages_are_converted);
	ATF_TP_ADD_TC(tp, what_must_not_be_changed_is_refused);
	ATF_TP_ADD_TC(tp, parts_too_deep_are_refused);
	ATF_TP_ADD_TC(tp, long_lines_are_encoded_when_asked);
	return atf_no_error();
}
