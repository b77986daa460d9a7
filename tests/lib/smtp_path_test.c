#include <string.h>

#include <atf-c.h>

#include "lib/smtp_path.h"

struct example {
	const char *text;
	size_t taken; /* 0: malformed */
	enum smtp_path_kind kind;
	const char *address;
};

static const struct example examples[] = {
    {"<>", 2, SMTP_PATH_NULL, ""},
    {"<> SIZE=1", 2, SMTP_PATH_NULL, ""},
    {"<a@b>", 5, SMTP_PATH_MAILBOX, "a@b"},
    {"<a@b.example>x", 13, SMTP_PATH_MAILBOX, "a@b.example"},
    {"<Postmaster>", 12, SMTP_PATH_LOCAL, "Postmaster"},
    {"<@r1,@r2.example:a@b>", 21, SMTP_PATH_MAILBOX, "a@b"},
    {"<@[IPv6:::1],@[192.0.2.1]:a@b>", 30, SMTP_PATH_MAILBOX, "a@b"},
    {"<a@[192.0.2.1]>", 15, SMTP_PATH_MAILBOX, "a@[192.0.2.1]"},
    {"<a@[IPv6:2001:db8::1]>", 22, SMTP_PATH_MAILBOX, "a@[IPv6:2001:db8::1]"},
    {"<\"a b\"@c>", 9, SMTP_PATH_MAILBOX, "\"a b\"@c"},
    {"<\"a>b\"@c>", 9, SMTP_PATH_MAILBOX, "\"a>b\"@c"},
    {"<\"a\\\">b\"@c>", 11, SMTP_PATH_MAILBOX, "\"a\\\">b\"@c"},
    {"<\"a@b\"@c>", 9, SMTP_PATH_MAILBOX, "\"a@b\"@c"},
    {"<a%b@c>", 7, SMTP_PATH_MAILBOX, "a%b@c"},
    {"", 0, 0, NULL},
    {"<", 0, 0, NULL},
    {"a@b", 3, SMTP_PATH_MAILBOX, "a@b"},
    {"a@b SIZE=1", 3, SMTP_PATH_MAILBOX, "a@b"},
    {"\"a b\"@c SIZE=1", 7, SMTP_PATH_MAILBOX, "\"a b\"@c"},
    {"postmaster", 10, SMTP_PATH_LOCAL, "postmaster"},
    {"a@b.example.", 12, SMTP_PATH_MAILBOX, "a@b.example"},
    {"<a@b.example.>", 14, SMTP_PATH_MAILBOX, "a@b.example"},
    {"<a@b..>", 0, 0, NULL},
    {"<a@.>", 0, 0, NULL},
    {" a@b", 0, 0, NULL},
    {"a@b>", 0, 0, NULL},
    {"@r:a@b", 0, 0, NULL},
    {"<a@b", 0, 0, NULL},
    {"<a b@c>", 0, 0, NULL},
    {"<a@b c>", 0, 0, NULL},
    {"<a@>", 0, 0, NULL},
    {"<@b>", 0, 0, NULL},
    {"<@b:>", 0, 0, NULL},
    {"<@b:postmaster>", 0, 0, NULL},
    {"<@b,:a@c>", 0, 0, NULL},
    {"<@[b:a@c>", 0, 0, NULL},
    {"<@[", 0, 0, NULL},
    {"<@b", 0, 0, NULL},
    {"<a@b@c>", 0, 0, NULL},
    {"<a..b@c>", 8, SMTP_PATH_MAILBOX, "\"a..b\"@c"},
    {"<.a@c>", 6, SMTP_PATH_MAILBOX, "\".a\"@c"},
    {"<a.@c.>", 7, SMTP_PATH_MAILBOX, "\"a.\"@c"},
    {"<@r:a.@c>", 9, SMTP_PATH_MAILBOX, "\"a.\"@c"},
    {"<a..>", 0, 0, NULL},
    {"<a. b@c>", 0, 0, NULL},
    {"<a@-b.c>", 0, 0, NULL},
    {"<a@b..c>", 0, 0, NULL},
    {"<a@b!c>", 0, 0, NULL},
    {"<a@[300.0.0.1]>", 0, 0, NULL},
    {"<a@[192.0.2.1>", 0, 0, NULL},
    {"<\"a@b>", 0, 0, NULL},
    {"<\"a\"b@c>", 0, 0, NULL},
    {"<<a@b>>", 0, 0, NULL},
};

