#ifndef DT_SETUP_H
#define DT_SETUP_H

#include "dt/home_setup.h"

#define DT__SETUP_HELP                                                                             \
  "What was chosen and measured before (default: doubletime/setup in your data folder)"

/* dt_setup_read and dt_setup_write, which complain on the terminal; DT__DONE when all is well. */
int dt__setup_read(dt_setup* setup, const char* path);
int dt__setup_write(const dt_setup* setup, const char* path);

#endif
