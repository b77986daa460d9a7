#include <errno.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include <errmsg.h>
#include <stralloc.h>

#include "inspect/admin_log.h"
#include "inspect/edit_act.h"
#include "lib/durable.h"
#include "lib/log.h"
#include "lib/text.h"
#include "queue/journal.h"
#include "queue/owed.h"
#include "queue/place.h"
#include "queue/trigger.h"

#define UNTRIED                                                                          \
	"-" /* stands for the state 0 of a recipient among those of the journal          \
	     */

static const struct edit_act acts[] = {
    {"retry", "retried", 'N', "-", "nl", UNTRIED "ZD", "to be tried now"},
    {"hold", "held", 0, NULL, "nlp", UNTRIED "ZD", ""},
    {"release", "released", 'N', "-", "h", UNTRIED "ZD", "released"},
    {"remove", "removed", 'X', "-", "nlphb", UNTRIED "ZD",
	"removed by the administrator"},
    {"bounce", "delivery", 'D', "5.0.0", "nlph", UNTRIED "Z",
	"given up by the administrator"},
    {"redirect", "redirected", 'A', "-", "nlph", UNTRIED "Z", ""},
};

const struct edit_act *
edit_act_named(const char *name)
{
	for (size_t i = 0; i < sizeof acts / sizeof *acts; ++i)
		if (strcmp(acts[i].name, name) == 0)
			return &acts[i];
	return NULL;
}

const char *
edit_act_refuses(const struct edit_act *act, int64_t place)
{
	/* where it is going to be a file */
	if (place == PLACE_JOURNAL)
		place = PLACE_NEW;
	if (strchr(act->places, *place_name(place)) != NULL)
		return NULL;
	switch (place) {
	case PLACE_PAUSED:
		return "its destination is paused: resume that";
	case PLACE_HOLD:
		return act->letter ? "it is held: release it" : "it is held already";
	case PLACE_BAD:
		return "it is in queue/bad, and can only be removed";
	default:
		return "it is not held";
	}
}

int
edit_act_meets(const struct edit_act *act, const struct edit_message *m, size_t i)
{
	char state = m->file->recipients[i].state;

	return m->picked[i] && strchr(act->states, state ? state : *UNTRIED) != NULL &&
	       (m->from == NULL ||
		   strcasecmp(m->from, m->file->envelope.recipients[i].address) == 0);
}

static void
log_recipient(const struct edit_act *act, const struct edit_message *m, size_t i)
{
	const char *address = m->file->envelope.recipients[i].address;
	char decimal[DECIMAL_MAX];
	const char *n = text_decimal(decimal, i);

	if (act->letter == 'D')
		log_event(m->id, act->past, "n", n, "rcpt", address, "result", "D",
		    "status", act->status, "text", m->words, "via", "admin", "by",
		    m->admin, (char *)NULL);
	else if (act->letter == 'A')
		log_event(m->id, act->past, "n", n, "rcpt", address, "to", m->to, "by",
		    m->admin, (char *)NULL);
	else
		log_event(m->id, act->past, "n", n, "rcpt", address, "text", m->words,
		    "by", m->admin, (char *)NULL);
}

/* How many recipients in one of these states are not among those that are met now? */
static size_t
count_left(const struct edit_act *act, const struct edit_message *m, const char *states)
{
	size_t n = 0;

	for (size_t i = 0; i < m->file->envelope.count; ++i) {
		char state = m->file->recipients[i].state;

		n += strchr(states, state ? state : *UNTRIED) != NULL &&
		     !edit_act_meets(act, m, i);
	}
	return n;
}

int
edit_act_ends(const struct edit_act *act, const struct edit_message *m)
{
	return act->letter == 'X' && count_left(act, m, UNTRIED "ZD") == 0;
}

/* A success that the sender is still to be told keeps the file, however little is left.
 */
