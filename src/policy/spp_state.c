#include <stdlib.h>
#include <string.h>

#include "lib/heap.h"
#include "lib/log.h"
#include "lib/text.h"
#include "policy/spp_output.h"
#include "policy/spp_state.h"

#define ANSWER_TROUBLE "Z451 4.3.0 unable to decide now, try again later"
#define ANSWER_DROP "Z421 4.7.0 goodbye"

void
spp_state_complain(const char *plugin, const char *what, const char *said)
{
	log_event(
	    NULL, "plugin", "plugin", plugin, "reason", what, "said", said, (char *)NULL);
}

void
spp_state_reset(struct spp_state *state)
{
	state->later[SPP_MAIL].len = 0;
	state->later[SPP_RCPT].len = 0;
	state->later[SPP_DATA].len = 0;
	state->fields.len = 0;
}

static void
refuse_later(struct spp_state *state, enum spp_event event, const char *text)
{
	state->later[event].len = 0;
	spp_output_refuse(&state->later[event], text, strlen(text));
}

int
spp_state_obey(struct spp_state *state, const char *plugin, char *line, stralloc *answer)
{
	size_t at;
	enum spp_command command = spp_output_scan(line, strlen(line), &at);
	char *text = line + at, *equals;

	switch (command) {
	case SPP_ACCEPT_ALL:
		state->is_off = 1;
		return 1;
	case SPP_NEXT:
		return 1;
	case SPP_ERROR:
		spp_output_refuse(answer, text, strlen(text));
		return 1;
	case SPP_REJECT:
		spp_output_refuse(&state->rejection, text, strlen(text));
		return 1;
	case SPP_DROP:
		text_cat(&state->rejection, ANSWER_DROP, (char *)NULL);
		return 1;
	case SPP_ERROR_MAIL:
		refuse_later(state, SPP_MAIL, text);
		return 0;
	case SPP_ERROR_RCPT:
		refuse_later(state, SPP_RCPT, text);
		return 0;
	case SPP_ERROR_DATA:
		refuse_later(state, SPP_DATA, text);
		return 0;
	case SPP_SET:
		equals = strchr(text, '=');
		*equals = '\0';
		if (setenv(text, equals + 1, 1) == -1)
			heap_lacks();
		return 0;
	case SPP_UNSET:
		unsetenv(text);
		return 0;
	case SPP_HEADER:
		text_catb(&state->fields, text, strlen(text) + 1);
		return 0;
	case SPP_PRINT:
		spp_state_complain(plugin, "prints", text);
		return 0;
	case SPP_CHANGE:
		/* Mail must not go where the plugin does not want it. */
		spp_state_complain(plugin, "changes an address", text);
		break;
	case SPP_SENSELESS:
		spp_state_complain(plugin, "senseless", line);
	}
	text_cat(answer, ANSWER_TROUBLE, (char *)NULL);
	return 1;
}
