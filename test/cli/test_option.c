#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dt/tempo.h"
#include "option.h"

typedef struct values {
  bool loud;
  double bpm;
  int bars;
  int level;
  uint64_t seed;
  dt_meter meter;
  const char* out;
} values;

static const char* const levels[] = {"beginner", "player", "pro", NULL};

static const dt__option options[] = {
    {'l', "loud", NULL, "Loud", DT__FLAG, offsetof(values, loud), 0, 0, NULL},
    {'t', "tempo", "BPM", "Tempo", DT__NUMBER, offsetof(values, bpm), 20, 400, NULL},
    {0, "bars", "N", "Bars", DT__INTEGER, offsetof(values, bars), 1, 100, NULL},
    {0, "level", "LEVEL", "Level", DT__CHOICE, offsetof(values, level), 0, 0, levels},
    {0, "seed", "N", "Seed", DT__SEED, offsetof(values, seed), 0, 0, NULL},
    {0, "meter", "METRE", "Metre", DT__METER, offsetof(values, meter), 0, 0, NULL},
    {'o', "output", "FILE", "Output", DT__FILE_OUT, offsetof(values, out), 0, 0, NULL},
    {0, "secret", NULL, NULL, DT__FLAG, offsetof(values, loud), 0, 0, NULL},
    DT__OPTION_END,
};

typedef struct parsed {
  values got;
  dt__globals globals;
  int first;
  int argc;
  char* argv[24];
  char words[256];
  char message[DT__MESSAGE_MAX];
} parsed;

/* Parses words separated by single spaces; "''" is an empty word. */
static void parse_words(parsed* p, const char* line, bool stop_at_operand) {
  memset(p, 0, sizeof *p);
  p->globals.shell = -1;
  strncpy(p->words, line, sizeof p->words - 1);
  for (char* word = strtok(p->words, " "); word; word = strtok(NULL, " "))
    p->argv[p->argc++] = strcmp(word, "''") == 0 ? word + 2 : word;
  p->first = dt__options_parse(options, &p->got, &p->globals, p->argc, p->argv, stop_at_operand,
                               p->message);
}

static void assert_refused(const char* line, const char* message) {
  parsed p;
  parse_words(&p, line, false);
  assert_int_equal(p.first, -1);
  assert_string_equal(p.message, message);
}

static void options_and_operands_may_stand_in_any_order(void** state) {
  (void)state;
  parsed p;
  parse_words(&p,
              "play rock -l --tempo 96.5 --bars=4 -o- --level pro --seed 18446744073709551615 "
              "--meter 7/8 -q",
              false);
  assert_string_equal(p.message, "");
  assert_int_equal(p.first, p.argc - 1);
  assert_string_equal(p.argv[p.first], "rock");
  assert_true(p.got.loud);
  assert_true(p.globals.quiet);
  assert_float_equal(p.got.bpm, 96.5, 0);
  assert_int_equal(p.got.bars, 4);
  assert_int_equal(p.got.level, 2);
  assert_true(p.got.seed == UINT64_MAX);
  assert_int_equal(p.got.meter.numerator, 7);
  assert_int_equal(p.got.meter.denominator, 8);
  assert_string_equal(p.got.out, "-");
}

static void a_name_may_be_cut_short_while_it_is_clear(void** state) {
  (void)state;
  parsed p;
  parse_words(&p, "play --te 100 --col never", false);
  assert_string_equal(p.message, "");
  assert_float_equal(p.got.bpm, 100, 0);
  assert_int_equal(p.globals.color, DT__COLOR_NEVER);
  assert_refused("play --se", "--se could be one of --seed");
  assert_refused("play --l", "--l could be one of --loud, --level");
}

static void after_two_dashes_everything_is_an_operand(void** state) {
  (void)state;
  parsed p;
  parse_words(&p, "judge -- --loud", false);
  assert_string_equal(p.argv[p.first], "--loud");
  assert_false(p.got.loud);
  parse_words(&p, "judge - -l", false);
  assert_string_equal(p.argv[p.first], "-");
  assert_true(p.got.loud);
}

static void options_before_the_command_leave_the_commands_own_alone(void** state) {
  (void)state;
  parsed p;
  parse_words(&p, "doubletime -q judge --loud", true);
  assert_int_equal(p.first, 2);
  assert_true(p.globals.quiet);
  assert_false(p.got.loud);
}

