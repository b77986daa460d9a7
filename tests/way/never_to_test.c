#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atf-c.h>

#include "lib/ipaddress.h"
#include "way/never_to.h"

static stralloc rules;

static int
has(const char *address)
{
	unsigned char ip[16];

	ATF_REQUIRE_MSG(ipaddress_scan(address, ip), "%s", address);
	return never_to_has(&rules, ip);
}

static void
write_rules(const char *content)
{
	int fd;

	mkdir("control", 0700);
	fd = open("control/neverto", O_WRONLY | O_CREAT | O_TRUNC, 0600);
	ATF_REQUIRE_EQ((ssize_t)strlen(content), write(fd, content, strlen(content)));
	close(fd);
}

ATF_TC_WITHOUT_HEAD(addresses_of_nobody_are_never_gone_to);
ATF_TC_BODY(addresses_of_nobody_are_never_gone_to, tc)
{
	static const char *const never[] = {"0.0.0.0", "0.1.2.3", "10.0.0.0",
	    "10.255.255.255", "100.64.0.1", "100.127.255.255", "127.0.0.1",
	    "127.255.255.255", "169.254.0.1", "172.16.0.1", "172.31.255.255", "192.0.0.8",
	    "192.0.2.255", "192.168.255.255", "198.18.0.1", "198.19.255.255",
	    "198.51.100.1", "203.0.113.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
	    "::", "::1", "::ffff:127.0.0.1", "100::1", "2001:db8::1", "fc00::1",
	    "fdff::1", "fe80::1", "febf::1", "ff02::1"};
	static const char *const open[] = {"1.1.1.1", "9.255.255.255", "11.0.0.0",
	    "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.1",
	    "169.253.255.255", "172.15.255.255", "172.32.0.0", "192.0.1.1", "192.167.0.1",
	    "198.17.255.255", "198.20.0.0", "223.255.255.255", "2001:db7::1",
	    "2001:db9::1", "2606:4700::1", "fbff::1", "fec0::1"};

	ATF_REQUIRE_EQ(0, never_to_read(&rules));
	for (size_t i = 0; i < sizeof never / sizeof *never; ++i)
		ATF_CHECK_MSG(has(never[i]), "%s", never[i]);
	for (size_t i = 0; i < sizeof open / sizeof *open; ++i)
		ATF_CHECK_MSG(!has(open[i]), "%s", open[i]);
}

ATF_TC_WITHOUT_HEAD(the_admins_list_takes_its_place);
ATF_TC_BODY(the_admins_list_takes_its_place, tc)
{
	write_rules("# ours\n192.0.2.0/25\n2001:db8::1\n");
	ATF_REQUIRE_EQ(0, never_to_read(&rules));
	ATF_CHECK(has("192.0.2.127"));
	ATF_CHECK(!has("192.0.2.128"));
	ATF_CHECK(has("2001:db8::1"));
	ATF_CHECK(!has("127.0.0.1"));
	write_rules("");
	ATF_REQUIRE_EQ(0, never_to_read(&rules));
	ATF_CHECK(!has("192.0.2.1"));
	ATF_CHECK(!has("127.0.0.1"));
	write_rules("10.0.0.0/33\n");
	ATF_CHECK_EQ(-1, never_to_read(&rules));
	ATF_CHECK_EQ(EINVAL, errno);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, addresses_of_nobody_are_never_gone_to);
	ATF_TP_ADD_TC(tp, the_admins_list_takes_its_place);
	return atf_no_error();
}
