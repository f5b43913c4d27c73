#ifndef DT_TEST_GROOVE_CHARTS_H
#define DT_TEST_GROOVE_CHARTS_H

/*
 * Grooves that tests and benchmarks are measured on: written here and not taken from the library,
 * so that a chart that is made better there moves no number here. A program that cannot read them
 * stops.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dt/chart_text.h"
#include "dt/part.h"

typedef struct dt__groove {
  const char* name;
  const char* text;
} dt__groove;

/* clang-format off */
static const dt__groove dt__grooves[] = {
    {"rock",
     "tempo: 120\n"
     "meter: 4/4\n"
     "step: 1/8\n"
     "\n"
     "hi-hat      |XxXxXxXx|\n"
     "snare       |--X---X-|\n"
     "kick        |x---xx--|\n"},
    {"rock16",
     "tempo: 92\n"
     "meter: 4/4\n"
     "swing: straight sixteenths\n"
     "step: 1/16\n"
     "\n"
     "hi-hat      |XxxxXxxxXxxxXxxx|\n"
     "snare       |----X-------X---|\n"
     "kick        |x-----x-x-x-----|\n"},
    {"funk",
     "tempo: 100\n"
     "meter: 4/4\n"
     "swing: straight sixteenths\n"
     "step: 1/16\n"
     "\n"
     "hi-hat      |X-x-X-x-X-x-X-x-|X-x-X-x-X-x-X-o-|\n"
     "snare       |----X--g-g--X--g|----X--g-g-gX---|\n"
     "kick        |x-x-------x--x--|x-x---x---x-----|\n"},
    {"halftime",
     "tempo: 140\n"
     "meter: 4/4\n"
     "step: 1/8\n"
     "\n"
     "hi-hat      |XxXxXxXx|\n"
     "snare       |----X---|\n"
     "kick        |x--x--x-|\n"},
    {"shuffle",
     "tempo: 116\n"
     "meter: 4/4\n"
     "swing: 2:1 eighths\n"
     "step: 1/8\n"
     "\n"
     "hi-hat      |XxXxXxXx|\n"
     "snare       |--X---X-|\n"
     "kick        |x---x--x|\n"},
    {"jazz",
     "tempo: 140\n"
     "meter: 4/4\n"
     "swing: 2:1 eighths\n"
     "step: 1/8\n"
     "\n"
     "ride        |x-Xxx-Xx|x-Xxx-Xx|\n"
     "snare       |-------g|---g----|\n"
     "kick        |g-g-g-g-|g-g-g-gg|\n"
     "pedal       |--x---x-|--x---x-|\n"},
    {"bossa",
     "tempo: 132\n"
     "meter: 4/4\n"
     "step: 1/8\n"
     "\n"
     "ride        |xxxxxxxx|xxxxxxxx|\n"
     "cross-stick |x--x--x-|--x--x--|\n"
     "kick        |x--xx--x|x--xx--x|\n"
     "pedal       |--x---x-|--x---x-|\n"},
    {"samba",
     "tempo: 104\n"
     "meter: 2/4\n"
     "swing: straight sixteenths\n"
     "step: 1/16\n"
     "\n"
     "ride        |XxxXXxxX|XxxXXxxX|\n"
     "snare       |X-X--X-X|-X-XX-X-|\n"
     "kick        |x--xX--x|x--xX--x|\n"
     "pedal       |--x---x-|--x---x-|\n"},
    {"train",
     "tempo: 110\n"
     "meter: 4/4\n"
     "swing: straight sixteenths\n"
     "step: 1/16\n"
     "\n"
     "snare       |ggXgggXgggXgggXX|\n"
     "kick        |x---x---x---x---|\n"
     "pedal       |--x---x---x---x-|\n"},
    {"sixeight",
     "tempo: 84\n"
     "meter: 6/8\n"
     "swing: straight sixteenths\n"
     "step: 1/8\n"
     "\n"
     "hi-hat      |XxxXxx|\n"
     "snare       |---X--|\n"
     "kick        |x----x|\n"},
    {"waltz",
     "tempo: 138\n"
     "meter: 3/4\n"
     "step: 1/8\n"
     "\n"
     "hi-hat      |XxxxXx|\n"
     "snare       |--x-x-|\n"
     "kick        |x-----|\n"},
    {"seven",
     "tempo: 124\n"
     "meter: 7/8\n"
     "swing: straight sixteenths\n"
     "step: 1/8\n"
     "\n"
     "hi-hat      |XxXxXxx|\n"
     "snare       |--X--X-|\n"
     "kick        |x---x--|\n"},
    {"paradiddle",
     "tempo: 90\n"
     "meter: 4/4\n"
     "swing: straight sixteenths\n"
     "step: 1/16\n"
     "\n"
     "snare       |XxxxXxxxXxxxXxxx|\n"},
    {"rolls",
     "tempo: 100\n"
     "meter: 4/4\n"
     "swing: straight sixteenths\n"
     "step: 1/16\n"
     "\n"
     "snare       |xxxxxxxxxxxxxxxx|\n"},
    {"doubles",
     "tempo: 90\n"
     "meter: 4/4\n"
     "swing: straight sixteenths\n"
     "step: 1/16\n"
     "\n"
     "snare       |xxxxxxxxxxxxxxxx|\n"},
    {"flams",
     "tempo: 80\n"
     "meter: 4/4\n"
     "step: 1/4\n"
     "\n"
     "snare       |FFFF|\n"},
    {"quarters",
     "tempo: 100\n"
     "meter: 4/4\n"
     "step: 1/4\n"
     "\n"
     "snare       |xxxx|\n"},
};
/* clang-format on */

enum { DT__GROOVES = sizeof dt__grooves / sizeof dt__grooves[0] };

static inline void dt__no_groove(const char* what, const char* why) {
  fprintf(stderr, "%s: %s\n", what, why);
  exit(99);
}

/* Any chart as text; release with dt_chart_clear. */
static inline dt_chart dt__chart_of(const char* text) {
  dt_chart chart;
  dt_error err = {.sentence = ""};
  if (dt_chart_parse(&chart, NULL, text, strlen(text), &err) != DT_OK)
    dt__no_groove(text, err.sentence);
  return chart;
}

/* Its part for so many bars (0: once) at that tempo (0: its own); release with dt_part_clear. */
static inline dt_part dt__part_of(const char* text, int bars, double bpm) {
  dt_chart chart = dt__chart_of(text);
  dt_part part;
  if (dt_part_from_chart(&part, NULL, &chart, bars, bpm) != DT_OK)
    dt__no_groove(text, "cannot be played");
  dt_chart_clear(&chart, NULL);
  return part;
}

static inline const char* dt__groove_text(const char* name) {
  for (size_t i = 0; i < DT__GROOVES; ++i)
    if (strcmp(dt__grooves[i].name, name) == 0)
      return dt__grooves[i].text;
  dt__no_groove(name, "no such groove");
  return NULL;
}

/* The tempo it is usually played at. */
static inline double dt__groove_bpm(const char* name) {
  dt_chart chart = dt__chart_of(dt__groove_text(name));
  const double bpm = dt_tempo_map_bpm(&chart.map, 0);
  dt_chart_clear(&chart, NULL);
  return bpm;
}

static inline dt_part dt__groove_part(const char* name, int bars, double bpm) {
  return dt__part_of(dt__groove_text(name), bars, bpm);
}

#endif
