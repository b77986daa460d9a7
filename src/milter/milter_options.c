#include <errno.h>

#include "milter/milter_options.h"

#define VERSION_LEAST 2
#define VERSION_DATA 4 /* the first that knows the command DATA */
#define VERSION 6
#define ACTIONS 0x1ff /* all that milters may ask for, lists of macros included */
#define STEPS                                                                            \
	0x1ff7ff /* all that they may ask to be spared, or to be told otherwise, but     \
		  * what others have refused */

int
milter_options_agree(struct milter_options *o, struct milter_channel *c)
{
	size_t at = milter_packet_begin(&c->out, MILTER_SAY_OPTIONS);
	struct milter_packet_reader r;
	char command;

	milter_packet_put_number(&c->out, VERSION);
	milter_packet_put_number(&c->out, ACTIONS);
	milter_packet_put_number(&c->out, STEPS);
	milter_packet_end(&c->out, at);
	if (milter_channel_send(c) == -1 ||
	    milter_channel_hear(c, milter_channel_due(c, 1), &command, &r.s, &r.len) ==
		-1)
		return -1;
	errno = 0;
	milter_macros_usual(&o->macros);
	if (command != MILTER_SAY_OPTIONS || !milter_packet_number(&r, &o->version) ||
	    !milter_packet_number(&r, &o->actions) ||
	    !milter_packet_number(&r, &o->steps) || o->version < VERSION_LEAST ||
	    o->version > VERSION || (o->actions & ~ACTIONS) || (o->steps & ~STEPS) ||
	    !milter_macros_take(&o->macros, &r))
		return milter_channel_lose(
		    c, "the milter wants options that there are not");
	if (o->version < VERSION_DATA)
		o->steps |= MILTER_NO_DATA;
	return 0;
}
