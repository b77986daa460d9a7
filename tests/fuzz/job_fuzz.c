/* The first byte: 'd' jobs with a descriptor, else jobs as they come. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fdpass.h"
#include "lib/job.h"
#include "lib/queueid.h"

#define LEN_MAX 60000 /* fits into the socket, so that nobody has to wait */

static void
send_jobs(int sock, const uint8_t *data, size_t len, int with_descriptor)
{
	int message;

	if (with_descriptor && len > 0) {
		message = memfd_create("message", MFD_CLOEXEC);
		if (message == -1 || write(message, data, len) != (ssize_t)len ||
		    fdpass_send(sock, data, len, message) != (ssize_t)len)
			abort();
		close(message);
	} else if (send(sock, data, len, 0) != (ssize_t)len)
		abort();
	close(sock);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct job job;
	int ends[2];

	if (len == 0 || len > LEN_MAX)
		return 0;
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == -1)
		abort();
	if (data[0] == 'd')
		send_jobs(ends[1], data + 1, len - 1, 1);
	else
		send_jobs(ends[1], data, len, 0);
	while (job_read(&job, ends[0], 1, 1) == 1) {
		if (!queueid_is(job.id) || job.offset < 0 || job.length < 0 ||
		    job.offset + job.length > lseek(job.fd, 0, SEEK_END))
			abort();
		job_done(&job);
	}
	close(ends[0]);
	return 0;
}
