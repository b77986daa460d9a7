#include <stdlib.h>
#include <string.h>

#include <stralloc.h>

#include "admin/user_alias.h"
#include "admin/user_line.h"
#include "lib/address.h"
#include "lib/heap.h"
#include "lib/text.h"

#define POSTMASTER "postmaster@"

enum { NOBODY, ELSEWHERE, MAILBOX, ALIAS };
enum { NEW, ON_THE_WAY, DONE };

struct alias {
	stralloc key;
	stralloc targets; /* each ended by \0 */
	unsigned long number;
	int state;
	size_t next; /* target to look at */
};

struct graph {
	const struct user_files *files;
	struct alias *aliases;
	size_t count;
	struct address_set index; /* keys of aliases, by their place in them */
	size_t *way;              /* aliases from the first to the one looked at */
	size_t depth;
	int is_told; /* name what is wrong */
};

static void
make_graph(struct graph *g, const struct user_files *files)
{
	static struct user_line user;
	struct text_line line = {0};
	struct alias *a;

	memset(g, 0, sizeof *g);
	g->files = files;
	while (text_file_next(&files->aliases, &line)) {
		if (user_line_alias(&user, line.s, line.len) != NULL ||
		    address_set_enter(
			&g->index, user.key.s, user.key.len, "", g->count) != NULL)
			continue;
		g->aliases = heap_grow(g->aliases, g->count, sizeof *g->aliases);
		a = &g->aliases[g->count++];
		memset(a, 0, sizeof *a);
		text_catb(&a->key, user.key.s, user.key.len);
		text_terminate(&a->key);
		text_catb(&a->targets, user.targets.s, user.targets.len);
		a->number = line.number;
	}
	g->way = heap_make(g->count + 1, sizeof *g->way);
}

static void
free_graph(struct graph *g)
{
	size_t i;

	for (i = 0; i < g->count; i++) {
		stralloc_free(&g->aliases[i].key);
		stralloc_free(&g->aliases[i].targets);
	}
	free(g->aliases);
	free(g->way);
	address_set_free(&g->index);
}

static int
is_mailbox(const struct graph *g, const char *s, size_t len)
{
	const struct address_place *place = address_set_find(&g->files->known, s, len);

	return place != NULL && place->file == g->files->mailboxes.name;
}

/* What the key s[0..len) is; of an alias its place in *alias. */
static int
look_up(const struct graph *g, const char *s, size_t len, size_t *alias)
{
	const struct address_place *place = address_set_find(&g->index, s, len);

	if (place != NULL) {
		*alias = place->number;
		return ALIAS;
	}
	return is_mailbox(g, s, len) ? MAILBOX : NOBODY;
}

/* As users_find of lib/users.h does: exactly, without its extension, the catch-all. */
static int
resolve(const struct graph *g, const char *s, size_t len, size_t *alias)
{
	static stralloc key, base;
	const char *plus;
	size_t at;
	int kind;

	address_key(&key, s, len);
	at = address_domain(key.s, key.len);
	if (address_set_find(&g->files->local, key.s + at, key.len - at) == NULL)
		return ELSEWHERE;
	kind = look_up(g, key.s, key.len, alias);
	plus = memchr(key.s, '+', at);
	if (kind == NOBODY && plus != NULL && plus != key.s) {
		base.len = 0;
		text_catb(&base, key.s, (size_t)(plus - key.s));
		text_catb(&base, key.s + at - 1, key.len - at + 1);
		kind = look_up(g, base.s, base.len, alias);
	}
	if (kind == NOBODY)
		kind = look_up(g, key.s + at - 1, key.len - at + 1, alias);
	return kind;
}

static void
tell(const struct graph *g, const struct alias *a, const char *wrong, const char *target)
{
	if (g->is_told)
		text_file_complain(g->files->aliases.name, a->number, wrong, target);
}

