/* mail-compile: check the control files and make the cdb files of the users. */

#include <string.h>
#include <sys/stat.h>

#include <errmsg.h>

#include "admin/password_file.h"
#include "admin/tls_check.h"
#include "admin/user_alias.h"
#include "admin/user_compare.h"
#include "admin/user_files.h"
#include "control/control_check.h"
#include "lib/home.h"
#include "lib/verdict.h"

static struct user_files files;

int
main(int argc, char **argv)
{
	int is_check = argc == 2 && strcmp(argv[1], "-n") == 0;
	unsigned wrong;

	errmsg_iam("mail-compile");
	if (argc != 1 + is_check)
		die(DEFER, "usage: mail-compile [-n]");
	umask(022);
	home_enter();
	user_files_lock();
	wrong = control_check() + password_file_check();
	control_check_names();
	user_files_read(&files);
	files.warn = 1;
	if (user_files_compile(&files) == -1 || wrong > 0)
		die(REJECT, "nothing is changed: correct this first");
	user_alias_check(&files, NULL, 0);
	if (is_check) {
		user_compare(&files);
		user_files_abandon(&files);
	} else {
		user_files_publish(&files, NULL, 0);
	}
	tls_check();
	return ACCEPT;
}
