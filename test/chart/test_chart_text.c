#include "../support/failing_allocator.h"

#include "../support/near.h"
#include "chart_random.h"
#include "dt/chart_text.h"

static dt_chart parsed(const char* text) {
  dt_chart c;
  dt_error err = {.status = DT_OK};
  if (dt_chart_parse(&c, NULL, text, strlen(text), &err) != DT_OK)
    fail_msg("%s\n%s", err.sentence, text);
  assert_null(dt_chart_check(&c));
  return c;
}

static dt_chart parsed_bytes(const dt_buffer* text) {
  dt_chart c;
  dt_error err = {.status = DT_OK};
  if (dt_chart_parse(&c, NULL, (const char*)text->bytes, text->size, &err) != DT_OK)
    fail_msg("%s", err.sentence);
  return c;
}

static dt_buffer written(const dt_chart* c) {
  dt_buffer text = {.allocator = NULL};
  assert_int_equal(dt_chart_write(c, dt_buffer_sink(&text)), DT_OK);
  return text;
}

static void the_page_of_the_manual_is_read(void** state) {
  (void)state;
  dt_chart c = parsed("# a song\n"
                      "title: Funk with a fill\n"
                      "tempo: 96\n"
                      "meter: 4/4\n"
                      "swing: 58% sixteenths\n"
                      "step: 1/16\n"
                      "\n"
                      "[Verse] x3\n"
                      "hi-hat  |x-x-x-x-x-x-x-o-|\n"
                      "snare   |----X--g-g--X--g|\n"
                      "kick    |x--x--x---x-----|\n"
                      "\n"
                      "[Fill] fill\n"
                      "snare   |xxxxf---d---r~~~|\n"
                      "hands   |RLRLR---L---R---|\n"
                      "[Verse]\n");
  assert_string_equal(c.title, "Funk with a fill");
  assert_int_equal(c.bar_count, 2);
  assert_int_equal(c.note_count, 8 + 5 + 4 + 7);
  assert_int_equal(c.swing_pair, 480);
  assert_near(c.swing, 0.58, 1e-15);
  assert_near(dt_tempo_map_bpm(&c.map, 0), 96, 1e-12);
  assert_int_equal(c.order_count, 4);
  assert_int_equal(dt_chart_played_bars(&c), 8);
  assert_int_equal(c.span_count, 2);
  assert_string_equal(c.spans[0].name, "Verse");
  assert_int_equal(c.spans[0].end, 7680);
  assert_true(c.spans[1].fill);
  const dt_chart_note* n = &c.notes[c.note_count - 1];
  assert_int_equal(n->ornament, DT_ROLL);
  assert_int_equal(n->length, 960);
  assert_int_equal(n->roll_step, 120);
  assert_int_equal(n->hand, 'R');
  assert_int_equal(n[-1].ornament, DT_DRAG);
  assert_int_equal(n[-2].ornament, DT_FLAM);
  dt_chart_clear(&c, NULL);
}

static void harmless_habits_are_forgiven(void** state) {
  (void)state;
  dt_chart a = parsed("step: 1/8\ntempo: 100\nmeter: 3/4\nhi-hat |x-x-x-|\nsnare |--X-X-|\n");
  dt_chart b = parsed("\xEF\xBB\xBFStep: 1/8\r\nBPM : 100 bpm\r\n\r\nMetre:3/4  # waltz\r\n"
                      "  HH: |x- x- x-\r\n\tSnare Drum\t| --X-X. |   # backbeat");
  assert_true(dt_chart_same(&a, &b));
  dt_chart_clear(&b, NULL);
  b = parsed("step: 1/8\rtempo: 100\rmeter: 3/4\rhi-hat |x-x-x-|\rsnare |--X-X-|\r");
  assert_true(dt_chart_same(&a, &b));
  dt_chart_clear(&a, NULL);
  dt_chart_clear(&b, NULL);
}

