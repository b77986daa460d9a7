#include <stdio.h>
#include <string.h>

#include <atf-c.h>

#include "deliver/trace.h"
#include "lib/header_watch.h"

ATF_TC_WITHOUT_HEAD(an_earlier_delivery_to_the_same_address_is_a_loop);
ATF_TC_BODY(an_earlier_delivery_to_the_same_address_is_a_loop, tc)
{
	static const struct {
		const char *message;
		int loops;
	} cases[] = {
	    {"Delivered-To: a@b.example\n\n", 1},
	    {"Subject: x\nDelivered-To: a@b.example\nTo: y\n\nbody\n", 1},
	    {"DELIVERED-TO:A@B.Example  \n\n", 1},
	    {"Delivered-To:\ta@b.example\r\n\r\n", 1},
	    {"Delivered-To: a@b.example", 1},
	    {"Delivered-To: aa@b.example\n\n", 0},
	    {"Delivered-To: a@b.example.org\n\n", 0},
	    {"Delivered-To: a@b\n\n", 0},
	    {"X-Delivered-To: a@b.example\n\n", 0},
	    {" Delivered-To: a@b.example\n\n", 0},
	    {"Delivered-To:", 0},
	    {"Delivered-To: \n", 0},
	    {"Subject: x\n\nDelivered-To: a@b.example\n", 0},
	    {"Subject: x\r\n\r\nDelivered-To: a@b.example\r\n", 0},
	    {"\nDelivered-To: a@b.example\n", 0},
	    {"", 0},
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		ATF_CHECK_EQ_MSG(cases[i].loops,
		    trace_loops(
			cases[i].message, strlen(cases[i].message), "a@b.example"),
		    "case %zu", i);
}

ATF_TC_WITHOUT_HEAD(too_many_deliveries_are_a_loop);
ATF_TC_BODY(too_many_deliveries_are_a_loop, tc)
{
	char header[4096];
	size_t len = 0;
	int i;

	for (i = 0; i < HEADER_WATCH_DELIVERIES_MAX; i++)
		len += (size_t)sprintf(header + len, "Delivered-To: a%d@b.example\n", i);
	ATF_CHECK_EQ(0, trace_loops(header, len, "a@b.example"));
	len += (size_t)sprintf(header + len, "Delivered-To: c@b.example\n");
	ATF_CHECK_EQ(1, trace_loops(header, len, "a@b.example"));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, an_earlier_delivery_to_the_same_address_is_a_loop);
	ATF_TP_ADD_TC(tp, too_many_deliveries_are_a_loop);
	return atf_no_error();
}