static void help_wins_over_a_mistake_behind_it(void** state) {
  (void)state;
  parsed p;
  parse_words(&p, "judge --help --nonsense", false);
  assert_true(p.first >= 0);
  assert_true(p.globals.help);
}

static void a_mistyped_option_gets_the_nearest_one(void** state) {
  (void)state;
  assert_refused("play --tmepo 3", "there is no option --tmepo; did you mean --tempo?");
  assert_refused("play --tmepo=3", "there is no option --tmepo; did you mean --tempo?");
  assert_refused("play rock --quite", "there is no option --quite; did you mean --quiet?");
  assert_refused("play --sekret", "there is no option --sekret");
  assert_refused("play --xylophone", "there is no option --xylophone");
  assert_refused("play -x", "there is no option -x");
  assert_refused("play -lx", "there is no option -x");
}

static void a_wrong_value_is_told_with_what_would_be_right(void** state) {
  (void)state;
  assert_refused("play --tempo fast", "--tempo takes a number from 20 to 400, not 'fast'");
  assert_refused("play -t 19.9", "--tempo takes a number from 20 to 400, not '19.9'");
  assert_refused("play -t 0x20", "--tempo takes a number from 20 to 400, not '0x20'");
  assert_refused("play -t nan", "--tempo takes a number from 20 to 400, not 'nan'");
  assert_refused("play -t 1e999", "--tempo takes a number from 20 to 400, not '1e999'");
  assert_refused("play -t 90bpm", "--tempo takes a number from 20 to 400, not '90bpm'");
  assert_refused("play --bars 2.5", "--bars takes a whole number from 1 to 100, not '2.5'");
  assert_refused("play --bars 101", "--bars takes a whole number from 1 to 100, not '101'");
  assert_refused("play --level por",
                 "--level takes beginner, player or pro, not 'por'; did you mean pro?");
  assert_refused("play --level 9999", "--level takes beginner, player or pro, not '9999'");
  assert_refused("play --seed -1",
                 "--seed takes a whole number from 0 to 18446744073709551615, not '-1'");
  assert_refused("play --seed 18446744073709551616",
                 "--seed takes a whole number from 0 to 18446744073709551615, not "
                 "'18446744073709551616'");
  assert_refused("play --output ''", "--output needs FILE, not an empty word");
  assert_refused("play --loud=3", "--loud takes no value");
  assert_refused("play --tempo", "--tempo needs BPM after it");
  assert_refused("play -t", "--tempo needs BPM after it");
}

static void a_metre_that_no_one_can_count_is_refused(void** state) {
  (void)state;
  static const char* const wrong[] = {"4",    "444",   "4/",   "/4",    "0/4",  "4/3",      "4/0",
                                      "65/4", "4/128", "4/4x", "4/4/4", "-3/4", "four/four"};
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
    char line[64];
    parsed p;
    snprintf(line, sizeof line, "judge --meter %s", wrong[i]);
    parse_words(&p, line, false);
    assert_int_equal(p.first, -1);
    assert_non_null(strstr(p.message, "--meter takes a metre such as 4/4"));
    assert_non_null(strstr(p.message, wrong[i]));
  }
}

static void a_mistyped_command_gets_the_nearest_one(void** state) {
  (void)state;
  assert_string_equal(dt__nearest_command("jugde"), "judge");
  assert_string_equal(dt__nearest_command("selftset"), "selftest");
  assert_string_equal(dt__nearest_command("pla"), "play");
  size_t distance = SIZE_MAX;
  assert_true(dt__is_nearer("tmepo", "tempo", &distance));
  assert_int_equal(distance, 1);
  assert_false(dt__is_nearer("tmepo", "tempo", &distance));
  assert_null(dt__nearest_command("xylophone"));
  assert_null(dt__nearest_command("a-word-so-long-that-nothing-here-could-ever-be-near-it"));
}

/* Every table that a user can meet. */
static void each_table(void (*check)(const dt__option*)) {
  check(dt__global_options);
  for (const dt__command* c = dt__commands; c->name; c++)
    if (c->options)
      check(c->options);
}

