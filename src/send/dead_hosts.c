#include <string.h>

#include "send/dead_hosts.h"

void
dead_hosts_add(struct dead_hosts *dead, const unsigned char ip[16], int64_t now)
{
	memcpy(dead->list[dead->next].ip, ip, 16);
	dead->list[dead->next].until = now + DEAD_SECONDS * 1000;
	dead->next = (dead->next + 1) % DEAD_HOSTS_MAX;
}

int
dead_hosts_has(const struct dead_hosts *dead, const unsigned char ip[16], int64_t now)
{
	unsigned i;

	for (i = 0; i < DEAD_HOSTS_MAX; i++)
		if (dead->list[i].until > now && memcmp(dead->list[i].ip, ip, 16) == 0)
			return 1;
	return 0;
}
