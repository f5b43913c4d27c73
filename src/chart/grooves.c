#include "grooves.h"

/* Lengths of a step, in ticks. */
#define QUARTER   960
#define EIGHTH    480
#define SIXTEENTH 240

#define TWO_THIRDS (2.0 / 3.0)

/* The lines of a groove stand under each other. */
/* clang-format off */
const dt_groove dt__grooves[] = {
  {
    .name = "rock", .title = "Rock, eighths",
    .meter = {4, 4}, .bars = 1, .bpm = 120,
    .swing = 0.5, .swing_pair = QUARTER, .step = EIGHTH,
    .lines = {
      {DT_HIHAT_CLOSED, "XxXxXxXx"},
      {DT_SNARE,        "--X---X-"},
      {DT_KICK,         "x---xx--"},
    },
  },
  {
    .name = "rock16", .title = "Rock, sixteenths on the hi-hat",
    .meter = {4, 4}, .bars = 1, .bpm = 92,
    .swing = 0.5, .swing_pair = EIGHTH, .step = SIXTEENTH,
    .lines = {
      {DT_HIHAT_CLOSED, "XxxxXxxxXxxxXxxx"},
      {DT_SNARE,        "----X-------X---"},
      {DT_KICK,         "x-----x-x-x-----"},
    },
  },
  {
    .name = "funk", .title = "Funk with ghost notes",
    .meter = {4, 4}, .bars = 2, .bpm = 100,
    .swing = 0.5, .swing_pair = EIGHTH, .step = SIXTEENTH,
    .lines = {
      {DT_HIHAT_CLOSED, "X-x-X-x-X-x-X-x-|X-x-X-x-X-x-X-o-"},
      {DT_SNARE,        "----X--g-g--X--g|----X--g-g-gX---"},
      {DT_KICK,         "x-x-------x--x--|x-x---x---x-----"},
    },
  },
  {
    .name = "halftime", .title = "Half-time feel",
    .meter = {4, 4}, .bars = 1, .bpm = 140,
    .swing = 0.5, .swing_pair = QUARTER, .step = EIGHTH,
    .lines = {
      {DT_HIHAT_CLOSED, "XxXxXxXx"},
      {DT_SNARE,        "----X---"},
      {DT_KICK,         "x--x--x-"},
    },
  },
  {
    .name = "shuffle", .title = "Shuffle",
    .meter = {4, 4}, .bars = 1, .bpm = 116,
    .swing = TWO_THIRDS, .swing_pair = QUARTER, .step = EIGHTH,
    .lines = {
      {DT_HIHAT_CLOSED, "XxXxXxXx"},
      {DT_SNARE,        "--X---X-"},
      {DT_KICK,         "x---x--x"},
    },
  },
  {
    .name = "jazz", .title = "Jazz ride, hi-hat on 2 and 4",
    .meter = {4, 4}, .bars = 2, .bpm = 140,
    .swing = TWO_THIRDS, .swing_pair = QUARTER, .step = EIGHTH,
    .lines = {
      {DT_RIDE,         "x-Xxx-Xx|x-Xxx-Xx"},
      {DT_HIHAT_PEDAL,  "--x---x-|--x---x-"},
      {DT_SNARE,        "-------g|---g----"},
      {DT_KICK,         "g-g-g-g-|g-g-g-gg"},
    },
  },
  {
    .name = "bossa", .title = "Bossa nova",
    .meter = {4, 4}, .bars = 2, .bpm = 132,
    .swing = 0.5, .swing_pair = QUARTER, .step = EIGHTH,
    .lines = {
      {DT_RIDE,         "xxxxxxxx|xxxxxxxx"},
      {DT_CROSS_STICK,  "x--x--x-|--x--x--"},
      {DT_HIHAT_PEDAL,  "--x---x-|--x---x-"},
      {DT_KICK,         "x--xx--x|x--xx--x"},
    },
  },
  {
    .name = "samba", .title = "Samba",
    .meter = {2, 4}, .bars = 2, .bpm = 104,
    .swing = 0.5, .swing_pair = EIGHTH, .step = SIXTEENTH,
    .lines = {
      {DT_RIDE,         "XxxXXxxX|XxxXXxxX"},
      {DT_SNARE,        "X-X--X-X|-X-XX-X-"},
      {DT_HIHAT_PEDAL,  "--x---x-|--x---x-"},
      {DT_KICK,         "x--xX--x|x--xX--x"},
    },
  },
  {
    .name = "train", .title = "Train beat",
    .meter = {4, 4}, .bars = 1, .bpm = 110,
    .swing = 0.5, .swing_pair = EIGHTH, .step = SIXTEENTH,
    .lines = {
      {DT_SNARE,        "ggXgggXgggXgggXX"},
      {DT_HIHAT_PEDAL,  "--x---x---x---x-"},
      {DT_KICK,         "x---x---x---x---"},
    },
  },
  {
    .name = "sixeight", .title = "Slow 6/8",
    .meter = {6, 8}, .bars = 1, .bpm = 84,
    .swing = 0.5, .swing_pair = EIGHTH, .step = EIGHTH,
    .lines = {
      {DT_HIHAT_CLOSED, "XxxXxx"},
      {DT_SNARE,        "---X--"},
      {DT_KICK,         "x----x"},
    },
  },
  {
    .name = "waltz", .title = "Waltz",
    .meter = {3, 4}, .bars = 1, .bpm = 138,
    .swing = 0.5, .swing_pair = QUARTER, .step = EIGHTH,
    .lines = {
      {DT_HIHAT_CLOSED, "XxxxXx"},
      {DT_SNARE,        "--x-x-"},
      {DT_KICK,         "x-----"},
    },
  },
  {
    .name = "seven", .title = "Seven eighths, 2+2+3",
    .meter = {7, 8}, .bars = 1, .bpm = 124,
    .swing = 0.5, .swing_pair = EIGHTH, .step = EIGHTH,
    .lines = {
      {DT_HIHAT_CLOSED, "XxXxXxx"},
      {DT_SNARE,        "--X--X-"},
      {DT_KICK,         "x---x--"},
    },
  },
  {
    .name = "paradiddle", .title = "Single paradiddle",
    .meter = {4, 4}, .bars = 1, .bpm = 90,
    .swing = 0.5, .swing_pair = EIGHTH, .step = SIXTEENTH,
    .lines = {
      {DT_SNARE,        "XxxxXxxxXxxxXxxx"},
    },
  },
  {
    .name = "rolls", .title = "Single-stroke roll, sixteenths",
    .meter = {4, 4}, .bars = 1, .bpm = 100,
    .swing = 0.5, .swing_pair = EIGHTH, .step = SIXTEENTH,
    .lines = {
      {DT_SNARE,        "xxxxxxxxxxxxxxxx"},
    },
  },
  {
    .name = "doubles", .title = "Double-stroke roll, sixteenths",
    .meter = {4, 4}, .bars = 1, .bpm = 90,
    .swing = 0.5, .swing_pair = EIGHTH, .step = SIXTEENTH,
    .lines = {
      {DT_SNARE,        "xxxxxxxxxxxxxxxx"},
    },
  },
  {
    .name = "flams", .title = "Alternating flams",
    .meter = {4, 4}, .bars = 1, .bpm = 80,
    .swing = 0.5, .swing_pair = QUARTER, .step = QUARTER,
    .lines = {
      {DT_SNARE,        "ffff"},
    },
  },
  {
    .name = "quarters", .title = "Quarters on the snare",
    .meter = {4, 4}, .bars = 1, .bpm = 100,
    .swing = 0.5, .swing_pair = QUARTER, .step = QUARTER,
    .lines = {
      {DT_SNARE,        "xxxx"},
    },
  },
  {.name = NULL},
};
/* clang-format on */
