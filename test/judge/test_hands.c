#include "feel_support.h"

#include "dt/hands.h"

typedef struct hand {
  double ms;
  double sd_ms;
  double db;
} hand;

/* Sixteenths on the snare by this sticking. */
static void roll(dt__made* made, int bars, const char* sticking, hand right, hand left,
                 double wander_ms) {
  const size_t n = strlen(sticking);
  for (int k = 0; k < 16 * bars; k++) {
    const char which = sticking[(size_t)k % n];
    const hand h = which == 'L' ? left : right;
    dt_mark* mark = dt__strike(made, k * DT__QUARTER / 4, DT_VOICE_SNARE,
                               h.ms + wander_ms * sin(0.05 * k), h.sd_ms);
    mark->hand = which;
    mark->level_db = -8.0 + h.db + dt_rng_normal(&made->rng);
  }
}

static dt_hands measure(dt__made* made) {
  dt_hands hands;
  assert_int_equal(dt_hands_measure(&hands, NULL, dt__marks(made)), DT_OK);
  return hands;
}

static void a_weak_left_hand_is_found(void** state) {
  (void)state;
  dt__made* made = dt__make(100, 2);
  const hand right = {0.0, 5.0, 0.0};
  const hand left = {6.0, 10.0, -4.0};
  roll(made, 32, "RLRRLRLL", right, left, 30.0);
  const dt_hands hands = measure(made);
  assert_int_equal(hands.limb_count, 2);
  assert_int_equal(hands.limbs[1].limb, DT_LIMB_LEFT);
  assert_int_equal(hands.limbs[1].count, 256);
  dt__assert_holds(hands.limbs[1].scatter_ms, 10.0, 3.0);
  dt__assert_holds(hands.limbs[0].scatter_ms, 5.0, 3.0);
  dt__assert_holds(hands.limbs[1].offset_ms, 3.0, 2.5);
  dt__assert_holds(hands.limbs[1].level_db, -12.0, 0.6);
  const dt_limb_contrast* c = &hands.left_right;
  assert_int_equal(c->limb, DT_LIMB_LEFT);
  assert_int_equal(c->than, DT_LIMB_RIGHT);
  assert_true(c->same_drum);
  dt__assert_holds(c->later_ms, 6.0, 6.0);
  dt__assert_holds(c->scatter_ratio, 2.0, 2.4);
  dt__assert_holds(c->louder_db, -4.0, 0.8);
}

static void equal_hands_are_equal(void** state) {
  (void)state;
  dt__made* made = dt__make(100, 2);
  const hand same = {0.0, 6.0, 0.0};
  roll(made, 24, "RL", same, same, 0.0);
  const dt_limb_contrast c = measure(made).left_right;
  dt__assert_holds(c.later_ms, 0.0, 5.0);
  dt__assert_holds(c.scatter_ratio, 1.0, 0.7);
  dt__assert_holds(c.louder_db, 0.0, 0.8);
}

static void the_hand_that_plays_the_accents_is_not_louder(void** state) {
  (void)state;
  dt__made* made = dt__make(100, 3);
  const hand same = {0.0, 4.0, 0.0};
  roll(made, 24, "RLRRLRLL", same, same, 0.0);
  for (size_t i = 0; i < made->marks.count; i++)
    if (i % 4 == 0 && made->items[i].hand == 'R') {
      made->items[i].loud = DT_LOUD_ACCENT;
      made->items[i].level_db += 10.0;
    }
  dt__assert_holds(measure(made).left_right.louder_db, 0.0, 0.9);
}

static void a_hand_is_not_blamed_for_its_drum(void** state) {
  (void)state;
  dt__made* made = dt__make(100, 4);
  const hand same = {0.0, 4.0, 0.0};
  roll(made, 24, "RL", same, same, 0.0);
  for (int k = 0; k < 24 * 4; k++) {
    /* Crashes, only ever by the right hand, and late. */
    dt__strike(made, k * DT__QUARTER, DT_VOICE_CRASH, 25.0, 4.0)->hand = 'R';
  }
  const dt_limb_contrast c = measure(made).left_right;
  assert_int_equal(c.count[1], 24 * 8);
  dt__assert_holds(c.later_ms, 0.0, 4.0);
}

