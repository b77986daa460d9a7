#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atf-c.h>

#include "fetch/message_send.h"

static const struct {
	const char *message;
	uint64_t lines;
	const char *top;
} tops[] = {
    {"h: 1\ni: 2\n\na\nb\nc\n", 0, "h: 1\ni: 2\n\n"},
    {"h: 1\n\na\nb\nc\n", 1, "h: 1\n\na\n"},
    {"h: 1\n\na\nb\nc\n", 2, "h: 1\n\na\nb\n"},
    {"h: 1\n\na\nb\nc\n", 3, "h: 1\n\na\nb\nc\n"},
    {"h: 1\n\na\nb\nc\n", 99, "h: 1\n\na\nb\nc\n"},
    {"h: 1\r\n\r\na\r\nb\r\n", 1, "h: 1\r\n\r\na\r\n"},
    {"h: 1\r\n\r\na\r\nb\r\n", 0, "h: 1\r\n\r\n"},
    {"\nbody\n", 0, "\n"},
    {"h: no body\n", 0, "h: no body\n"},
    {"h: no end", 5, "h: no end"},
    {"h: 1\n\n\n\nx\n", 2, "h: 1\n\n\n\n"},
    {"", 3, ""},
};

ATF_TC_WITHOUT_HEAD(top_is_the_header_and_lines_wherever_the_pieces_end);
ATF_TC_BODY(top_is_the_header_and_lines_wherever_the_pieces_end, tc)
{
	size_t i, cut;

	for (i = 0; i < sizeof(tops) / sizeof(*tops); i++) {
		const char *message = tops[i].message;
		size_t len = strlen(message);

		for (cut = 0; cut <= len; cut++) {
			struct message_top top = {.lines = tops[i].lines};
			size_t n = message_top_take(&top, message, cut);

			if (!top.done)
				n += message_top_take(&top, message + cut, len - cut);
			ATF_CHECK_EQ_MSG(
			    strlen(tops[i].top), n, "case %zu cut at %zu", i, cut);
		}
	}
}

/* A file of len bytes, lines of 61 that begin with a dot. */
static int
message_of(size_t len)
{
	int fd = open("message", O_RDWR | O_CREAT | O_TRUNC, 0600);
	char *s = malloc(len + 1);
	size_t i;

	for (i = 0; i < len; i++)
		s[i] = i % 61 == 60 ? '\n' : i % 61 == 0 ? '.' : 'x';
	ATF_REQUIRE_EQ((ssize_t)len, write(fd, s, len));
	free(s);
	return fd;
}

/* Send a message of len bytes; returns the octets that arrived, doubled dots not counted.
 */
static uint64_t
send_and_receive(size_t len, char last[5])
{
	static char buffer[65536], packet[sizeof(buffer)];
	struct output o;
	int ends[2], fd = message_of(len), size = 4 << 20;
	uint64_t octets, received = 0, doubled = 0;
	ssize_t r, i;
	char before = '\n';

	/* packets keep the limits of writes */
	ATF_REQUIRE_EQ(0, socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends));
	setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	output_open(&o, ends[0], 5, buffer, sizeof(buffer));
	ATF_REQUIRE_EQ(0, message_send(&o, fd,
			      (struct message_top){.lines = MESSAGE_TOP_ALL}, &octets));
	output_flush(&o);
	ATF_REQUIRE_EQ(0, o.failed);
	close(ends[0]);
	while ((r = recv(ends[1], packet, sizeof(packet), 0)) > 0) {
		for (i = 0; i < r; before = packet[i++])
			doubled += before == '\n' && packet[i] == '.';
		received += (uint64_t)r;
		if (r >= 5)
			memcpy(last, packet + r - 5, 5);
		else
			memset(last, 0, 5); /* the end came alone */
	}
	close(ends[1]);
	ATF_CHECK_EQ(octets, received - doubled - 2);
	ATF_REQUIRE_EQ(0, message_send_measure(fd, &received));
	ATF_CHECK_EQ(octets, received);
	close(fd);
	return octets;
}

ATF_TC_WITHOUT_HEAD(the_dot_is_in_the_write_of_the_last_text);
ATF_TC_BODY(the_dot_is_in_the_write_of_the_last_text, tc)
{
	size_t len;
	char last[5];

	for (len = 3; len < 200000; len += len < 64000 ? 1499 : 977) {
		send_and_receive(len, last);
		ATF_CHECK_EQ_MSG(0, memcmp(last, "\r\n.\r\n", 5), "%zu bytes", len);
	}
	for (len = 65530 / 62 * 61; len < 65540; len++) {
		send_and_receive(len, last);
		ATF_CHECK_EQ_MSG(0, memcmp(last, "\r\n.\r\n", 5), "%zu bytes", len);
	}
}

ATF_TC_WITHOUT_HEAD(an_empty_message_has_no_octets);
ATF_TC_BODY(an_empty_message_has_no_octets, tc)
{
	char last[5];

	ATF_CHECK_EQ(0, send_and_receive(0, last));
}

ATF_TC_WITHOUT_HEAD(an_error_of_reading_is_reported);
ATF_TC_BODY(an_error_of_reading_is_reported, tc)
{
	static struct output o;
	int fd = open(".", O_RDONLY);
	uint64_t octets;

	ATF_CHECK_EQ(-1, message_send(&o, fd,
			     (struct message_top){.lines = MESSAGE_TOP_ALL}, &octets));
	ATF_CHECK_EQ(-1, message_send_measure(fd, &octets));
	close(fd);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, top_is_the_header_and_lines_wherever_the_pieces_end);
	ATF_TP_ADD_TC(tp, the_dot_is_in_the_write_of_the_last_text);
	ATF_TP_ADD_TC(tp, an_empty_message_has_no_octets);
	ATF_TP_ADD_TC(tp, an_error_of_reading_is_reported);
	return atf_no_error();
}
