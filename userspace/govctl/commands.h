/* SPDX-License-Identifier: GPL-2.0 */
#ifndef GOVCTL_COMMANDS_H
#define GOVCTL_COMMANDS_H

#include "args.h"
#include "config.h"
#include "error.h"
#include "libcapgov/capgov.h"
#include "out.h"

extern const struct command cmd_attach;
extern const struct command cmd_create;
extern const struct command cmd_delete;
extern const struct command cmd_detach;
extern const struct command cmd_doctor;
extern const struct command cmd_features;
extern const struct command cmd_list;
extern const struct command cmd_policies;
extern const struct command cmd_release_all;
extern const struct command cmd_run;
extern const struct command cmd_set;
extern const struct command cmd_show;
extern const struct command cmd_stat;
extern const struct command cmd_version;

#endif /* GOVCTL_COMMANDS_H */
