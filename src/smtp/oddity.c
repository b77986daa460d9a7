#include "smtp/oddity.h"
#include "lib/log.h"

void
oddity_note(struct session *session, enum oddity oddity)
{
	static const char *const names[] = {
	    [ODDITY_BARE_PATH] = "address without angle brackets",
	    [ODDITY_DOTS] = "dots in the local part",
	    [ODDITY_END_DOT] = "dot behind the domain",
	    [ODDITY_AUTH] = "AUTH= is no address",
	    [ODDITY_NAME] = "name with blanks or other characters",
	    [ODDITY_NO_NAME] = "no name",
	    [ODDITY_COMMAND_END] = "command ended by LF",
	    [ODDITY_LINE_END] = "bare CR or LF in a message",
	    [ODDITY_HEADLESS] = "message begins with a blank",
	};

	if (session->oddities & 1u << oddity)
		return;
	session->oddities |= 1u << oddity;
	log_event(session->transaction.id, "tolerated", "what", names[oddity], "client",
	    session->client, "helo", session->helo.s, (char *)NULL);
}

int
oddity_trim_end(struct session *session, const char *s, size_t *len)
{
	if (*len && s[*len - 1] == '\r') {
		(*len)--;
		return 1;
	}
	if (!session_is_ours())
		return 0;
	oddity_note(session, ODDITY_COMMAND_END);
	return 1;
}
