#include <string.h>

#include <errmsg.h>
#include <stralloc.h>

#include "inspect/edit_pause.h"
#include "inspect/entrance.h"
#include "inspect/pause_file.h"
#include "lib/log.h"
#include "lib/text.h"
#include "lib/verdict.h"
#include "queue/trigger.h"

static int
change(const char *what, int is_resumed, stralloc *changed)
{
	int r = pause_file_change(what, !is_resumed);

	text_catb(changed, r == 1 ? "\1" : "", 1);
	if (r == -1)
		return DEFER;
	if (r == 1 || !is_resumed)
		return ACCEPT;
	carp(what, ": not paused");
	return REJECT;
}

/* control/ belongs to who edits it, be it root; the queue and its log don't. */
int
edit_pause(char *const *words, int is_resumed, const char *admin)
{
	stralloc changed = {0};
	int verdict = ACCEPT;

	for (size_t i = 0; words[i] != NULL; ++i) {
		int r = change(words[i], is_resumed, &changed);

		if (r > verdict)
			verdict = r;
	}
	entrance_take(1);
	for (size_t i = 0; words[i] != NULL; ++i)
		if (changed.s[i])
			log_event(NULL, is_resumed ? "resumed" : "paused", "what",
			    words[i], "by", admin, (char *)NULL);
	stralloc_free(&changed);
	trigger_pull("reread"); /* also of what somebody else has changed by hand */
	return entrance_leave() == -1 ? DEFER : verdict;
}
