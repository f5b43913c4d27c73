#include <stdio.h>
#include <stdlib.h>

#include "../support/failing_allocator.h"
#include "dt/chart_text.h"
#include "exchange_support.h"

static void the_library_comes_back_as_the_same_parts(void** state) {
  (void)state;
  for (size_t i = 0; dt_chart_library_at(i) != NULL; i++) {
    dt_chart chart;
    dt_chart back;
    dt_part a;
    dt_part b;
    assert_int_equal(dt_chart_library_load(&chart, NULL, dt_chart_library_at(i)), DT_OK);
    through_midi(&back, &chart);
    assert_int_equal(dt_part_from_chart(&a, NULL, &chart, 0, 0), DT_OK);
    assert_int_equal(dt_part_from_chart(&b, NULL, &back, 0, 0), DT_OK);
    if (!dt_part_same(&a, &b))
      fail_msg("%s: another part came back", dt_chart_library_at(i)->name);
    dt_part_clear(&a, NULL);
    dt_part_clear(&b, NULL);
    dt_chart_clear(&chart, NULL);
    dt_chart_clear(&back, NULL);
  }
}

/* Without repeats, or with repeats one after another, as bar lines say them. */
static bool is_order_plain(const dt_chart* chart) {
  int bar = 0;
  for (size_t i = 0; i < chart->order_count; i++) {
    if (chart->order[i].first_bar != bar)
      return false;
    bar += chart->order[i].bar_count;
  }
  return chart->order_count == 0 || bar == chart->bar_count;
}

static void the_library_comes_back_as_written(void** state) {
  (void)state;
  int count = 0;
  int as_written = 0;
  for (; dt_chart_library_at((size_t)count) != NULL; count++) {
    const dt_chart_entry* entry = dt_chart_library_at((size_t)count);
    dt_chart chart;
    assert_int_equal(dt_chart_library_load(&chart, NULL, entry), DT_OK);
    const bool is_same = comes_back(&chart, entry->name);
    if (!is_same && is_order_plain(&chart))
      fail_msg("%s: another chart came back", entry->name);
    as_written += is_same;
    dt_chart_clear(&chart, NULL);
  }
  printf("%d of %d as written, the rest as played\n", as_written, count);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_library_comes_back_as_the_same_parts),
      cmocka_unit_test(the_library_comes_back_as_written),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
