#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "auth/request.h"
#include "lib/deadline.h"
#include "lib/fdpass.h"
#include "lib/netstring.h"

static ssize_t
receive(struct request *request, int sock)
{
	ssize_t r;
	int fd = -1;

	do
		r = fdpass_receive(sock, request->s + request->len,
		    sizeof(request->s) - request->len, &fd);
	while (r == -1 && errno == EINTR);
	if (fd != -1) {
		if (request->client != -1)
			close(request->client);
		request->client = fd;
	}
	return r;
}

int
request_read(struct request *request, int sock, unsigned seconds)
{
	int64_t due = 0;
	ssize_t r;

	request->client = -1;
	for (;;) {
		r = netstring_scan(request->s, request->len, REQUEST_MAX, &request->start,
		    &request->size);
		if (r > 0) {
			request->used = (size_t)r;
			return 1;
		}
		if (r == -1 || request->len == sizeof(request->s)) {
			errno = EPROTO;
			return -1;
		}
		if (due == 0 && request->len > 0)
			due = deadline_now() + (int64_t)seconds * 1000;
		if (due != 0 && deadline_wait(sock, POLLIN, due) == -1)
			return -1;
		r = receive(request, sock);
		if (r == 0 && request->len > 0)
			errno = EPROTO;
		if (r <= 0)
			return r == 0 && request->len == 0 ? 0 : -1;
		request->len += (size_t)r;
	}
}

void
request_forget(struct request *request)
{
	memmove(request->s, request->s + request->used, request->len - request->used);
	request->len -= request->used;
	explicit_bzero(request->s + request->len, sizeof(request->s) - request->len);
	if (request->client != -1)
		close(request->client);
	request->client = -1;
}
