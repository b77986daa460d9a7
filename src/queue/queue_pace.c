#include "queue/queue_pace.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <errmsg.h>

#include "lib/control.h"
#include "lib/rate_line.h"
#include "lib/verdict.h"

#define RELAYED "relayed: "
#define SAID "] said: "
#define HOST_MAX 255

/* Short intervals are kept on the average, for we wake up by milliseconds. */
#define SHORT 10000

static void
add(struct queue_rates *rates, const struct rate_line *line)
{
	rates->list[rates->count++] = (struct queue_rate){.name = line->name,
	    .is_below = line->is_below,
	    .is_mx = line->is_mx,
	    .interval = line->interval};
	rates->has_mx |= line->is_mx;
}

int
queue_rates_read(struct queue_rates *rates)
{
	struct rate_line line;
	size_t lines = 0, next;

	if (control_list("rates", &rates->text) == -1)
		return -1;
	for (size_t i = 0; i < rates->text.len; ++i)
		lines += rates->text.s[i] == '\0';
	if (lines == 0)
		return 0;
	rates->list = calloc(lines, sizeof *rates->list);
	if (!rates->list)
		die(DEFER, "out of memory");
	for (size_t i = 0; i < rates->text.len; i = next) {
		next = i + strlen(rates->text.s + i) + 1;
		if (!rate_line_parse(&line, rates->text.s + i)) {
			errno = EINVAL;
			return -1;
		}
		add(rates, &line);
	}
	return 0;
}

void
queue_rates_free(struct queue_rates *rates)
{
	stralloc_free(&rates->text);
	free(rates->list);
	rates->list = NULL;
	rates->count = 0;
}

static int
matches(const struct queue_rate *rate, const char *name, size_t len)
{
	size_t own = strlen(rate->name);

	if (own == 0)
		return 1;
	if (!rate->is_below)
		return strcmp(rate->name, name) == 0;
	return len > own && name[len - own - 1] == '.' &&
	       strcmp(rate->name, name + len - own) == 0;
}

/* The line that says most about the name: its own, then the longest of those above it. */
static struct queue_rate *
find(const struct queue_rates *rates, const char *name, int is_mx)
{
	struct queue_rate *best = NULL;
	size_t len = strlen(name);

	for (size_t i = 0; i < rates->count; ++i) {
		struct queue_rate *rate = &rates->list[i];

		if (rate->is_mx != is_mx || !matches(rate, name, len))
			continue;
		if (rate->name[0] && !rate->is_below)
			return rate;
		if (!best || strlen(rate->name) > strlen(best->name))
			best = rate;
	}
	return best;
}

static void
refresh(struct queue_pace *p, const struct queue_rates *rates, const char *domain,
    int64_t now)
{
	const struct queue_rate *rate = find(rates, domain, 0);

	p->generation = rates->generation;
	p->interval = rate ? rate->interval : 0;
	if (p->next > now + p->interval)
		p->next = now + p->interval;
	p->mx = NULL;
	p->is_learned = 0;
}

static int
has_come(int64_t next, int64_t now, int64_t *until)
{
	if (next <= now)
		return 1;
	if (next < *until)
		*until = next;
	return 0;
}

int
queue_pace_may(struct queue_pace *p, struct queue_rates *rates, const char *domain,
    size_t running, int64_t now, int64_t *until)
{
	if (p->generation != rates->generation)
		refresh(p, rates, domain, now);
	/* one message finds out where the domain's mail goes */
	if (rates->has_mx && !p->is_learned && running > 0)
		return 0;
	return has_come(p->interval ? p->next : 0, now, until) &&
	       has_come(p->mx ? p->mx->next : 0, now, until);
}

static void
step(int64_t *next, int64_t interval, int64_t now)
{
	int64_t earliest = interval < SHORT ? now - SHORT : now;

	*next = (*next < earliest ? earliest : *next) + interval;
}

void
queue_pace_take(struct queue_pace *p, int64_t now)
{
	if (p->interval)
		step(&p->next, p->interval, now);
	if (p->mx)
		step(&p->mx->next, p->mx->interval, now);
}

void
queue_pace_return(struct queue_pace *p)
{
	p->next -= p->interval;
	if (p->mx)
		p->mx->next -= p->mx->interval;
}

/* Its name stands before the first bracket.  The message that found it out counts. */
void
queue_pace_learn(
    struct queue_pace *p, struct queue_rates *rates, const char *text, int64_t now)
{
	char host[HOST_MAX + 1];
	struct queue_rate *mx;
	size_t len;

	if (!rates->has_mx || p->generation != rates->generation)
		return;
	if (strncmp(text, RELAYED, strlen(RELAYED)) == 0)
		text += strlen(RELAYED);
	len = strcspn(text, "[ ");
	if (text[len] != '[' || len == 0 || len > HOST_MAX || !strstr(text, SAID))
		return;
	for (size_t i = 0; i < len; ++i)
		host[i] =
		    text[i] >= 'A' && text[i] <= 'Z' ? text[i] + 'a' - 'A' : text[i];
	host[len] = '\0';
	mx = find(rates, host, 1);
	if (mx && mx != p->mx)
		step(&mx->next, mx->interval, now);
	p->mx = mx;
	p->is_learned = 1;
}
