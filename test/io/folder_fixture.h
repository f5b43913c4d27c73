#ifndef DT_TEST_FOLDER_FIXTURE_H
#define DT_TEST_FOLDER_FIXTURE_H

#include "folder.h"

/* Each test gets a folder of its own, gone when it ends. Include after cmocka.h. */
static folder temp;

static int make_folder(void** state) {
  (void)state;
  folder_make(&temp);
  return 0;
}

static int remove_folder(void** state) {
  (void)state;
  folder_remove(&temp);
  return 0;
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

#endif
