#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "lib/deadline.h"
#include "lib/fdpass.h"
#include "lib/netstring_scan.h"
#include "lib/text_decimal.h"
#include "tls/wrap_question.h"

#define DESCRIPTORS 2

static char bytes[TLS_REQUEST_MAX + NETSTRING_LENGTH_DIGITS + 2];

/* One more piece of it.  Returns its length; 0 at the end, -1 with errno. */
static ssize_t
receive(int sock, size_t len, int fds[DESCRIPTORS], size_t *n, int64_t at)
{
	ssize_t r;

	do {
		if (deadline_wait(sock, POLLIN, at) == -1)
			return -1;
		r = fdpass_receive_all(
		    sock, bytes + len, sizeof(bytes) - len, fds, DESCRIPTORS, n);
	} while (r == -1 && errno == EINTR);
	return r;
}

const char *
wrap_question_read(struct wrap_question *q, int sock, int *gone)
{
	int64_t at = deadline_now() + WRAP_QUESTION_SECONDS * INT64_C(1000);
	int fds[DESCRIPTORS] = {-1, -1};
	size_t len = 0, n = 0, start, size;
	const char *wrong = "malformed request";
	ssize_t r;

	*gone = 0;
	while ((r = netstring_scan(bytes, len, TLS_REQUEST_MAX, &start, &size)) == 0) {
		r = receive(sock, len, fds, &n, at);
		if (r <= 0) {
			*gone = len == 0 && (r == 0 || errno != ETIMEDOUT);
			wrong = r == -1 && errno == ETIMEDOUT ? "no request"
							      : "request cut off";
			r = -1;
			break;
		}
		len += (size_t)r;
	}
	q->net = fds[0];
	q->clear = n == DESCRIPTORS ? fds[1] : sock;
	if (r == -1 || (size_t)r < len)
		return wrong;
	if (n == 0)
		return "no descriptor with the request";
	wrong = tls_request_parse(&q->request, bytes + start, size);
	if (wrong == NULL && q->request.has_passed_clear != (n == DESCRIPTORS))
		wrong = "not as many descriptors as the request needs";
	return wrong;
}

void
wrap_question_end(struct wrap_question *q, int sock)
{
	if (q->net != -1)
		close(q->net);
	if (q->clear != sock)
		close(q->clear);
	q->net = -1;
	q->clear = sock;
}
