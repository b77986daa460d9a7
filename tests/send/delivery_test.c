#include <arpa/inet.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atf-c.h>

#include "lib/deadline.h"
#include "send/delivery.h"

#define MESSAGE "Subject: x\n\nbody\n"
#define GREETED "220 hello\r\n250 mx.y.test\r\n"
#define TAKEN "250 ok\r\n250 ok\r\n354 go\r\n250 done\r\n"

static struct delivery d;
static pid_t server;
static char target[40];

/* One session, with a reply for the connection, each command and each message. */
static void
serve(int fd, FILE *said, const char *replies)
{
	FILE *in = fdopen(fd, "r");
	char line[1000] = "connect\n";
	int in_data = 0;
	size_t len;

	do {
		fputs(line, said);
		fflush(said);
		if (in_data && strcmp(line, ".\r\n") != 0)
			continue;
		if (*replies == '\0')
			break;
		len = strcspn(replies, "\n") + 1;
		in_data = strncmp(replies, "354", 3) == 0;
		if (write(fd, replies, len) == -1)
			break;
		replies += len;
	} while (fgets(line, sizeof(line), in) != NULL);
	fclose(in);
}

/* A server with so many sessions; what it hears is in the file said. */
static void
begin(const char *const *replies)
{
	struct sockaddr_in in = {.sin_family = AF_INET};
	socklen_t len = sizeof(in);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	FILE *said;

	mkdir("control", 0755);
	said = fopen("control/me", "w");
	fputs("me.test\n", said);
	fclose(said);
	in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	ATF_REQUIRE_EQ(0, bind(fd, (struct sockaddr *)&in, len));
	ATF_REQUIRE_EQ(0, listen(fd, 5));
	ATF_REQUIRE_EQ(0, getsockname(fd, (struct sockaddr *)&in, &len));
	snprintf(target, sizeof(target), "127.0.0.1:%u", ntohs(in.sin_port));
	server = fork();
	if (server == 0) {
		said = fopen("said", "w");
		for (; *replies != NULL; replies++)
			serve(accept(fd, NULL, NULL), said, *replies);
		_exit(0);
	}
	close(fd);
	delivery_begin(&d, 0);
}

/* How often the server has heard the words, after it has ended. */
static unsigned
heard(const char *words)
{
	static char said[8192];
	const char *at = said;
	unsigned n = 0;
	ssize_t r;
	int fd;

	if (server != 0) {
		delivery_end(&d);
		ATF_REQUIRE_EQ(server, waitpid(server, NULL, 0));
		server = 0;
	}
	fd = open("said", O_RDONLY);
	r = read(fd, said, sizeof(said) - 1);
	close(fd);
	said[r > 0 ? r : 0] = '\0';
	for (; (at = strstr(at, words)) != NULL; at++)
		n++;
	return n;
}

/* Send a mail: the letter of its outcome, the status in *status. */
static char
sent(const char *sender, const char *recipient, const char **status)
{
	static struct transaction_recipient r;
	struct transaction_mail mail = {.sender = sender, .recipients = &r, .count = 1};
	int fd = open("message", O_RDWR | O_CREAT | O_TRUNC, 0600);

	ATF_REQUIRE_EQ((ssize_t)strlen(MESSAGE), write(fd, MESSAGE, strlen(MESSAGE)));
	mail.source.fd = fd;
	mail.source.length = (off_t)strlen(MESSAGE);
	outcome_free(&r.outcome);
	memset(&r, 0, sizeof(r));
	r.address = recipient;
	delivery_run(&d, "id1", &mail, "y.test", target);
	close(fd);
	if (status != NULL)
		*status = r.outcome.status;
	return r.outcome.letter;
}

ATF_TC_WITHOUT_HEAD(a_session_is_kept_for_the_next_mail);
ATF_TC_BODY(a_session_is_kept_for_the_next_mail, tc)
{
	begin((const char *const[]){GREETED TAKEN TAKEN "221 bye\r\n", NULL});
	ATF_CHECK_EQ('K', sent("a@x.test", "b@y.test", NULL));
	ATF_CHECK_EQ('K', sent("a@x.test", "c@y.test", NULL));
	ATF_CHECK_EQ(1, heard("connect"));
	ATF_CHECK_EQ(2, heard("MAIL FROM"));
	ATF_CHECK_EQ(1, heard("QUIT"));
}

