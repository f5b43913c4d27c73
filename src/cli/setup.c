#include "setup.h"

#include "dt/home.h"
#include "terminal.h"

int dt__setup_read(dt_setup* setup, const char* path) {
  char own[DT_HOME_PATH];
  dt_error err = {0};
  const dt_status status = dt_setup_read(setup, path, &err);
  if (status == DT_OK)
    return DT__DONE;
  if (!path && dt_setup_default(own, sizeof own))
    path = own;
  return dt__world_error(path, status, &err);
}

int dt__setup_write(const dt_setup* setup, const char* path) {
  char own[DT_HOME_PATH];
  dt_error err = {0};
  if (!path && !dt_setup_default(own, sizeof own)) {
    dt__complain("there is no home folder to keep the setup in (HOME is not set)");
    return DT__FAILED;
  }
  const dt_status status = dt_setup_write(setup, path, &err);
  return status == DT_OK ? DT__DONE : dt__world_error(path ? path : own, status, &err);
}