/* Look at the next target of the alias that the way has come to. */
static void
step(struct graph *g)
{
	struct alias *a = &g->aliases[g->way[g->depth - 1]];
	const char *target = a->targets.s + a->next;
	size_t to = 0;
	int kind;

	if (a->next == a->targets.len) {
		a->state = DONE;
		g->depth--;
		return;
	}
	a->next += strlen(target) + 1;
	kind = resolve(g, target, strlen(target), &to);
	if (kind == NOBODY)
		tell(g, a, "warning: there is no mailbox or alias ", target);
	if (kind != ALIAS ||
	    (&g->aliases[to] == a && is_mailbox(g, a->key.s, a->key.len)))
		return;
	if (g->aliases[to].state == ON_THE_WAY)
		tell(g, a, "warning: a loop, which leads back to ", g->aliases[to].key.s);
	if (g->aliases[to].state != NEW)
		return;
	g->aliases[to].state = ON_THE_WAY;
	g->way[g->depth++] = to;
}

/* Go all ways that begin at the alias. */
static void
walk(struct graph *g, size_t first)
{
	if (g->aliases[first].state != NEW)
		return;
	g->aliases[first].state = ON_THE_WAY;
	g->way[g->depth++] = first;
	while (g->depth > 0)
		step(g);
}

/* The postmaster's address in the domain in line, as it is looked up. */
static void
name_postmaster(stralloc *key, const struct text_line *line)
{
	static stralloc address;

	text_set(&address, POSTMASTER);
	text_catb(&address, line->s, line->len);
	address_key(key, address.s, address.len);
}

/* Each domain must take mail for him: RFC 5321, 4.5.1. */
static void
check_postmasters(const struct graph *g)
{
	struct text_line line = {0};
	static stralloc key;
	size_t to;

	while (text_file_next(&g->files->domains, &line)) {
		name_postmaster(&key, &line);
		if (resolve(g, key.s, key.len, &to) == NOBODY)
			text_file_complain(g->files->domains.name, line.number,
			    "warning: mail for postmaster must be taken: no alias or "
			    "mailbox ",
			    key.s);
	}
}

void
user_alias_check(const struct user_files *files, const char *s, size_t len)
{
	const struct address_place *place;
	struct graph g;
	size_t i;

	make_graph(&g, files);
	g.is_told = 1;
	if (s == NULL)
		check_postmasters(&g);
	place = s != NULL ? address_set_find(&g.index, s, len) : NULL;
	if (place != NULL)
		walk(&g, place->number);
	for (i = 0; s == NULL && i < g.count; i++)
		walk(&g, i);
	free_graph(&g);
}

/* Has one of the aliases that were walked to the mailbox as a target? */
static int
leads_to(const struct graph *g, const char *s, size_t len)
{
	const struct alias *a;

	for (a = g->aliases; a < g->aliases + g->count; a++)
		if (a->state == DONE &&
		    user_line_target(&a->targets, s, len) < a->targets.len)
			return 1;
	return 0;
}

/* Comes the mail for the postmaster of the domain in line to the mailbox s[0..len)? */
static int
comes_to(struct graph *g, const struct text_line *line, stralloc *postmaster,
    const char *s, size_t len)
{
	size_t first = 0;

	name_postmaster(postmaster, line);
	if (postmaster->len == len && memcmp(postmaster->s, s, len) == 0)
		return 1;
	if (resolve(g, postmaster->s, postmaster->len, &first) != ALIAS)
		return 0;
	walk(g, first);
	return leads_to(g, s, len);
}

const char *
user_alias_postmaster(const struct user_files *files, const char *s, size_t len)
{
	static stralloc postmaster;
	struct text_line line = {0};
	struct graph g;
	int found = 0;

	make_graph(&g, files);
	while (!found && text_file_next(&files->domains, &line))
		found = comes_to(&g, &line, &postmaster, s, len);
	free_graph(&g);
	return found ? postmaster.s : NULL;
}
