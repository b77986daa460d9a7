#include "turns/backoff.h"

int64_t
backoff_wait(int64_t first, unsigned failures, unsigned doublings)
{
	return first << (failures < doublings ? failures : doublings);
}