static int
owes_success(const struct edit_message *m)
{
	for (size_t i = 0; i < m->file->envelope.count; ++i)
		if (m->file->recipients[i].state == 'K' && owed(m->file, i, 0) != NULL)
			return 1;
	return 0;
}

/* Is the file going to be removed, whose lines nobody needs then? */
static int
goes(const struct edit_act *act, const struct edit_message *m)
{
	return act->letter == 'X' && count_left(act, m, UNTRIED "ZD") == 0 &&
	       !owes_success(m);
}

static int
write_lines(const struct edit_act *act, const struct edit_message *m)
{
	char path[PLACE_PATH_MAX];
	stralloc lines = {0};
	int64_t now = time(NULL);
	int r = 0;

	for (size_t i = 0; i < m->file->envelope.count; ++i)
		if (edit_act_meets(act, m, i))
			journal_put(&lines, now, act->letter, i, act->status,
			    act->letter == 'A' ? m->to : m->words);
	place_path(path, m->place, m->id);
	/* a retry that is forgotten in a crash costs time, what else is told must stay */
	if (lines.len > 0)
		r = journal_append(path, &m->file->torn, lines.s, lines.len,
		    strcmp(act->name, "retry") != 0);
	stralloc_free(&lines);
	if (r == 0 || (durable_is_full(errno) && goes(act, m)))
		return 0;
	carpsys("unable to write to the journal of ", path);
	return -1;
}

/* The folders are synced once, at the end: edit_folders_sync. */
static int
move(const struct edit_message *m, int64_t to)
{
	char old[PLACE_PATH_MAX], new[PLACE_PATH_MAX];

	if (m->place == to)
		return 0;
	place_folder_path(old, m->place);
	place_folder_path(new, to);
	edit_folders_put(m->folders, m->place);
	edit_folders_put(m->folders, to);
	if (place_rename(m->id, m->place, to) == 0)
		return 0;
	carpsys("unable to move message ", m->id, " from ", old, " to ", new);
	return -1;
}

/*
 * The log is on the disk before the file, which alone tells of it else, is gone; but
 * where there is no room for a line, removing messages is what makes it.
 */
static int
remove_file(const struct edit_message *m)
{
	log_event(m->id, "done", "by", m->admin, (char *)NULL);
	if (admin_log_sync() == -1) {
		carpsys("unable to write to log/admin/current");
		return -1;
	}
	if (place_remove(m->id, m->place) == -1) {
		carpsys("unable to remove message ", m->id);
		return -1;
	}
	return 0;
}

/*
 * The rest of the recipients of a held message stay held: what was given up of it is
 * reported when it is released.
 */
static int
put_in_place(const struct edit_act *act, const struct edit_message *m)
{
	switch (act->letter) {
	case 0:
		return move(m, PLACE_HOLD);
	case 'X':
		return goes(act, m) ? remove_file(m) : 0;
	case 'D':
		if (m->place == PLACE_HOLD && count_left(act, m, UNTRIED "Z") > 0)
			return 0;
		return move(m, PLACE_NEW);
	case 'N':
		return move(m, PLACE_NEW);
	default:
		return 0;
	}
}

/* Retry, hold and release are of the message, the others of its recipients. */
static void
log_act(const struct edit_act *act, const struct edit_message *m)
{
	if (!act->letter || act->letter == 'N')
		log_event(m->id, act->past, "by", m->admin, (char *)NULL);
	else
		for (size_t i = 0; i < m->file->envelope.count; ++i)
			if (edit_act_meets(act, m, i))
				log_recipient(act, m, i);
}

int
edit_act_do(const struct edit_act *act, const struct edit_message *m)
{
	if (act->letter && write_lines(act, m) == -1)
		return -1;
	log_act(act, m);
	if (put_in_place(act, m) == -1)
		return -1;
	if (act->letter == 'N' || act->letter == 'D')
		trigger_pull(m->id);
	if (admin_log_check() == 0)
		return 0;
	carpsys("unable to write to log/admin/current");
	return -1;
}