static void bars_repeat_and_go_on(void** state) {
  (void)state;
  dt_chart a = parsed("step: 1/4\nsnare |x-x-|%|x---|\nkick |-x-x|-x-x|%|\n");
  dt_chart b = parsed("step: 1/4\nsnare |x-x-|\nkick |-x-x|\n+\nsnare |x-x-|\nkick |-x-x|\n+\n"
                      "kick |-x-x|\nsnare |x---|\n");
  assert_true(dt_chart_same(&a, &b));
  assert_int_equal(a.bar_count, 3);
  dt_chart_clear(&a, NULL);
  dt_chart_clear(&b, NULL);
}

static void the_order_can_be_listed(void** state) {
  (void)state;
  dt_chart a =
      parsed("step: 1/4\norder: [A] x2, [B], 1, 2-3 x3\n[A]\nkick |x---|-x--|\n[B]\nkick |--x-|\n");
  dt_chart b =
      parsed("step: 1/4\norder: 1-2,1-3,1,2-3,2-3,2-3\n[A]\nkick |x---|-x--|\n[B]\nkick |--x-|\n");
  assert_true(dt_chart_same(&a, &b));
  assert_int_equal(dt_chart_played_bars(&a), 12);
  dt_chart_clear(&a, NULL);
  dt_chart_clear(&b, NULL);
}

static void hands_belong_to_what_is_struck(void** state) {
  (void)state;
  dt_chart c = parsed("step: 1/4\nride |x-x-|\nsnare |-x-x|\nkick |x--x|\nhands |RL-L|\n"
                      "hands kick |K--H|\nhands ride |--L-|\n");
  static const struct {
    dt_tick tick;
    dt_drum drum;
    char hand;
  } want[] = {{0, DT_KICK, 'K'},    {0, DT_RIDE, 'R'},    {960, DT_SNARE, 'L'},
              {1920, DT_RIDE, 'L'}, {2880, DT_KICK, 'H'}, {2880, DT_SNARE, 'L'}};
  assert_int_equal(c.note_count, 6);
  for (size_t i = 0; i < 6; i++) {
    assert_int_equal(c.notes[i].tick, want[i].tick);
    assert_int_equal(c.notes[i].drum, want[i].drum);
    assert_int_equal(c.notes[i].hand, want[i].hand);
  }
  dt_chart_clear(&c, NULL);
}

static void a_foot_is_the_one_that_usually_plays_there(void** state) {
  (void)state;
  dt_chart c = parsed("step: 1/4\nkick |x-x-|\npedal |x--x|\nhands |K-HH|\n");
  assert_int_equal(c.notes[0].hand, 'K'); /* the kick; the pedal beside it has none */
  assert_int_equal(c.notes[1].hand, ' ');
  assert_int_equal(c.notes[2].hand, 'H'); /* the second pedal of the kick */
  assert_int_equal(c.notes[3].hand, 'H');
  dt_chart_clear(&c, NULL);
}

static void after_a_section_named_again_no_section_goes_on(void** state) {
  (void)state;
  dt_chart c = parsed("step: 1/4\n[A]\nkick |x---|\n[]\nkick |-x--|\n[A] x2\n[]\nkick |--x-|\n");
  assert_int_equal(c.bar_count, 3);
  assert_int_equal(c.span_count, 1);
  assert_int_equal(c.spans[0].end, 2 * 3840);
  assert_int_equal(dt_chart_played_bars(&c), 7);
  dt_chart_clear(&c, NULL);
}

