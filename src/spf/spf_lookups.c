#include <stdlib.h>
#include <string.h>

#include <errmsg.h>

#include "lib/deadline.h"
#include "lib/heap.h"
#include "lib/text.h"
#include "spf/spf_lookups.h"

#define QUESTION_MILLISECONDS 5000
#define IDLE_MAX 32 /* connections kept for others, which costs less than new ones */

/* A cache: connections on which nothing is owed. */
static struct dns_client idle[IDLE_MAX];
static size_t idle_count;

static const struct dns_answer failed = {
    .status = DNS_ANSWER_FAILED, .name = "", .records = ""};

static struct spf_lookups_entry *
find(struct spf_lookups *l, const char *type_name)
{
	size_t i;

	for (i = 0; i < l->count; i++)
		if (strcmp(l->entries[i].type_name, type_name) == 0)
			return &l->entries[i];
	return NULL;
}

static void
borrow(struct spf_lookups *l)
{
	if (l->client.fd == -1 && idle_count > 0)
		l->client = idle[--idle_count];
}

static void
give_back(struct spf_lookups *l)
{
	if (l->client.fd != -1 && l->owed == 0 && idle_count < IDLE_MAX) {
		idle[idle_count++] = l->client;
		l->client = (struct dns_client)DNS_CLIENT_NONE;
	}
	dns_client_close(&l->client);
}

/* They are as old as one that has ended. */
static void
drop_idle(void)
{
	while (idle_count > 0)
		dns_client_close(&idle[--idle_count]);
}

static void
ask(struct spf_lookups *l, struct spf_lookups_entry *entry)
{
	const char *name = strchr(entry->type_name, ' ') + 1;
	int is_old;
	char type[8];

	text_copy(
	    type, sizeof(type), entry->type_name, (size_t)(name - 1 - entry->type_name));
	borrow(l);
	is_old = l->client.fd != -1;
	entry->id = dns_client_ask(&l->client, type, name, QUESTION_MILLISECONDS);
	if (entry->id == 0 && is_old && l->owed == 0) {
		/* whoever was there has ended since */
		drop_idle();
		entry->id = dns_client_ask(&l->client, type, name, QUESTION_MILLISECONDS);
	}
	if (entry->id == 0)
		carpsys("unable to ask ", DNS_CLIENT_SOCKET);
	entry->answer = failed;
	l->owed += entry->id != 0;
}

const struct dns_answer *
spf_lookups_find(void *lookups, const char *type, const char *name)
{
	struct spf_lookups *l = lookups;
	struct spf_lookups_entry *entry;
	stralloc type_name = {0};

	text_cat(&type_name, type, " ", name, (char *)NULL);
	text_terminate(&type_name);
	entry = find(l, type_name.s);
	if (entry == NULL) {
		if (l->until == 0)
			l->until = deadline_now() + SPF_LOOKUPS_SECONDS * INT64_C(1000);
		if (l->count == SPF_LOOKUPS_MAX || deadline_now() >= l->until) {
			stralloc_free(&type_name);
			return &failed;
		}
		l->entries = heap_grow(l->entries, l->count, sizeof(*l->entries));
		entry = &l->entries[l->count++];
		memset(entry, 0, sizeof(*entry));
		entry->type_name = heap_copy(type_name.s, type_name.len);
		ask(l, entry);
	}
	stralloc_free(&type_name);
	return entry->id != 0 ? NULL : &entry->answer;
}

static void
keep(struct spf_lookups *l, const struct dns_answer *answer)
{
	struct spf_lookups_entry *entry = NULL;
	size_t i;

	for (i = 0; i < l->count && entry == NULL; i++)
		if (l->entries[i].id == answer->id)
			entry = &l->entries[i];
	if (entry == NULL)
		return;
	entry->id = 0;
	entry->answer = *answer;
	entry->bytes = heap_make(1, answer->name_len + answer->records_len + 1);
	memcpy(entry->bytes, answer->name, answer->name_len);
	memcpy(entry->bytes + answer->name_len, answer->records, answer->records_len);
	entry->answer.name = entry->bytes;
	entry->answer.records = entry->bytes + answer->name_len;
	l->owed--;
}

/* What is not answered yet is asked once more, on another connection; or never will be
 * answered. */
static void
settle(struct spf_lookups *l, int asks_again)
{
	size_t i;

	for (i = 0; i < l->count; i++)
		if (l->entries[i].id != 0) {
			l->owed--;
			l->entries[i].id = 0;
			l->entries[i].answer = failed;
			if (asks_again)
				ask(l, &l->entries[i]);
		}
}

/* The connection has ended: dns-serve was begun anew, perhaps. */
static void
begin_anew(struct spf_lookups *l)
{
	drop_idle();
	settle(l, !l->is_anew);
	l->is_anew = 1;
}

void
spf_lookups_take(struct spf_lookups *l)
{
	struct dns_answer answer;
	int r = 0;

	while (l->owed > 0 && (r = dns_client_take(&l->client, &answer)) == 1)
		keep(l, &answer);
	if (l->owed > 0 && r == -1)
		begin_anew(l);
	if (l->owed > 0 && deadline_now() >= l->until) {
		dns_client_close(&l->client);
		settle(l, 0);
	}
}

void
spf_lookups_gather(struct spf_lookups *l)
{
	borrow(l);
	dns_client_gather(&l->client);
}

void
spf_lookups_send(struct spf_lookups *l)
{
	if (dns_client_send(&l->client) == -1)
		begin_anew(l);
}

static void
free_entry(struct spf_lookups_entry *entry)
{
	free(entry->type_name);
	free(entry->bytes);
}

void
spf_lookups_keep(struct spf_lookups *l, const char *type_name)
{
	struct spf_lookups_entry *kept = find(l, type_name), entry;
	size_t i;

	if (kept == NULL) {
		spf_lookups_clear(l);
		return;
	}
	entry = *kept;
	for (i = 0; i < l->count; i++)
		if (&l->entries[i] != kept)
			free_entry(&l->entries[i]);
	l->entries[0] = entry;
	l->count = 1;
	l->owed = entry.id != 0;
	l->until = deadline_now() + SPF_LOOKUPS_SECONDS * INT64_C(1000);
	l->is_anew = 0;
}

void
spf_lookups_clear(struct spf_lookups *l)
{
	size_t i;

	give_back(l);
	for (i = 0; i < l->count; i++)
		free_entry(&l->entries[i]);
	free(l->entries);
	l->entries = NULL;
	l->count = l->owed = 0;
	l->until = 0;
	l->is_anew = 0;
}

void
spf_lookups_free(struct spf_lookups *l)
{
	spf_lookups_clear(l);
}
