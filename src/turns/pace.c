#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/control.h"
#include "lib/heap.h"
#include "lib/rate_line.h"
#include "turns/pace.h"

#define HOST_MAX 255

/* Short intervals are kept on the average, for we wake up by milliseconds. */
#define SHORT 10000

static void
add(struct pace_rates *rates, const struct rate_line *line)
{
	rates->list[rates->count++] = (struct pace_rate){.name = line->name,
	    .is_below = line->is_below,
	    .is_mx = line->is_mx,
	    .interval = line->interval};
	rates->has_mx |= line->is_mx;
}

int
pace_rates_read(struct pace_rates *rates)
{
	struct rate_line line;
	size_t lines = 0, next;

	if (control_list("rates", &rates->text) == -1)
		return -1;
	for (size_t i = 0; i < rates->text.len; ++i)
		lines += rates->text.s[i] == '\0';
	if (lines == 0)
		return 0;
	rates->list = heap_make(lines, sizeof *rates->list);
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
pace_rates_free(struct pace_rates *rates)
{
	stralloc_free(&rates->text);
	free(rates->list);
	rates->list = NULL;
	rates->count = 0;
}

static int
matches(const struct pace_rate *rate, const char *name, size_t len)
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
static struct pace_rate *
find(const struct pace_rates *rates, const char *name, int is_mx)
{
	struct pace_rate *best = NULL;
	size_t len = strlen(name);

	for (size_t i = 0; i < rates->count; ++i) {
		struct pace_rate *rate = &rates->list[i];

		if (rate->is_mx != is_mx || !matches(rate, name, len))
			continue;
		if (rate->name[0] && !rate->is_below)
			return rate;
		if (best == NULL || strlen(rate->name) > strlen(best->name))
			best = rate;
	}
	return best;
}

static void
refresh(struct pace *p, const struct pace_rates *rates, const char *domain, int64_t now)
{
	const struct pace_rate *rate = find(rates, domain, 0);

	p->generation = rates->generation;
	p->interval = rate != NULL ? rate->interval : 0;
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
pace_may(struct pace *p, struct pace_rates *rates, const char *domain, size_t running,
    int64_t now, int64_t *until)
{
	if (p->generation != rates->generation)
		refresh(p, rates, domain, now);
	/* one message finds out where the domain's mail goes */
	if (rates->has_mx && !p->is_learned && running > 0)
		return 0;
	return has_come(p->interval ? p->next : 0, now, until) &&
	       has_come(p->mx != NULL ? p->mx->next : 0, now, until);
}

static void
step(int64_t *next, int64_t interval, int64_t now)
{
	int64_t earliest = interval < SHORT ? now - SHORT : now;

	*next = (*next < earliest ? earliest : *next) + interval;
}

void
pace_take(struct pace *p, int64_t now)
{
	if (p->interval)
		step(&p->next, p->interval, now);
	if (p->mx != NULL)
		step(&p->mx->next, p->mx->interval, now);
}

void
pace_return(struct pace *p)
{
	p->next -= p->interval;
	if (p->mx != NULL)
		p->mx->next -= p->mx->interval;
}

/* The message that found it out counts. */
void
pace_learn(struct pace *p, struct pace_rates *rates, const struct outcome *o, int64_t now)
{
	const char *name = o->text.s + o->parts.host;
	size_t len = o->parts.host_len;
	char host[HOST_MAX + 1];
	struct pace_rate *mx;

	if (!rates->has_mx || p->generation != rates->generation)
		return;
	if (len == 0 || len > HOST_MAX)
		return;
	for (size_t i = 0; i < len; ++i)
		host[i] =
		    name[i] >= 'A' && name[i] <= 'Z' ? name[i] + 'a' - 'A' : name[i];
	host[len] = '\0';
	mx = find(rates, host, 1);
	if (mx != NULL && mx != p->mx)
		step(&mx->next, mx->interval, now);
	p->mx = mx;
	p->is_learned = 1;
}
