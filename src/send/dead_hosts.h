#ifndef SEND_DEAD_HOSTS_H
#define SEND_DEAD_HOSTS_H

#include <stdint.h>

#define DEAD_HOSTS_MAX 64
#define DEAD_SECONDS 60 /* for so long it is not tried again */

/* Addresses that cost us a long wait.  Zeroed to begin with. */
struct dead_hosts {
	struct {
		unsigned char ip[16];
		int64_t until;
	} list[DEAD_HOSTS_MAX];
	unsigned next;
};

/* now is deadline_now(). */
void dead_hosts_add(struct dead_hosts *dead, const unsigned char ip[16], int64_t now);
int dead_hosts_has(
    const struct dead_hosts *dead, const unsigned char ip[16], int64_t now);

#endif
