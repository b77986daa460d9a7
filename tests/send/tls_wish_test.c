#include <string.h>
#include <unistd.h>

#include <atf-c.h>

#include "lib/spool.h"
#include "send/tls_wish.h"

static struct tls_wish wish;

static void
look(const char *before, size_t times, const char *text)
{
	struct mail_source mail = {.fd = spool_unnamed()};

	ATF_REQUIRE(mail.fd != -1);
	for (; times > 0; times--)
		ATF_REQUIRE(write(mail.fd, before, strlen(before)) > 0);
	ATF_REQUIRE_EQ((ssize_t)strlen(text), write(mail.fd, text, strlen(text)));
	mail.length = lseek(mail.fd, 0, SEEK_END);
	tls_wish_read(&wish, &mail);
	close(mail.fd);
}

ATF_TC_WITHOUT_HEAD(the_field_is_found);
ATF_TC_BODY(the_field_is_found, tc)
{
	static const char *const optional[] = {"TLS-Required: No\n\n",
	    "a: b\r\ntls-required:\tno \r\n\r\n", "a: b\nTLS-REQUIRED:NO\n"};
	static const char *const not [] = {"", "\nTLS-Required: No\n",
	    "a: b\n\nTLS-Required: no\n\n", "a: b\r\n\r\nTLS-Required: no\r\n",
	    "TLS-Required: yes\n\n", "TLS-Required: not\n\n", "X-TLS-Required: no\n\n",
	    "TLS-Required: no"};

	for (size_t i = 0; i < sizeof optional / sizeof *optional; i++) {
		look("", 0, optional[i]);
		ATF_CHECK_MSG(wish.is_optional, "%s", optional[i]);
	}
	for (size_t i = 0; i < sizeof not / sizeof *not ; i++) {
		look("", 0, not [i]);
		ATF_CHECK_MSG(!wish.is_optional, "%s", not [i]);
	}
	look("", 0, "TLS-Report-Domain: a.test\n\n");
	ATF_CHECK(wish.is_report && !wish.is_optional);
}

ATF_TC_WITHOUT_HEAD(a_long_header_is_looked_through);
ATF_TC_BODY(a_long_header_is_looked_through, tc)
{
	char line[3001];

	look("Received: from somewhere\n", 2000, "TLS-Required: no\n\n");
	ATF_CHECK(wish.is_optional);
	memset(line, 'x', 3000);
	line[3000] = '\0';
	look(line, 10, "\nTLS-Required: no\n\n");
	ATF_CHECK(wish.is_optional);
	look(line, 10, " TLS-Required: no\n\n");
	ATF_CHECK(!wish.is_optional);
	look("Received: from somewhere\n", 3000, "TLS-Required: no\n\n");
	ATF_CHECK(!wish.is_optional);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, the_field_is_found);
	ATF_TP_ADD_TC(tp, a_long_header_is_looked_through);
	return atf_no_error();
}
