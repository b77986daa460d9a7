/* Whatever a milter says of its options: what is agreed upon is what we know. */

#include <stdint.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "milter/milter_options.h"

#define LEN_MAX 32768 /* what a socket takes without a reader */
#define STEPS_MAX 0x1fffff

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct milter_options options = {0};
	struct milter_channel channel = {.seconds = 5};
	int ends[2];

	if (len > LEN_MAX || socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == -1)
		return 0;
	channel.fd = ends[0];
	if (write(ends[1], data, len) != (ssize_t)len || shutdown(ends[1], SHUT_WR) == -1)
		abort();
	if (milter_options_agree(&options, &channel) == 0 &&
	    (options.version < 2 || options.version > 6 || options.actions > 0x1ff ||
		options.steps > STEPS_MAX))
		abort();
	if (channel.fd != -1)
		close(channel.fd);
	close(ends[1]);
	stralloc_free(&channel.out);
	stralloc_free(&channel.heard);
	return 0;
}