static void jitter_is_no_hand(void** state) {
  (void)state;
  dt__made* made = dt__make(100, 5);
  const hand right = {0.0, 5.0, 0.0}; /* 3 of its own */
  const hand left = {0.0, hypot(6.0, 4.0), 0.0};
  roll(made, 100, "RL", right, left, 0.0);
  made->marks.jitter_ms = 4.0;
  dt__assert_holds(measure(made).left_right.scatter_ratio, 2.0, 1.6);
}

static void unknown_sticking_says_so(void** state) {
  (void)state;
  dt__made* made = dt__make(100, 6);
  const hand same = {0.0, 4.0, 0.0};
  roll(made, 8, "RL", same, same, 0.0);
  for (size_t i = 0; i < made->marks.count; i++)
    made->items[i].hand = ' ';
  const dt_hands hands = measure(made);
  assert_int_equal(hands.limb_count, 0);
  assert_int_equal(hands.contrast_count, 0);
  dt__assert_unknown(hands.left_right.later_ms, DT_NOT_TESTABLE);
}

static void few_strokes_say_nothing(void** state) {
  (void)state;
  dt__made* made = dt__make(100, 7);
  const hand same = {0.0, 4.0, 0.0};
  roll(made, 1, "RRRRRRRL", same, same, 0.0);
  const dt_hands hands = measure(made);
  assert_int_equal(hands.left_right.count[0], 2);
  dt__assert_unknown(hands.left_right.later_ms, DT_CANT_TELL);
  dt__assert_unknown(hands.left_right.scatter_ratio, DT_CANT_TELL);
  dt__assert_unknown(hands.left_right.louder_db, DT_CANT_TELL);
}

static void feet_are_limbs_too(void** state) {
  (void)state;
  dt__made* made = dt__make(100, 8);
  for (int k = 0; k < 64; k++) {
    dt__strike(made, k * DT__QUARTER, DT_VOICE_KICK, -8.0, 3.0)->hand = 'K';
    dt__strike(made, k * DT__QUARTER, DT_VOICE_HIHAT, 0.0, 3.0)->hand = 'R';
  }
  const dt_hands hands = measure(made);
  assert_int_equal(hands.contrast_count, 1);
  assert_int_equal(hands.contrasts[0].limb, DT_LIMB_KICK);
  assert_false(hands.contrasts[0].same_drum);
  dt__assert_holds(hands.contrasts[0].later_ms, -8.0, 3.0);
  dt__assert_unknown(hands.left_right.later_ms, DT_NOT_TESTABLE);
}

static void limbs_have_names(void** state) {
  (void)state;
  assert_int_equal(dt_limb_of_hand('R'), DT_LIMB_RIGHT);
  assert_int_equal(dt_limb_of_hand('H'), DT_LIMB_HIHAT);
  assert_int_equal(dt_limb_of_hand(' '), DT_LIMB_COUNT);
  assert_string_equal(dt_limb_name(DT_LIMB_KICK), "right foot");
}

static bool measured(const dt_allocator* allocator, void* ctx) {
  dt_hands hands;
  const dt_status status = dt_hands_measure(&hands, allocator, ctx);
  assert_true(status == DT_OK || (status == DT_NO_MEMORY && hands.limb_count == 0));
  return status == DT_OK;
}

static void without_memory_nothing_is_known(void** state) {
  (void)state;
  dt__made* made = dt__make(100, 9);
  const hand same = {0.0, 4.0, 0.0};
  roll(made, 4, "RL", same, same, 0.0);
  dt_marks marks = *dt__marks(made);
  assert_true(dt_failing_sweep(measured, &marks) >= 4);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_weak_left_hand_is_found),
      cmocka_unit_test(equal_hands_are_equal),
      cmocka_unit_test(the_hand_that_plays_the_accents_is_not_louder),
      cmocka_unit_test(a_hand_is_not_blamed_for_its_drum),
      cmocka_unit_test(jitter_is_no_hand),
      cmocka_unit_test(unknown_sticking_says_so),
      cmocka_unit_test(few_strokes_say_nothing),
      cmocka_unit_test(feet_are_limbs_too),
      cmocka_unit_test(limbs_have_names),
      cmocka_unit_test(without_memory_nothing_is_known),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
