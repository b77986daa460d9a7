#include <stdlib.h>
#include <string.h>

#include "inspect/list_counts.h"
#include "lib/address.h"
#include "lib/heap.h"
#include "lib/json.h"
#include "lib/lower.h"
#include "lib/queueid.h"
#include "lib/text.h"
#include "queue/choice.h"

#define ROOM_FIRST 1024
#define DOMAIN_ROOM 1024 /* envelope addresses are shorter */

static struct list_count **
slot(const struct list_counts *c, const char *domain)
{
	return &c->slots[queueid_hash(domain, 0) % c->room];
}

static void
grow(struct list_counts *c)
{
	struct list_counts old = *c;

	c->room = old.room ? 4 * old.room : ROOM_FIRST;
	c->slots = heap_make(c->room, sizeof *c->slots);
	for (size_t i = 0; i < old.room; ++i)
		for (struct list_count *d = old.slots[i], *chain; d != NULL; d = chain) {
			struct list_count **p = slot(c, d->domain);

			chain = d->chain;
			d->chain = *p;
			*p = d;
		}
	free(old.slots);
}

static struct list_count *
find(struct list_counts *c, const char *domain)
{
	struct list_count **p, *d;

	if (c->count == c->room)
		grow(c);
	p = slot(c, domain);
	for (d = *p; d != NULL; d = d->chain)
		if (strcmp(d->domain, domain) == 0)
			return d;
	d = heap_make(1, sizeof *d + strlen(domain) + 1);
	strcpy(d->domain, domain);
	d->chain = *p;
	*p = d;
	++c->count;
	return d;
}

static void
set_domain(char domain[DOMAIN_ROOM], const char *address)
{
	size_t len = strlen(address), at = address_domain(address, len), i = 0;

	for (; at && address[at + i] && i < DOMAIN_ROOM - 1; ++i)
		domain[i] = lower_char(address[at + i]);
	if (i > 0 && domain[i - 1] == '.')
		--i;
	domain[i] = '\0';
}

static void
count(struct list_count *d, const struct list_entry *e, uint64_t number)
{
	++d->recipients;
	if (d->latest != number)
		++d->messages;
	d->latest = number;
	if (list_entry_age(e) > d->age)
		d->age = list_entry_age(e);
	if (e->next && (d->next == 0 || e->next < d->next))
		d->next = e->next;
}

void
list_counts_add(struct list_counts *c, const struct list_entry *e, int all)
{
	char domain[DOMAIN_ROOM];

	++c->messages;
	for (size_t i = 0; i < e->file->envelope.count; ++i) {
		char state = e->file->recipients[i].state;

		if (!e->picked[i] || !(all || state == 0 || strchr("ZD", state) != NULL))
			continue;
		set_domain(domain, e->file->envelope.recipients[i].address);
		count(find(c, domain), e, c->messages);
	}
}

static int
compare(const void *a, const void *b)
{
	const struct list_count *x = *(struct list_count *const *)a,
				*y = *(struct list_count *const *)b;

	if (x->recipients != y->recipients)
		return x->recipients > y->recipients ? -1 : 1;
	return strcmp(x->domain, y->domain);
}

struct list_count **
list_counts_list(const struct list_counts *c)
{
	struct list_count **list = heap_make(c->count + 1, sizeof *list);
	size_t n = 0;

	for (size_t i = 0; i < c->room; ++i)
		for (struct list_count *d = c->slots[i]; d != NULL; d = d->chain)
			list[n++] = d;
	qsort(list, n, sizeof *list, compare);
	return list;
}

/* Append what has been put behind from once more, right-aligned in a column. */
static void
align(stralloc *sa, size_t from, size_t width)
{
	size_t len = sa->len - from, blanks = len < width ? width - len : 0;

	text_catb(sa, "                ", blanks);
	memmove(sa->s + from + blanks, sa->s + from, len);
	memset(sa->s + from, ' ', blanks);
}

void
list_counts_put_heading(stralloc *sa)
{
	text_cat(sa, "messages recipients oldest   next destination\n", (char *)NULL);
}

void
list_counts_put_text(stralloc *sa, const struct list_count *c, int64_t now)
{
	size_t from = sa->len;

	list_entry_put_number(sa, c->messages);
	align(sa, from, 8);
	from = sa->len;
	list_entry_put_number(sa, c->recipients);
	align(sa, from, 11);
	from = sa->len;
	list_entry_put_span(sa, c->age);
	align(sa, from, 7);
	from = sa->len;
	if (c->next)
		list_entry_put_span(sa, c->next - now);
	else
		text_cat(sa, "-", (char *)NULL);
	align(sa, from, 7);
	text_cat(sa, " ", (char *)NULL);
	text_cat_printable(sa, c->domain, strlen(c->domain), strlen(c->domain));
	text_cat(sa, c->domain[0] ? "" : "(no domain)", c->is_paused ? " paused" : "",
	    "\n", (char *)NULL);
}

void
list_counts_put_json(stralloc *sa, const struct list_count *c)
{
	text_cat(sa, "{", (char *)NULL);
	json_put_pair(sa, "destination", c->domain);
	json_put_count(sa, "messages", c->messages);
	json_put_count(sa, "recipients", c->recipients);
	json_put_count(sa, "oldest", c->age);
	if (c->next)
		json_put_count(sa, "next", c->next);
	text_cat(
	    sa, ",\"paused\":", c->is_paused ? "true" : "false", "}\n", (char *)NULL);
}
