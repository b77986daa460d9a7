#include <string.h>

#include <atf-c.h>

#include "front/proxy_header.h"

static int
v1(struct proxy_header *header, const char *s)
{
	return proxy_header_parse_v1(header, s, strlen(s));
}

ATF_TC_WITHOUT_HEAD(version_1_is_a_line);
ATF_TC_BODY(version_1_is_a_line, tc)
{
	struct proxy_header h;

	ATF_CHECK(v1(&h, "PROXY TCP4 192.0.2.7 192.0.2.1 1000 25\r\n"));
	ATF_CHECK_STREQ("192.0.2.7", h.source.ip);
	ATF_CHECK_STREQ("1000", h.source.port);
	ATF_CHECK_STREQ("25", h.destination.port);
	ATF_CHECK(v1(&h, "PROXY TCP6 ::ffff:192.0.2.7 2001:db8::1 1 25\r\n"));
	ATF_CHECK_STREQ("192.0.2.7", h.source.ip);
	ATF_CHECK(v1(&h, "PROXY UNKNOWN\r\n"));
	ATF_CHECK(h.source.ip[0] == '\0' && !h.is_local);
	ATF_CHECK(!v1(&h, "PROXY TCP4 192.0.2.7 192.0.2.1 1000 25\n"));
	ATF_CHECK(!v1(&h, "PROXY TCP4 192.0.2.7 192.0.2.1 65536 25\r\n"));
	ATF_CHECK(!v1(&h, "PROXY TCP4 192.0.2.7 192.0.2.1 01 25\r\n"));
	ATF_CHECK(!v1(&h, "PROXY TCP4 2001:db8::1 192.0.2.1 1 25\r\n"));
}

#define BEGIN "\r\n\r\n\0\r\nQUIT\n"

ATF_TC_WITHOUT_HEAD(version_2_is_binary);
ATF_TC_BODY(version_2_is_binary, tc)
{
	static const char tcp[] = BEGIN "\x21\x11\0\x0c\xc0\0\2\7\xc0\0\2\1\3\xe8\0\x19";
	static const char local[] = BEGIN "\x20\0\0\0";
	static const char unspecified[] = BEGIN "\x21\0\0\0";
	static const char udp[] = BEGIN "\x21\x12\0\x0c\xc0\0\2\7\xc0\0\2\1\3\xe8\0\x19";
	struct proxy_header h;

	ATF_CHECK_EQ(sizeof tcp - 1, proxy_header_v2_length(tcp));
	ATF_CHECK(proxy_header_parse_v2(&h, tcp, sizeof tcp - 1));
	ATF_CHECK_STREQ("192.0.2.7", h.source.ip);
	ATF_CHECK_STREQ("1000", h.source.port);
	ATF_CHECK(!proxy_header_parse_v2(&h, tcp, sizeof tcp - 2));
	ATF_CHECK(proxy_header_parse_v2(&h, local, sizeof local - 1));
	ATF_CHECK(h.is_local && h.source.ip[0] == '\0');
	ATF_CHECK(proxy_header_parse_v2(&h, unspecified, sizeof unspecified - 1));
	ATF_CHECK(!h.is_local && h.source.ip[0] == '\0');
	ATF_CHECK(!proxy_header_parse_v2(&h, udp, sizeof udp - 1));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, version_1_is_a_line);
	ATF_TP_ADD_TC(tp, version_2_is_binary);
	return atf_no_error();
}
