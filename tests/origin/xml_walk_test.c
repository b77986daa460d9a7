#include <string.h>

#include <atf-c.h>

#include "lib/text.h"
#include "origin/xml_walk.h"

/* What is walked through: "+name" and "-name=text", a blank after each, at the end "." or
 * "!" */
static const char *
walked(const char *s)
{
	static struct xml_walk walk;
	static stralloc out;
	enum xml_event event;

	stralloc_free(&walk.text);
	memset(&walk, 0, sizeof walk);
	walk.s = s;
	walk.len = strlen(s);
	out.len = 0;
	while ((event = xml_walk_next(&walk)) != XML_OVER && event != XML_WRONG) {
		if (event == XML_BEGIN)
			text_cat(
			    &out, "+", walk.names[walk.depth - 1], " ", (char *)NULL);
		else
			text_cat(&out, "-", walk.names[walk.depth], "=", walk.text.s, " ",
			    (char *)NULL);
	}
	text_cat(&out, event == XML_OVER ? "." : "!", (char *)NULL);
	text_terminate(&out);
	return out.s;
}

ATF_TC_WITHOUT_HEAD(elements_and_their_text_are_found);
ATF_TC_BODY(elements_and_their_text_are_found, tc)
{
	static const char *const cases[][2] = {{"", "."}, {" \n", "."},
	    {"<a>b</a>", "+a -a=b ."}, {"<?xml x?>\n<a> b\n</a>\n", "+a -a=b ."},
	    {"<a><b>c</b>d</a>", "+a +b -b=c -a=cd ."}, {"<a/>", "+a -a= ."},
	    {"<x:a y='>' z=\"/>\"><x:b/></x:a >", "+a +b -b= -a= ."},
	    {"<a>&lt;&amp;&gt;&quot;&apos;&#65;&#x42;&#xE9;</a>",
		"+a -a=<&>\"'AB\xc3\xa9 ."},
	    {"<a><![CDATA[<b>]]></a>", "+a -a=<b> ."},
	    {"<a><!-- <b> --></a>", "+a -a= ."}, {"<!DOCTYPE a><a></a>", "+a -a= ."}};
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++)
		ATF_CHECK_STREQ(cases[i][1], walked(cases[i][0]));
}

ATF_TC_WITHOUT_HEAD(what_is_malformed_ends_it);
ATF_TC_BODY(what_is_malformed_ends_it, tc)
{
	static const char *const cases[] = {"<", "<a", "<a>", "</a>", "<a></b>", "<>",
	    "<a>&b;</a>", "<a>&#0;</a>", "<a>&#xd800;</a>", "<a>&#x110000;</a>",
	    "<a>&#;</a>", "<a>&amp</a>", "<a>&", "<!-- ", "<![CDATA[ ", "<? ", "<!",
	    "<a <b></a>", "<!DOCTYPE a [<!ENTITY x 'y'>]><a/>", "<a b='></a>",
	    "<a>&#99999999999;</a>"};
	static char deep[4 * XML_DEPTH_MAX + 20], name[2 * XML_NAME_MAX];
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++)
		ATF_CHECK_EQ_MSG(
		    '!', walked(cases[i])[strlen(walked(cases[i])) - 1], "%s", cases[i]);
	for (i = 0; i <= XML_DEPTH_MAX; i++)
		strcat(deep, "<a>");
	ATF_CHECK(strchr(walked(deep), '!') != NULL);
	memset(name, 'a', sizeof name - 2);
	name[0] = '<';
	name[sizeof name - 2] = '>';
	ATF_CHECK_STREQ("!", walked(name));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, elements_and_their_text_are_found);
	ATF_TP_ADD_TC(tp, what_is_malformed_ends_it);
	return atf_no_error();
}