static void notes_fills_and_tempi_stand_off_the_step(void** state) {
  (void)state;
  dt_chart c = parsed("step: 1/4\nsnare |x---|x---|\nfill |----|-xxX|\n"
                      "note high tom at 1+7/12 ghost drag hand L\n"
                      "note snare at 2+1/4 accent roll 1/4 of 1/24\n"
                      "fill from 1+37t to 1+1/4 the first one\n"
                      "tempo: 60 at 2+3/4\ntempo: 3/8=60 at 2\n");
  assert_int_equal(c.note_count, 4);
  assert_int_equal(c.notes[1].tick, 2240);
  assert_int_equal(c.notes[1].drum, DT_TOM_HIGH);
  assert_int_equal(c.notes[1].loud, DT_LOUD_GHOST);
  assert_int_equal(c.notes[1].ornament, DT_DRAG);
  assert_int_equal(c.notes[1].hand, 'L');
  assert_int_equal(c.notes[3].length, 960);
  assert_int_equal(c.notes[3].roll_step, 160);
  assert_int_equal(c.span_count, 3);
  assert_int_equal(c.spans[0].start, 37);
  assert_string_equal(c.spans[0].name, "the first one");
  assert_int_equal(c.spans[1].start, 3840 + 960);
  assert_int_equal(c.spans[1].end, 3840 + 2880);
  assert_int_equal(c.spans[2].end, 7680);
  assert_near(dt_tempo_map_bpm(&c.map, 0), 120, 1e-9);
  assert_near(dt_tempo_map_bpm(&c.map, 3840), 90, 1e-9);
  assert_near(dt_tempo_map_bpm(&c.map, 7000), 60, 1e-9);
  dt_chart_clear(&c, NULL);
}

