#include "onward/origin.h"
#include "lib/queueid.h"

const char *
origin_id(const struct job *job)
{
	const char *origin = envelope_parameter(&job->envelope, "origin");

	return origin != NULL && queueid_is(origin) ? origin : job->id;
}
