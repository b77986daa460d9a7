/* The small parts of mx-send that know nothing of a network. */

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atf-c.h>

#include "send/dead_hosts.h"
#include "send/mail_source.h"
#include "send/remote_path.h"
#include "way/own_host.h"

ATF_TC_WITHOUT_HEAD(a_path_can_not_end_its_command);
ATF_TC_BODY(a_path_can_not_end_its_command, tc)
{
	static const char *const sound[] = {"", "a@b.test", "\"a b\"@c.test",
	    "\"<>\\\"\"@c.test", "a\\>b@c.test", "a@[192.0.2.1]", "\303\251@c.test"};
	static const char *const unsound[] = {"a b@c", "a>b@c", "<a@c", "a\rb@c", "a\nb",
	    "\"a\rb\"@c", "\"a@c", "a\\", "a\\\r", "a\177", "\"a\\\"@c"};
	size_t i;

	for (i = 0; i < sizeof(sound) / sizeof(sound[0]); i++)
		ATF_CHECK_MSG(remote_path_is_sound(sound[i]), "%s", sound[i]);
	for (i = 0; i < sizeof(unsound) / sizeof(unsound[0]); i++)
		ATF_CHECK_MSG(!remote_path_is_sound(unsound[i]), "%s", unsound[i]);
}

ATF_TC_WITHOUT_HEAD(dead_hosts_come_back);
ATF_TC_BODY(dead_hosts_come_back, tc)
{
	static struct dead_hosts dead;
	unsigned char ip[16] = {1}, other[16] = {2};
	int i;

	ATF_CHECK(!dead_hosts_has(&dead, ip, 0));
	dead_hosts_add(&dead, ip, 1000);
	ATF_CHECK(dead_hosts_has(&dead, ip, 1000 + DEAD_SECONDS * 1000 - 1));
	ATF_CHECK(!dead_hosts_has(&dead, ip, 1000 + DEAD_SECONDS * 1000));
	ATF_CHECK(!dead_hosts_has(&dead, other, 1000));
	for (i = 0; i < DEAD_HOSTS_MAX; i++)
		dead_hosts_add(&dead, other, 1000);
	ATF_CHECK(!dead_hosts_has(&dead, ip, 1000));
}

static int
file_with(const char *content, size_t len)
{
	int fd = open("file", O_RDWR | O_CREAT | O_TRUNC, 0600);

	ATF_REQUIRE(fd != -1);
	ATF_REQUIRE_EQ((ssize_t)len, write(fd, content, len));
	ATF_REQUIRE_EQ(0, lseek(fd, 0, SEEK_SET));
	return fd;
}

ATF_TC_WITHOUT_HEAD(a_message_is_measured_as_it_will_be_sent);
ATF_TC_BODY(a_message_is_measured_as_it_will_be_sent, tc)
{
	static const struct {
		const char *message;
		unsigned long long octets;
		int has_eight_bit;
	} cases[] = {{"", 0, 0}, {"a\n", 3, 0}, {"a", 3, 0}, {".\r\n", 3, 0},
	    {"\n\n.\n", 7, 0}, {"0123456789\303\n", 13, 1}, {"\200234567", 9, 1},
	    {"0123456\377", 10, 1}};
	struct mail_source m;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int fd = file_with(cases[i].message, strlen(cases[i].message));

		ATF_REQUIRE_EQ(0, mail_source_take(&m, fd));
		ATF_CHECK_EQ(0, mail_source_measure(&m));
		ATF_CHECK_EQ_MSG(cases[i].octets, m.octets, "%s", cases[i].message);
		ATF_CHECK_EQ_MSG(
		    cases[i].has_eight_bit, m.has_eight_bit, "%s", cases[i].message);
		close(fd);
	}
}