ATF_TC_WITHOUT_HEAD(a_path_is_taken_whole_or_not_at_all);
ATF_TC_BODY(a_path_is_taken_whole_or_not_at_all, tc)
{
	const struct example *e;
	struct smtp_path path;
	size_t taken;

	for (e = examples; e < examples + sizeof examples / sizeof *examples; e++) {
		taken = smtp_path_scan(e->text, strlen(e->text), &path);
		ATF_CHECK_EQ_MSG(e->taken, taken, "%s", e->text);
		if (!taken || !e->taken)
			continue;
		ATF_CHECK_EQ_MSG(e->kind, path.kind, "%s", e->text);
		ATF_CHECK_EQ_MSG(strlen(e->address), path.len, "%s", e->text);
		ATF_CHECK_EQ(0, memcmp(e->address, path.address, path.len));
	}
}

static size_t
taken_with_local_part_of(size_t n)
{
	char text[512];
	struct smtp_path path;

	text[0] = '<';
	memset(text + 1, 'a', n);
	strcpy(text + 1 + n, "@b>");
	return smtp_path_scan(text, strlen(text), &path);
}

ATF_TC_WITHOUT_HEAD(a_local_part_may_have_all_of_the_path);
ATF_TC_BODY(a_local_part_may_have_all_of_the_path, tc)
{
	ATF_CHECK_EQ(124, taken_with_local_part_of(120));
	ATF_CHECK_EQ(256, taken_with_local_part_of(252));
	ATF_CHECK_EQ(0, taken_with_local_part_of(253));
}

/* The keywords of text, each followed by =VALUE if there is one, and ';'; '!' if
 * malformed. */
static const char *
parameters_of(const char *text)
{
	static char all[200];
	struct smtp_path_parameter p;
	size_t at = 0;
	int r;

	all[0] = '\0';
	while ((r = smtp_path_parameter_next(text, strlen(text), &at, &p)) == 1) {
		strncat(all, p.keyword, p.keyword_len);
		if (p.value != NULL) {
			strcat(all, "=");
			strncat(all, p.value, p.value_len);
		}
		strcat(all, ";");
	}
	return r ? strcat(all, "!") : all;
}

ATF_TC_WITHOUT_HEAD(parameters_are_keywords_and_values);
ATF_TC_BODY(parameters_are_keywords_and_values, tc)
{
	ATF_CHECK_STREQ("", parameters_of(""));
	ATF_CHECK_STREQ("", parameters_of(" "));
	ATF_CHECK_STREQ("SIZE=1;", parameters_of(" SIZE=1"));
	ATF_CHECK_STREQ("a;b-c=d/e;", parameters_of(" a  b-c=d/e "));
	ATF_CHECK_STREQ("!", parameters_of("SIZE=1"));
	ATF_CHECK_STREQ("!", parameters_of(" =1"));
	ATF_CHECK_STREQ("!", parameters_of(" -a=1"));
	ATF_CHECK_STREQ("!", parameters_of(" a="));
	ATF_CHECK_STREQ("!", parameters_of(" a=b=c"));
	ATF_CHECK_STREQ("!", parameters_of(" a=b\tc"));
	ATF_CHECK_STREQ("a;!", parameters_of(" a b\x80=1"));
	ATF_CHECK_STREQ("!", parameters_of(" a_b"));
}

ATF_TC_WITHOUT_HEAD(a_keyword_has_no_case);
ATF_TC_BODY(a_keyword_has_no_case, tc)
{
	struct smtp_path_parameter p;
	size_t at = 0;

	ATF_REQUIRE_EQ(1, smtp_path_parameter_next(" sIzE=1", 7, &at, &p));
	ATF_CHECK(smtp_path_parameter_is(&p, "SIZE"));
	ATF_CHECK(!smtp_path_parameter_is(&p, "SIZES"));
	ATF_CHECK(!smtp_path_parameter_is(&p, "SIZ"));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_path_is_taken_whole_or_not_at_all);
	ATF_TP_ADD_TC(tp, a_local_part_may_have_all_of_the_path);
	ATF_TP_ADD_TC(tp, parameters_are_keywords_and_values);
	ATF_TP_ADD_TC(tp, a_keyword_has_no_case);
	return atf_no_error();
}
