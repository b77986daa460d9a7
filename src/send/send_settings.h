#ifndef SEND_SEND_SETTINGS_H
#define SEND_SEND_SETTINGS_H

#include <stddef.h>

#include "way/way_settings.h"

/* What the control files say about sending.  Zeroed to begin with, used again. */
struct send_settings {
	struct way_settings way;
	unsigned seconds_connect;
	unsigned seconds_remote;
	unsigned recipients_max; /* in one transaction */
	size_t line_max;         /* octets of a line before its part is encoded; 0: any */
};

/* Read them anew.  Returns null, or what is wrong, a constant. */
const char *send_settings_read(struct send_settings *s);

#endif
