#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "dns/dns_cache.h"
#include "dns/dns_message.h"
#include "dns/questions.h"
#include "dns/upstream.h"
#include "lib/deadline.h"
#include "lib/domain_form.h"
#include "lib/heap.h"
#include "lib/text.h"
#include "lib/utf8.h"

#define MILLISECONDS 5000 /* for one that says nothing else */
#define MILLISECONDS_MAX 20000

/* After so many questions in a row without an answer nobody waits longer for one: a DNS
 * that is dead costs each message little. */
#define SILENT_MANY 6
#define SILENT_MILLISECONDS 1000

struct question {
	char *type_name;
	unsigned type;
	size_t waiting;
	int is_over;
};

struct waiting {
	struct guest *guest;
	struct question *question;
	uint32_t id;
	int64_t until;
};

static struct waiting waiting[QUESTIONS_WAITING_MAX];
static size_t waiting_count;
static size_t under_way; /* questions, waited for or not */
static unsigned silent;  /* whose time is over, since the last answer */
static struct dns_cache cache;

static const struct dns_answer failed = {
    .status = DNS_ANSWER_FAILED, .name = "", .records = ""};

int
questions_begin(void)
{
	return getrandom(cache.hash_key, sizeof(cache.hash_key), 0) ==
		       sizeof(cache.hash_key)
		   ? 0
		   : -1;
}

static void
tell(struct guest *guest, uint32_t id, const struct dns_answer *answer)
{
	struct dns_answer his = *answer;

	his.id = id;
	guests_tell(guest, &his);
}

static void
free_question(struct question *q)
{
	if (!q->is_over || q->waiting > 0)
		return;
	free(q->type_name);
	free(q);
	under_way--;
}

/* The last takes the place of the one that leaves. */
static void
leave(size_t i)
{
	struct question *q = waiting[i].question;

	waiting[i] = waiting[--waiting_count];
	q->waiting--;
	free_question(q);
}

static struct question *
find(const char *type_name)
{
	size_t i;

	for (i = 0; i < waiting_count; i++)
		if (strcmp(waiting[i].question->type_name, type_name) == 0)
			return waiting[i].question;
	return NULL;
}

/* The DNS has answered, or never will. */
static void
take_answer(void *asker, const unsigned char *m, size_t len)
{
	struct question *q = asker;
	struct dns_answer answer = failed;
	stralloc name = {0}, records = {0};
	size_t i;

	if (m != NULL) {
		silent = 0;
		dns_message_read(&answer, &name, &records, m, len, q->type);
		answer.name = name.s;
		answer.name_len = name.len;
		answer.records = records.s;
		answer.records_len = records.len;
		dns_cache_keep(&cache, q->type_name, &answer, deadline_now());
	}
	q->waiting++; /* it is not to be freed meanwhile */
	for (i = waiting_count; i-- > 0;)
		if (waiting[i].question == q) {
			tell(waiting[i].guest, waiting[i].id, &answer);
			leave(i);
		}
	q->waiting--;
	q->is_over = 1;
	free_question(q);
	stralloc_free(&name);
	stralloc_free(&records);
}

/* Ask the DNS for q, for whom somebody waits already. */
static void
ask(struct question *q)
{
	const char *name = strchr(q->type_name, ' ') + 1;
	stralloc ascii = {0};
	int r = -1;

	if (utf8_is_ascii(name, strlen(name))) {
		r = upstream_ask(name, q->type, take_answer, q);
	} else if (domain_form_other(&ascii, name, strlen(name))) {
		text_terminate(&ascii);
		r = upstream_ask(ascii.s, q->type, take_answer, q);
	}
	stralloc_free(&ascii);
	if (r == -1) {
		/* nobody has such a name */
		q->is_over = 1;
		tell(waiting[waiting_count - 1].guest, waiting[waiting_count - 1].id,
		    &(struct dns_answer){
			.status = DNS_ANSWER_NO_NAME, .name = "", .records = ""});
		leave(waiting_count - 1);
	}
}

static struct question *
begin(const struct guests_question *asked)
{
	struct question *q = heap_make(1, sizeof(*q));

	q->type_name = heap_copy(asked->type_name, strlen(asked->type_name));
	q->type = asked->type;
	under_way++;
	return q;
}

void
questions_take(struct guest *guest, const struct guests_question *asked)
{
	unsigned milliseconds =
	    asked->milliseconds != 0 ? asked->milliseconds : MILLISECONDS;
	const struct dns_answer *known;
	int64_t now = deadline_now();
	struct question *q;

	known = dns_cache_find(&cache, asked->type_name, now);
	if (known == NULL && (waiting_count == QUESTIONS_WAITING_MAX ||
				 under_way >= QUESTIONS_WAITING_MAX))
		known = &failed;
	if (known != NULL) {
		tell(guest, asked->id, known);
		return;
	}
	if (milliseconds > MILLISECONDS_MAX)
		milliseconds = MILLISECONDS_MAX;
	if (silent >= SILENT_MANY && milliseconds > SILENT_MILLISECONDS)
		milliseconds = SILENT_MILLISECONDS;
	q = find(asked->type_name);
	waiting[waiting_count++] = (struct waiting){
	    guest, q != NULL ? q : begin(asked), asked->id, now + milliseconds};
	waiting[waiting_count - 1].question->waiting++;
	if (q == NULL)
		ask(waiting[waiting_count - 1].question);
}

void
questions_forget(const struct guest *guest)
{
	size_t i;

	for (i = waiting_count; i-- > 0;)
		if (waiting[i].guest == guest)
			leave(i);
}

void
questions_expire(int64_t now)
{
	size_t i;

	for (i = waiting_count; i-- > 0;)
		if (waiting[i].until <= now) {
			silent++;
			tell(waiting[i].guest, waiting[i].id, &failed);
			leave(i);
		}
}

int64_t
questions_next(void)
{
	int64_t next = INT64_MAX;
	size_t i;

	for (i = 0; i < waiting_count; i++)
		if (waiting[i].until < next)
			next = waiting[i].until;
	return next;
}
