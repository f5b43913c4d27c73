#include "option.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dt/tempo.h"

static const char* const color_choices[] = {"auto", "always", "never", NULL};
static const char* const shell_choices[] = {"bash", "zsh", "fish", NULL};

const dt__option dt__global_options[] = {
    {'q', "quiet", NULL, "Say nothing but errors on standard error: no notes, no progress",
     DT__FLAG, offsetof(dt__globals, quiet), 0, 0, NULL},
    {0, "color", "WHEN",
     "Colour the text: auto (on a terminal, unless NO_COLOR is set), always "
     "or never",
     DT__CHOICE, offsetof(dt__globals, color), 0, 0, color_choices},
    {'h', "help", NULL, "Show help and leave", DT__FLAG, offsetof(dt__globals, help), 0, 0, NULL},
    {0, "version", NULL, "Show the version and leave", DT__FLAG, offsetof(dt__globals, version), 0,
     0, NULL},
    {0, "man", NULL, NULL, DT__FLAG, offsetof(dt__globals, man), 0, 0, NULL},
    {0, "completions", "SHELL", NULL, DT__CHOICE, offsetof(dt__globals, shell), 0, 0,
     shell_choices},
    DT__OPTION_END,
};

enum { MOST_OPTIONS = 48, FIRST_CODE = 256 };

/* Both tables side by side, as getopt_long wants them. A long option's code says which it is. */
typedef struct merged {
  const dt__option* of[MOST_OPTIONS];
  void* values_of[MOST_OPTIONS];
  struct option longs[MOST_OPTIONS + 1];
  char letters[2 * MOST_OPTIONS + 3];
  size_t count;
} merged;

static void merge(merged* all, const dt__option* options, void* values) {
  for (const dt__option* o = options; o && o->name && all->count < MOST_OPTIONS; o++) {
    all->of[all->count] = o;
    all->values_of[all->count] = values;
    all->longs[all->count] = (struct option){o->name, o->argument ? required_argument : no_argument,
                                             NULL, FIRST_CODE + (int)all->count};
    if (o->letter) {
      size_t at = strlen(all->letters);
      all->letters[at] = o->letter;
      all->letters[at + 1] = o->argument ? ':' : '\0';
    }
    all->count++;
  }
}

/* The entry of a getopt code (a letter or FIRST_CODE + index); count when there is none. */
static size_t entry_of(const merged* all, int code) {
  if (code >= FIRST_CODE)
    return (size_t)(code - FIRST_CODE);
  for (size_t i = 0; i < all->count; i++)
    if (all->of[i]->letter && all->of[i]->letter == code)
      return i;
  return all->count;
}

static bool fail(char* message, const char* format, ...) DT_PRINTF(2, 3);
static bool fail(char* message, const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(message, DT__MESSAGE_MAX, format, arguments);
  va_end(arguments);
  return false;
}

static void list_choices(char* text, size_t size, const char* const* choices) {
  text[0] = '\0';
  for (size_t i = 0; choices[i]; i++) {
    size_t used = strlen(text);
    snprintf(text + used, size - used, "%s%s",
             i == 0           ? ""
             : choices[i + 1] ? ", "
                              : " or ",
             choices[i]);
  }
}

/* A plain decimal number and nothing after it. */
static bool read_number(const char* text, double* value) {
  char* end = NULL;
  errno = 0;
  *value = strtod(text, &end);
  return end != text && *end == '\0' && errno == 0 && isfinite(*value) &&
         strpbrk(text, "xXpPnN") == NULL;
}

static bool set_number(const dt__option* o, void* target, const char* text, char* message) {
  double value = 0;
  bool whole = o->kind == DT__INTEGER;
  bool good = read_number(text, &value) && value >= o->low && value <= o->high;
  if (!good || (whole && value != floor(value)))
    return fail(message, "--%s takes a %snumber from %.10g to %.10g, not '%.60s'", o->name,
                whole ? "whole " : "", o->low, o->high, text);
  if (whole)
    *(int*)target = (int)value;
  else
    *(double*)target = value;
  return true;
}

static bool set_seed(const dt__option* o, uint64_t* target, const char* text, char* message) {
  char* end = NULL;
  errno = 0;
  uint64_t value = strtoumax(text, &end, 10);
  if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0)
    return fail(message, "--%s takes a whole number from 0 to %" PRIu64 ", not '%.60s'", o->name,
                UINT64_MAX, text);
  *target = value;
  return true;
}

