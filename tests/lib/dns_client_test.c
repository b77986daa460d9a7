#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <atf-c.h>

#include "lib/deadline.h"
#include "lib/dns_client.h"

static int
listen_there(void)
{
	struct sockaddr_un address = {
	    .sun_family = AF_UNIX, .sun_path = DNS_CLIENT_SOCKET};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	mkdir("run", 0700);
	ATF_REQUIRE(bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0);
	ATF_REQUIRE(listen(fd, 5) == 0);
	return fd;
}

static void
say(int fd, const char *s)
{
	ATF_REQUIRE(write(fd, s, strlen(s)) == (ssize_t)strlen(s));
}

ATF_TC_WITHOUT_HEAD(answers_come_in_any_order);
ATF_TC_BODY(answers_come_in_any_order, tc)
{
	struct dns_client c = DNS_CLIENT_NONE;
	struct dns_answer answer;
	int listening = listen_there(), fd;
	char buf[100];

	ATF_CHECK_EQ(1, dns_client_ask(&c, "A", "a.test", 0));
	ATF_CHECK_EQ(2, dns_client_ask(&c, "TXT", "b c.test", 700));
	fd = accept(listening, NULL, NULL);
	ATF_CHECK_EQ(38, read(fd, buf, sizeof(buf)));
	ATF_CHECK(memcmp(buf, "12:1 A 0 a.test,18:2 TXT 700 b c.test,", 38) == 0);
	ATF_CHECK_EQ(0, dns_client_take(&c, &answer));
	say(fd, "27:2 found 0 9 b c.test\n3:on");
	say(fd, "e,,25:1 no");
	ATF_REQUIRE_EQ(1, dns_client_wait(&c, &answer, deadline_now() + 9000));
	ATF_CHECK_EQ(2, answer.id);
	ATF_CHECK_EQ(DNS_ANSWER_FOUND, answer.status);
	ATF_CHECK_EQ(0, dns_client_take(&c, &answer));
	say(fd, "thing");
	close(fd);
	ATF_CHECK_EQ(-1, dns_client_wait(&c, &answer, deadline_now() + 9000));
	ATF_CHECK_EQ(-1, c.fd);
	close(listening);
}

ATF_TC_WITHOUT_HEAD(questions_can_go_out_together);
ATF_TC_BODY(questions_can_go_out_together, tc)
{
	struct dns_client c = DNS_CLIENT_NONE;
	int listening = listen_there(), fd;
	char buf[100];

	ATF_CHECK_EQ(0, dns_client_send(&c));
	dns_client_gather(&c);
	ATF_CHECK_EQ(1, dns_client_ask(&c, "A", "a.test", 0));
	ATF_CHECK_EQ(2, dns_client_ask(&c, "A", "b.test", 0));
	fd = accept(listening, NULL, NULL);
	ATF_CHECK_EQ(-1, recv(fd, buf, sizeof(buf), MSG_DONTWAIT));
	ATF_CHECK_EQ(0, dns_client_send(&c));
	ATF_CHECK_EQ(32, recv(fd, buf, sizeof(buf), MSG_DONTWAIT));
	ATF_CHECK(memcmp(buf, "12:1 A 0 a.test,12:2 A 0 b.test,", 32) == 0);
	ATF_CHECK_EQ(3, dns_client_ask(&c, "A", "c.test", 0));
	ATF_CHECK_EQ(16, recv(fd, buf, sizeof(buf), MSG_DONTWAIT));
	dns_client_gather(&c);
	ATF_CHECK_EQ(4, dns_client_ask(&c, "A", "d.test", 0));
	close(fd);
	ATF_CHECK_EQ(-1, dns_client_send(&c));
	ATF_CHECK_EQ(-1, c.fd);
	close(listening);
}

ATF_TC_WITHOUT_HEAD(no_answer_is_a_failure);
ATF_TC_BODY(no_answer_is_a_failure, tc)
{
	struct dns_client c = DNS_CLIENT_NONE;
	struct dns_answer answer;
	int listening;

	dns_client_look_up(&c, "A", "a.test", 10, &answer);
	ATF_CHECK_EQ(ENOENT, errno);
	ATF_CHECK_EQ(DNS_ANSWER_FAILED, answer.status);
	ATF_CHECK_EQ(-1, c.fd);
	listening = listen_there();
	dns_client_look_up(&c, "A", "a.test", 10, &answer);
	ATF_CHECK_EQ(ETIMEDOUT, errno);
	ATF_CHECK_EQ(DNS_ANSWER_FAILED, answer.status);
	ATF_CHECK_EQ(-1, c.fd);
	close(listening);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, answers_come_in_any_order);
	ATF_TP_ADD_TC(tp, questions_can_go_out_together);
	ATF_TP_ADD_TC(tp, no_answer_is_a_failure);
	return atf_no_error();
}