static void every_mistake_has_its_place_and_its_sentence(void** state) {
  (void)state;
  static const char* const cases[][2] = {
      {"", "Line 1, column 1: There are no bars"},
      {"tempo: 90\n\n", "Line 3, column 1: There are no bars"},
      {"tempo: fast\nkick |x|", "Line 1, column 8: Write the tempo"},
      {"tempo: 0\nkick |x|", "Line 1, column 8: Write the tempo"},
      {"meter: 4/5\n", "Line 1, column 8: Write the metre"},
      {"swing: 49%\n", "Line 1, column 8: Write the swing"},
      {"swing: 60% tenths\n", "Line 1, column 12: Say which notes swing"},
      {"step: 1/7\n", "Line 1, column 10: Write a note value"},
      {"title: a\ntitle: b\n", "Line 2, column 1: The title is said twice"},
      {"key: C\n", "Line 1, column 1: \"key\" is no setting"},
      {"hello\n", "Line 1, column 1: \"hello\" is not understood"},
      {"step: 1/4\nkick |x-x|",
       "Line 2, column 10: Bar 1 of kick ends after step 3; a bar of 4/4 has 4 of 1/4"},
      {"step: 1/4\nkick |x-x-|x-x-x|", "Line 2, column 16: Bar 2 of kick goes on after step 4"},
      {"step: 1/4\nkick |x-x-||x-x-|", "Line 2, column 12: A bar is empty"},
      {"step: 1/4\nkick |%|", "Line 2, column 7: % plays the bar before"},
      {"step: 1/4\nkick |x-x-|\nsnare |x---|x---|", "Line 3, column 1: This line has 2 bars"},
      {"step: 1/4\nkick |x-x-|\nkick |x---|", "Line 3, column 1: This line stands here twice"},
      {"step: 1/4\nbongo |x-x-|", "Line 2, column 1: There is no drum \"bongo\""},
      {"step: 1/4\nkick |x-o-|", "Line 2, column 9: o is an open hi-hat"},
      {"step: 1/4\nkick |x-?-|", "Line 2, column 9: \"?\" is no stroke"},
      {"step: 1/4\nrest |--x-|", "Line 2, column 9: A line of rests"},
      {"step: 1/4\nkick |x-~-|", "Line 2, column 9: ~ goes on with a roll"},
      {"step: 1/4\nroll: 1/24\nkick |x-r-|\nroll: 1/7", "Line 4, column 10"},
      {"step: 1/16\nroll: 1/12\nsnare |r---------------|", "Line 3, column 8: A roll of 1/16"},
      {"step: 1/4\nhi-hat |x-o-|\nopen hi-hat |--x-|",
       "Line 3, column 16: The open hi-hat is struck twice"},
      {"step: 1/4\nsnare |z~~-|\nnote snare at 1+1/4",
       "Line 3, column 6: The snare is still being rolled"},
      {"step: 1/4\nsnare |---x|\nnote snare at 1 roll 1/2 of 1/32\nnote snare at 1+1/4",
       "Line 4, column 6: The snare is still"},
      {"step: 1/4\nsnare |x---|\nnote snare at 2", "Line 3, column 15: This lies outside"},
      {"step: 1/4\nsnare |x---|\nnote snare at 1+1/4 roll 2/1",
       "Line 3, column 6: This goes on after the last bar"},
      {"step: 1/4\nsnare |x---|\nhands |-R--|", "Line 3, column 9: Nothing is struck here"},
      {"step: 1/4\nsnare |x---|\nride |x---|\nhands |R---|",
       "Line 4, column 8: Which drum is R for?"},
      {"step: 1/4\nsnare |x---|\nhands |Q---|", "Line 3, column 8: A hand is R or L"},
      {"step: 1/4\nsnare |x---|\nhands |R---|\nhands snare |R---|",
       "Line 4, column 14: The hand of the snare is given twice"},
      {"step: 1/4\n[A] x0\nsnare |x---|", "Line 2, column 5: \"x0\" is not understood"},
      {"step: 1/4\n[A\nsnare |x---|", "Line 2, column 1: The bracket is not closed"},
      {"step: 1/4\n[A]\nsnare |x---|\n[B]", "Line 4, column 1: No bars follow [B]"},
      {"step: 1/4\norder: 1-3\nsnare |x---|", "Line 2, column 8: There are bars 1 to 1"},
      {"step: 1/4\norder: [C]\nsnare |x---|", "Line 2, column 8: There is no section [C]"},
      {"step: 1/4\norder: 1 1\nsnare |x---|", "Line 2, column 10: Put a comma"},
      {"step: 1/4\norder: 1\n[A] x2\nsnare |x---|", "Line 3, column 5: The order line says"},
      {"step: 1/4\nsnare |x---|\nfill |xx--|\nfill from 1+1/8 to 1+1/4",
       "Line 4, column 1: This fill overlaps"},
      {"step: 1/4\nsnare |x---|\nswing: 60%", "Line 3, column 1: Put swing above"},
      {"step: 1/4\nsnare |x---|\ntempo: 90", "Line 3, column 1: No bars follow this setting"},
      {"step: 1/4\n+\nsnare |x---|", "Line 2, column 1: + stands between bars"},
      {"meter: 7/8\nstep: 1/4\nsnare |x---|", "Line 3, column 1: A bar of 7/8 is no whole number"},
      {"title: \xC3\xA9\xFF\nsnare |x|", "Line 1, column 9: This is no UTF-8"},
      {"title: Gr\xC3\xB6\xC3\x9F"
       "e\nsn\xC3\xB6re |x|",
       "Line 2, column 1: There is no drum"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    dt_chart c;
    dt_error err = {.status = DT_OK};
    assert_int_equal(dt_chart_parse(&c, NULL, cases[i][0], strlen(cases[i][0]), &err), DT_BAD_DATA);
    assert_int_equal(c.note_room, 0);
    if (strncmp(err.sentence, cases[i][1], strlen(cases[i][1])) != 0)
      fail_msg("\n%s\nexpected: %s\ngot:      %s", cases[i][0], cases[i][1], err.sentence);
  }
}

static void same_texts(const char* a, const char* b, uint64_t seed) {
  if (strcmp(a, b) != 0)
    fail_msg("seed %llu: \"%s\" became \"%s\"", (unsigned long long)seed, a, b);
}

/* Failing seeds are printed with what was written. */
static void whatever_a_chart_holds_is_written_and_read_back(void** state) {
  (void)state;
  for (uint64_t seed = 1; seed <= 4000; seed++) {
    dt_chart c;
    dt_chart back;
    dt_error err = {.status = DT_OK};
    dt_chart_random(&c, NULL, seed);
    dt_buffer text = written(&c);
    if (dt_chart_parse(&back, NULL, (const char*)text.bytes, text.size, &err) != DT_OK)
      fail_msg("seed %llu: %s\n%.*s", (unsigned long long)seed, err.sentence, (int)text.size,
               (const char*)text.bytes);
    if (!dt_chart_same(&c, &back))
      fail_msg("seed %llu came back another\n%.*s", (unsigned long long)seed, (int)text.size,
               (const char*)text.bytes);
    same_texts(c.name, back.name, seed);
    same_texts(c.title, back.title, seed);
    same_texts(c.tags, back.tags, seed);
    assert_int_equal(c.step, back.step);
    dt_chart_clear(&c, NULL); /* what was said twice is said once now: from here on, same bytes */
    dt_buffer again = written(&back);
    c = parsed_bytes(&again);
    dt_buffer_clear(&text);
    text = written(&c);
    assert_int_equal(again.size, text.size);
    assert_memory_equal(again.bytes, text.bytes, text.size);
    dt_buffer_clear(&again);
    dt_buffer_clear(&text);
    dt_chart_clear(&back, NULL);
    dt_chart_clear(&c, NULL);
  }
}

static void what_is_written_by_hand_comes_back_alike(void** state) {
  (void)state;
  static const char text[] = "title: Funk with a fill\n"
                             "tempo: 96\n"
                             "meter: 4/4\n"
                             "swing: 58% sixteenths\n"
                             "step: 1/16\n"
                             "\n"
                             "[Verse] x3\n"
                             "hi-hat      |x-x-x-x-x-x-x-o-|\n"
                             "snare       |----X--g-g--X--g|\n"
                             "kick        |x--x--x---x-----|\n"
                             "\n"
                             "[] fill\n"
                             "snare       |xxxxf---d---r~~~|\n"
                             "hands       |RLRLR---L---R---|\n"
                             "\n"
                             "[Chorus]\n"
                             "step: 1/12\n"
                             "ride        |x-xx-xx-xx-x|\n"
                             "note snare at 1+37t ghost\n"
                             "tempo: 100 at 1+1/2\n";
  dt_chart c = parsed(text);
  dt_buffer back = written(&c);
  assert_int_equal(dt_sink_write(dt_buffer_sink(&back), "", 1), DT_OK);
  assert_string_equal((const char*)back.bytes, text);
  dt_buffer_clear(&back);
  dt_chart_clear(&c, NULL);
}

static bool parse(const dt_allocator* allocator, void* ctx) {
  dt_chart c;
  const bool is_parsed = dt_chart_parse(&c, allocator, ctx, strlen(ctx), NULL) == DT_OK;
  if (is_parsed)
    dt_chart_clear(&c, allocator);
  return is_parsed;
}

static void no_memory_is_survived(void** state) {
  (void)state;
  char text[] =
      "step: 1/8\n[A] x2\nmeter: 3/4\nsnare |xxxxxx|\n[B]\ntempo: 90\nmeter: 4/4\nkick |xxxxxxxx|\n"
      "[] fill\nsnare |xxxxxxxx|\ntempo: 91 at 1+1/4\n[A]\n";
  assert_true(dt_failing_sweep(parse, text) >= 6);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_page_of_the_manual_is_read),
      cmocka_unit_test(harmless_habits_are_forgiven),
      cmocka_unit_test(bars_repeat_and_go_on),
      cmocka_unit_test(the_order_can_be_listed),
      cmocka_unit_test(hands_belong_to_what_is_struck),
      cmocka_unit_test(a_foot_is_the_one_that_usually_plays_there),
      cmocka_unit_test(after_a_section_named_again_no_section_goes_on),
      cmocka_unit_test(notes_fills_and_tempi_stand_off_the_step),
      cmocka_unit_test(every_mistake_has_its_place_and_its_sentence),
      cmocka_unit_test(whatever_a_chart_holds_is_written_and_read_back),
      cmocka_unit_test(what_is_written_by_hand_comes_back_alike),
      cmocka_unit_test(no_memory_is_survived),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
