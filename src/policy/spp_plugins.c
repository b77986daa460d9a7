#include <string.h>

#include "lib/deadline.h"
#include "lib/log.h"
#include "lib/spawn_output.h"
#include "lib/text.h"
#include "policy/spp_plugins.h"

static const char *const names[SPP_EVENTS] = {
    "connection", "helo", "mail", "rcpt", "data"};

/* SPP_EVENTS when the name s[0..len) is none. */
static enum spp_event
find_event(const char *s, size_t len)
{
	int i;

	for (i = 0; i < SPP_EVENTS; i++)
		if (strlen(names[i]) == len && memcmp(names[i], s, len) == 0)
			break;
	return (enum spp_event)i;
}

int
spp_plugins_read(struct spp_plugins *plugins, const char *lines, size_t len)
{
	enum spp_event event = SPP_EVENTS;
	const char *line, *end;
	int begun = 0;

	for (line = lines; line < lines + len; line += strlen(line) + 1) {
		end = strchr(line, ']');
		if (*line == '[' && end != NULL) {
			event = find_event(line + 1, (size_t)(end - line - 1));
			begun = 1;
			if (event == SPP_EVENTS)
				log_event(NULL, "unsupported", "file",
				    "control/smtpplugins", "line", line, (char *)NULL);
		} else if (!begun) {
			return -1;
		} else if (event != SPP_EVENTS) {
			text_catb(&plugins->list[event], line, strlen(line) + 1);
		}
	}
	return 0;
}

int
spp_plugins_add(struct spp_plugins *plugins, const char *s)
{
	size_t len = strcspn(s, "=");
	enum spp_event event = find_event(s, len);

	if (event == SPP_EVENTS || s[len] != '=' || !s[len + 1])
		return -1;
	text_catb(&plugins->list[event], s + len + 1, strlen(s + len + 1) + 1);
	return 0;
}

int
spp_plugins_run(const char *plugin, stralloc *output, unsigned seconds)
{
	const char *const program[] = {plugin, NULL};
	const char *const shell[] = {"/bin/sh", "-c", plugin + 1, NULL};

	return spawn_output(*plugin == ':' ? shell : program, output, SPP_OUTPUT_MAX, 0,
	    deadline_now() + seconds * INT64_C(1000));
}