static void check_table(const dt__option* table) {
  for (const dt__option* o = table; o->name; o++) {
    const bool is_flag = o->kind == DT__FLAG;
    assert_true(is_flag == (o->argument == NULL));
    assert_true((o->kind == DT__CHOICE) == (o->choices != NULL));
    if (o->help)
      assert_true(o->help[strlen(o->help) - 1] != '.');
    const dt__option* sides[] = {o + 1, table == dt__global_options ? NULL : dt__global_options};
    for (size_t s = 0; s < 2; s++)
      for (const dt__option* other = sides[s]; other && other->name; other++) {
        assert_string_not_equal(o->name, other->name);
        assert_false(o->letter && o->letter == other->letter);
      }
  }
}

static void no_two_options_of_a_command_share_a_name_or_letter(void** state) {
  (void)state;
  each_table(check_table);
}

static dt_buffer page;

static const char* close_page(dt_status status) {
  assert_int_equal(status, DT_OK);
  assert_int_equal(dt_sink_write(dt_buffer_sink(&page), "", 1), DT_OK);
  return (const char*)page.bytes;
}

static void check_named_on_page(const dt__option* table) {
  for (const dt__option* o = table; o->name; o++) {
    char plain[64];
    char roff[64];
    char fish[64];
    snprintf(plain, sizeof plain, "--%s", o->name);
    snprintf(fish, sizeof fish, "-l %s ", o->name);
    snprintf(roff, sizeof roff, "\\-\\-%s", o->name);
    /* In roff a hyphen inside the name is escaped as well. */
    char* hyphen = strchr(roff + 4, '-');
    if (hyphen) {
      memmove(hyphen + 1, hyphen, strlen(hyphen) + 1);
      *hyphen = '\\';
    }
    const char* text = (const char*)page.bytes;
    const bool named = strstr(text, plain) || strstr(text, roff) || strstr(text, fish);
    if (named != (o->help != NULL))
      fail_msg("--%s is %s", o->name, named ? "shown, but hidden" : "not shown");
  }
}

static void the_manual_page_and_each_completion_name_every_option(void** state) {
  (void)state;
  for (int what = -1; what <= DT__SHELL_FISH; what++) {
    dt_sink sink = dt_buffer_sink(&page);
    close_page(what < 0 ? dt__print_man(sink) : dt__print_completions(what, sink));
    each_table(check_named_on_page);
    for (const dt__command* c = dt__commands; c->name; c++)
      assert_non_null(strstr((const char*)page.bytes, c->name));
    dt_buffer_clear(&page);
  }
}

static void assert_fits_80_columns(const char* text) {
  for (const char* line = text; *line; line += strcspn(line, "\n") + 1)
    if (strcspn(line, "\n") > 80 && strncmp(line, "    doubletime", 14) != 0)
      fail_msg("wider than 80 columns: %.*s", (int)strcspn(line, "\n"), line);
}

static void help_fits_a_terminal_and_names_every_option(void** state) {
  (void)state;
  assert_fits_80_columns(close_page(dt__print_program_help(dt_buffer_sink(&page))));
  check_named_on_page(dt__global_options);
  dt_buffer_clear(&page);
  for (const dt__command* c = dt__commands; c->name; c++) {
    assert_fits_80_columns(close_page(dt__print_command_help(c, dt_buffer_sink(&page))));
    if (c->options)
      check_named_on_page(c->options);
    check_named_on_page(dt__global_options);
    dt_buffer_clear(&page);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(options_and_operands_may_stand_in_any_order),
      cmocka_unit_test(a_name_may_be_cut_short_while_it_is_clear),
      cmocka_unit_test(after_two_dashes_everything_is_an_operand),
      cmocka_unit_test(options_before_the_command_leave_the_commands_own_alone),
      cmocka_unit_test(help_wins_over_a_mistake_behind_it),
      cmocka_unit_test(a_mistyped_option_gets_the_nearest_one),
      cmocka_unit_test(a_wrong_value_is_told_with_what_would_be_right),
      cmocka_unit_test(a_metre_that_no_one_can_count_is_refused),
      cmocka_unit_test(a_mistyped_command_gets_the_nearest_one),
      cmocka_unit_test(no_two_options_of_a_command_share_a_name_or_letter),
      cmocka_unit_test(the_manual_page_and_each_completion_name_every_option),
      cmocka_unit_test(help_fits_a_terminal_and_names_every_option),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