static bool set_choice(const dt__option* o, int* target, const char* text, char* message) {
  char list[160];
  size_t distance = SIZE_MAX;
  const char* near = NULL;
  for (int i = 0; o->choices[i]; i++) {
    if (strcmp(o->choices[i], text) == 0) {
      *target = i;
      return true;
    }
    if (dt__is_nearer(text, o->choices[i], &distance))
      near = o->choices[i];
  }
  list_choices(list, sizeof list, o->choices);
  if (near)
    return fail(message, "--%s takes %s, not '%.60s'; did you mean %s?", o->name, list, text, near);
  return fail(message, "--%s takes %s, not '%.60s'", o->name, list, text);
}

/* A whole number of one or two digits; *text moves behind it. 0 when there is none. */
static int read_count(const char** text) {
  int value = 0;
  for (int digits = 0; digits < 2 && **text >= '0' && **text <= '9'; digits++)
    value = value * 10 + (*(*text)++ - '0');
  return value;
}

static bool set_meter(const dt__option* o, dt_meter* target, const char* text, char* message) {
  const char* at = text;
  int above = read_count(&at);
  bool good = *at == '/';
  at += good;
  int below = read_count(&at);
  good = good && *at == '\0';
  bool power_of_two = below > 0 && below <= 64 && (below & (below - 1)) == 0;
  if (!good || above < 1 || above > 64 || !power_of_two)
    return fail(message,
                "--%s takes a metre such as 4/4, 3/4 or 7/8 (1 to 64 beats; a whole note to a "
                "64th), not '%.60s'",
                o->name, text);
  *target = (dt_meter){above, below};
  return true;
}

static bool set_value(const dt__option* o, void* values, const char* text, char* message) {
  void* target = (char*)values + o->offset;
  switch (o->kind) {
  case DT__FLAG:
    *(bool*)target = true;
    return true;
  case DT__TEXT:
  case DT__FILE_IN:
  case DT__FILE_OUT:
    if (text[0] == '\0')
      return fail(message, "--%s needs %s, not an empty word", o->name, o->argument);
    *(const char**)target = text;
    return true;
  case DT__NUMBER:
  case DT__INTEGER:
    return set_number(o, target, text, message);
  case DT__SEED:
    return set_seed(o, target, text, message);
  case DT__CHOICE:
    return set_choice(o, target, text, message);
  case DT__METER:
    return set_meter(o, target, text, message);
  }
  return false;
}

/* getopt says only "?": find out what was wrong with the word it stopped at. */
static void explain(const merged* all, const dt__option* options, const char* word,
                    char message[DT__MESSAGE_MAX]) {
  if (optopt != 0 && entry_of(all, optopt) < all->count) {
    fail(message, "--%s takes no value", all->of[entry_of(all, optopt)]->name);
    return;
  }
  if (strncmp(word, "--", 2) != 0) {
    fail(message, "there is no option -%c", optopt);
    return;
  }
  char typed[64];
  snprintf(typed, sizeof typed, "%.*s", (int)strcspn(word + 2, "="), word + 2);
  char candidates[160] = "";
  size_t length = strlen(typed);
  for (size_t i = 0; i < all->count; i++) {
    if (!all->of[i]->help || strncmp(all->of[i]->name, typed, length) != 0)
      continue;
    size_t used = strlen(candidates);
    snprintf(candidates + used, sizeof candidates - used, "%s--%s", used ? ", " : "",
             all->of[i]->name);
  }
  const char* near = dt__nearest_option(options, typed);
  if (candidates[0])
    fail(message, "--%s could be one of %s", typed, candidates);
  else if (near)
    fail(message, "there is no option --%s; did you mean --%s?", typed, near);
  else
    fail(message, "there is no option --%s", typed);
}

int dt__options_parse(const dt__option* options, void* values, dt__globals* globals, int argc,
                      char** argv, bool stop_at_operand, char message[DT__MESSAGE_MAX]) {
  merged all;
  memset(&all, 0, sizeof all);
  strcpy(all.letters, stop_at_operand ? "+:" : ":");
  merge(&all, options, values);
  merge(&all, dt__global_options, globals);
  opterr = 0;
  optind = 0; /* glibc and musl: start afresh */
  message[0] = '\0';
  for (;;) {
    int before = optind > 0 ? optind : 1;
    int code = getopt_long(argc, argv, all.letters, all.longs, NULL);
    if (code == -1)
      return optind;
    if (code == '?') {
      const char* word = optind > before ? argv[optind - 1] : argv[before];
      explain(&all, options, word, message);
      return -1;
    }
    size_t at = entry_of(&all, code == ':' ? optopt : code);
    if (at >= all.count) {
      fail(message, "an option lacks its value");
      return -1;
    }
    const dt__option* o = all.of[at];
    if (code == ':') {
      fail(message, "--%s needs %s after it", o->name, o->argument);
      return -1;
    }
    if (!set_value(o, all.values_of[at], optarg, message))
      return -1;
    if (globals->help)
      return optind;
  }
}