ATF_TC_WITHOUT_HEAD(an_old_session_is_not_kept);
ATF_TC_BODY(an_old_session_is_not_kept, tc)
{
	begin((const char *const[]){
	    GREETED TAKEN "221 bye\r\n", GREETED TAKEN "221 bye\r\n", NULL});
	ATF_CHECK_EQ('K', sent("a@x.test", "b@y.test", NULL));
	d.begun -= 301 * 1000;
	ATF_CHECK_EQ('K', sent("a@x.test", "c@y.test", NULL));
	ATF_CHECK_EQ(2, heard("connect"));
	ATF_CHECK_EQ(2, heard("QUIT"));
}

ATF_TC_WITHOUT_HEAD(what_a_kept_session_refuses_is_asked_anew);
ATF_TC_BODY(what_a_kept_session_refuses_is_asked_anew, tc)
{
	begin((const char *const[]){GREETED TAKEN "550 5.7.1 enough\r\n221 bye\r\n",
	    GREETED TAKEN "221 bye\r\n", NULL});
	ATF_CHECK_EQ('K', sent("a@x.test", "b@y.test", NULL));
	ATF_CHECK_EQ('K', sent("a@x.test", "c@y.test", NULL));
	ATF_CHECK_EQ(2, heard("connect"));
}

ATF_TC_WITHOUT_HEAD(a_session_that_has_ended_is_nobodys_fault);
ATF_TC_BODY(a_session_that_has_ended_is_nobodys_fault, tc)
{
	begin((const char *const[]){
	    GREETED TAKEN, GREETED "250 ok\r\n550 5.1.1 no\r\n221 bye\r\n", NULL});
	ATF_CHECK_EQ('K', sent("a@x.test", "b@y.test", NULL));
	ATF_CHECK_EQ('D', sent("a@x.test", "c@y.test", NULL));
	ATF_CHECK_EQ(2, heard("connect"));
}

ATF_TC_WITHOUT_HEAD(malformed_addresses_are_sent_to_nobody);
ATF_TC_BODY(malformed_addresses_are_sent_to_nobody, tc)
{
	const char *status;

	begin((const char *const[]){NULL});
	ATF_CHECK_EQ('D', sent("a@x.test", "b@y.test>\r\nRSET", &status));
	ATF_CHECK_STREQ("5.1.3", status);
	ATF_CHECK_EQ('D', sent("a@x.test", "", &status));
	ATF_CHECK_STREQ("5.1.3", status);
	ATF_CHECK_EQ('D', sent("a@x.test> x", "b@y.test", &status));
	ATF_CHECK_STREQ("5.1.7", status);
	ATF_CHECK_EQ(0, heard("connect"));
}

ATF_TC_WITHOUT_HEAD(without_a_server_or_settings_it_is_not_now);
ATF_TC_BODY(without_a_server_or_settings_it_is_not_now, tc)
{
	const char *status;

	begin((const char *const[]){NULL});
	ATF_CHECK_EQ(0, heard("connect"));
	ATF_CHECK_EQ('Z', sent("a@x.test", "b@y.test", &status));
	ATF_CHECK_STREQ("4.4.1", status);
	ATF_REQUIRE_EQ(0, unlink("control/me"));
	ATF_CHECK_EQ('Z', sent("a@x.test", "b@y.test", &status));
	ATF_CHECK_STREQ("4.3.5", status);
}

ATF_TC_WITHOUT_HEAD(a_mail_and_each_session_have_their_time);
ATF_TC_BODY(a_mail_and_each_session_have_their_time, tc)
{
	int64_t began = deadline_now(), session, end;

	begin((const char *const[]){GREETED TAKEN TAKEN "221 bye\r\n", NULL});
	ATF_CHECK_EQ('K', sent("a@x.test", "b@y.test", NULL));
	end = deadline_now();
	session = d.session.until;
	ATF_CHECK(session >= began + 1200 * 1000 && session <= end + 1200 * 1000);
	ATF_CHECK(d.until >= began + 1500 * 1000 && d.until <= end + 1500 * 1000);
	/* one that is kept begins anew */
	d.session.until = 1;
	ATF_CHECK_EQ('K', sent("a@x.test", "c@y.test", NULL));
	ATF_CHECK(d.session.until >= session);
	ATF_CHECK_EQ(1, heard("connect"));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_session_is_kept_for_the_next_mail);
	ATF_TP_ADD_TC(tp, an_old_session_is_not_kept);
	ATF_TP_ADD_TC(tp, what_a_kept_session_refuses_is_asked_anew);
	ATF_TP_ADD_TC(tp, a_session_that_has_ended_is_nobodys_fault);
	ATF_TP_ADD_TC(tp, malformed_addresses_are_sent_to_nobody);
	ATF_TP_ADD_TC(tp, without_a_server_or_settings_it_is_not_now);
	ATF_TP_ADD_TC(tp, a_mail_and_each_session_have_their_time);
	return atf_no_error();
}
