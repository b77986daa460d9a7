/* mail-compile: check the control files and make the cdb files of the users. */

#include <sys/stat.h>

#include <errmsg.h>

#include "admin/control_check.h"
#include "admin/user_files.h"
#include "admin/user_postmaster.h"
#include "lib/home.h"
#include "lib/verdict.h"

static struct user_files files;

int
main(int argc, char **argv)
{
	unsigned wrong;

	(void)argv;
	errmsg_iam("mail-compile");
	if (argc != 1)
		die(DEFER, "usage: mail-compile");
	umask(022);
	home_enter();
	user_files_lock();
	wrong = control_check();
	user_files_read(&files);
	files.warn = 1;
	if (user_files_compile(&files) == -1 || wrong > 0)
		die(REJECT, "nothing is changed: correct this first");
	user_postmaster_check(&files);
	user_files_publish(&files, NULL, 0);
	return ACCEPT;
}