ATF_TC_WITHOUT_HEAD(a_message_that_became_shorter_is_an_error);
ATF_TC_BODY(a_message_that_became_shorter_is_an_error, tc)
{
	struct mail_source m;
	char buf[16];

	m = (struct mail_source){
	    .fd = file_with("0123456789", 10), .offset = 3, .length = 7};
	ATF_CHECK_EQ(7, mail_source_read(&m, buf, sizeof(buf), 0));
	ATF_CHECK_EQ(0, memcmp(buf, "3456789", 7));
	ATF_CHECK_EQ(2, mail_source_read(&m, buf, 2, 1));
	ATF_CHECK_EQ(0, mail_source_read(&m, buf, 2, 7));
	ATF_REQUIRE_EQ(0, ftruncate(m.fd, 5));
	ATF_CHECK_EQ(2, mail_source_read(&m, buf, sizeof(buf), 0));
	ATF_CHECK_EQ(-1, mail_source_read(&m, buf, sizeof(buf), 2));
	ATF_CHECK_EQ(EIO, errno);
	ATF_CHECK_EQ(-1, mail_source_measure(&m));
	close(m.fd);
}

ATF_TC_WITHOUT_HEAD(what_is_not_a_file_is_spooled);
ATF_TC_BODY(what_is_not_a_file_is_spooled, tc)
{
	struct mail_source m;
	char buf[16];
	int ends[2];

	ATF_REQUIRE_EQ(0, pipe(ends));
	ATF_REQUIRE_EQ(5, write(ends[1], "hello", 5));
	close(ends[1]);
	ATF_CHECK_EQ(0, mail_source_take(&m, ends[0]));
	ATF_CHECK_EQ(5, m.length);
	ATF_CHECK_EQ(5, mail_source_read(&m, buf, sizeof(buf), 0));
	ATF_CHECK_EQ(0, memcmp(buf, "hello", 5));
	ATF_CHECK_EQ(-1, mail_source_take(&m, -1));
}

static void
write_file(const char *name, const char *content)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	ATF_REQUIRE(fd != -1);
	ATF_REQUIRE_EQ((ssize_t)strlen(content), write(fd, content, strlen(content)));
	close(fd);
}

ATF_TC_WITHOUT_HEAD(where_our_service_listens_is_ourselves);
ATF_TC_BODY(where_our_service_listens_is_ourselves, tc)
{
	static const unsigned char loopback[16] =
	    "\0\0\0\0\0\0\0\0\0\0\xff\xff\x7f\0\0\1";
	static const unsigned char other[16] = "\0\0\0\0\0\0\0\0\0\0\xff\xff\xc0\0\2\1";
	static const unsigned char any[16];

	ATF_CHECK(own_host_is(loopback, 25));
	ATF_CHECK(own_host_is(any, 25));
	ATF_CHECK(!own_host_is(loopback, 26));
	ATF_CHECK(!own_host_is(other, 25));
	ATF_REQUIRE_EQ(0, mkdir("service", 0700));
	ATF_REQUIRE_EQ(0, mkdir("service/smtp", 0700));
	ATF_REQUIRE_EQ(0, mkdir("service/smtp/env", 0700));
	write_file("service/smtp/env/PORT", "20025\n");
	ATF_CHECK(own_host_is(loopback, 20025));
	ATF_CHECK(!own_host_is(loopback, 25));
	write_file("service/smtp/env/IP", "192.0.2.1\n");
	ATF_CHECK(!own_host_is(loopback, 20025));
	ATF_CHECK(own_host_is(other, 20025));
	write_file("service/smtp/env/IP", "::");
	ATF_CHECK(own_host_is(loopback, 20025));
	write_file("service/smtp/env/IP", "0");
	write_file("service/smtp/env/PORT", "nonsense");
	ATF_CHECK(own_host_is(loopback, 25));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_path_can_not_end_its_command);
	ATF_TP_ADD_TC(tp, dead_hosts_come_back);
	ATF_TP_ADD_TC(tp, a_message_is_measured_as_it_will_be_sent);
	ATF_TP_ADD_TC(tp, a_message_that_became_shorter_is_an_error);
	ATF_TP_ADD_TC(tp, what_is_not_a_file_is_spooled);
	ATF_TP_ADD_TC(tp, where_our_service_listens_is_ourselves);
	return atf_no_error();
}
