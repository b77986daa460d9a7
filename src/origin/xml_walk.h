#ifndef ORIGIN_XML_WALK_H
#define ORIGIN_XML_WALK_H

/* As much of XML as reports have: elements and their text. */

#include <stddef.h>

#include <stralloc.h>

#define XML_DEPTH_MAX 64
#define XML_NAME_MAX 64 /* bytes of the name of an element, without its namespace */

enum xml_event {
	XML_BEGIN, /* of an element */
	XML_END,   /* of one: text is what stood in it, without blanks around it */
	XML_OVER,
	XML_WRONG
};

/* Zeroed to begin with, but for s and len. */
struct xml_walk {
	const char *s;
	size_t len;
	size_t at;
	int is_empty; /* the element that has begun ends at once */
	size_t depth;
	char names[XML_DEPTH_MAX][XML_NAME_MAX]; /* of the elements that we are in */
	stralloc text;
};

/*
 * The next event.  At XML_BEGIN names[depth - 1] is the element's, at XML_END
 * names[depth].  Dies with DEFER when memory is short.
 */
enum xml_event xml_walk_next(struct xml_walk *walk);

#endif
