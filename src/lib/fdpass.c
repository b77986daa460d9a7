#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fdpass.h"

/* Those that a peer may send at once; more are closed by the kernel. */
union control {
	struct cmsghdr header;
	char space[CMSG_SPACE(FDPASS_MAX * sizeof(int))];
};

ssize_t
fdpass_send_all(int sock, const void *buf, size_t len, const int *fds, size_t n)
{
	union control control;
	struct iovec part = {.iov_base = (void *)buf, .iov_len = len};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
	struct cmsghdr *header;

	memset(&control, 0, sizeof(control));
	message.msg_control = control.space;
	message.msg_controllen = CMSG_SPACE(n * sizeof(int));
	header = CMSG_FIRSTHDR(&message);
	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(n * sizeof(int));
	memcpy(CMSG_DATA(header), fds, n * sizeof(int));
	return sendmsg(sock, &message, MSG_NOSIGNAL);
}

ssize_t
fdpass_send(int sock, const void *buf, size_t len, int fd)
{
	return fdpass_send_all(sock, buf, len, &fd, 1);
}

ssize_t
fdpass_receive_all(int sock, void *buf, size_t len, int *fds, size_t most, size_t *n)
{
	union control control;
	struct iovec part = {.iov_base = buf, .iov_len = len};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
	struct cmsghdr *header;
	size_t i, count;
	ssize_t r;
	int got;

	message.msg_control = control.space;
	message.msg_controllen = sizeof(control.space);
	r = recvmsg(sock, &message, MSG_CMSG_CLOEXEC);
	if (r == -1)
		return -1;
	for (header = CMSG_FIRSTHDR(&message); header != NULL;
	     header = CMSG_NXTHDR(&message, header)) {
		if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS)
			continue;
		count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		for (i = 0; i < count; i++) {
			memcpy(&got, CMSG_DATA(header) + i * sizeof(int), sizeof(int));
			if (*n < most)
				fds[(*n)++] = got;
			else
				close(got);
		}
	}
	return r;
}

ssize_t
fdpass_receive(int sock, void *buf, size_t len, int *fd)
{
	size_t n = 0;

	return fdpass_receive_all(sock, buf, len, fd, 1, &n);
}
