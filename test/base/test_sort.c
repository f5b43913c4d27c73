#include "dt/sort.h"

#include <stdint.h>
#include <string.h>

#include "dt/rng.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define COUNT 300

typedef struct pair {
  int key;
  int place; /* where it stood */
  char filling[5];
} pair;

static bool is_later(const void* a, const void* b) {
  const pair* one = a;
  const pair* other = b;
  return one->key != other->key ? one->key > other->key : one->place > other->place;
}

static void whatever_order_things_come_in_they_leave_in_theirs(void** state) {
  (void)state;
  dt_rng rng = dt_rng_seeded(1, 2);
  for (size_t count = 0; count < COUNT; count++) {
    pair items[COUNT];
    bool is_there[COUNT] = {false};
    const int keys = 1 + (int)(count % 3) * (int)count;
    for (size_t i = 0; i < count; i++) {
      items[i] = (pair){.key = (int)(dt_rng_uniform(&rng) * keys), .place = (int)i};
      memset(items[i].filling, (int)i & 127, sizeof items[i].filling);
    }
    dt_sort(items, count, sizeof items[0], is_later);
    for (size_t i = 0; i < count; i++) {
      if (i > 0)
        assert_true(is_later(&items[i], &items[i - 1]));
      assert_int_equal(items[i].filling[4], items[i].place & 127);
      assert_false(is_there[items[i].place]);
      is_there[items[i].place] = true;
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(whatever_order_things_come_in_they_leave_in_theirs),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
