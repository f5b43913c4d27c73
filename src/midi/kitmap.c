#include "dt/kitmap.h"

#include <stdint.h>
#include <string.h>

#include "take_internal.h"

/* Short names for the table. */
#define KICK DT_KICK
#define SNAR DT_SNARE
#define XSTK DT_CROSS_STICK
#define RIMS DT_RIMSHOT
#define HCLO DT_HIHAT_CLOSED
#define HOPN DT_HIHAT_OPEN
#define HPED DT_HIHAT_PEDAL
#define TOMH DT_TOM_HIGH
#define TOMM DT_TOM_MID
#define TOML DT_TOM_LOW
#define RIDE DT_RIDE
#define BELL DT_RIDE_BELL
#define CRSH DT_CRASH
#define SPLA DT_SPLASH
#define CHIN DT_CHINA
#define COWB DT_COWBELL
#define TAMB DT_TAMBOURINE
#define CLAP DT_CLAP
#define OTHR DT_DRUM_OTHER
#define ____ DT_DRUM_COUNT

#define NONE_5(X)                                                                                  \
  X(____, ____, ____, ____)                                                                        \
  X(____, ____, ____, ____)                                                                        \
  X(____, ____, ____, ____)                                                                        \
  X(____, ____, ____, ____)                                                                        \
  X(____, ____, ____, ____)

/*
 * The one table: what each note means on each kit, in order from note 0.
 *
 * GM: General MIDI 1 percussion map, and GM2's 27..34 and 82..87 (MMA RP-003, RP-024); note 40, the
 * "electric snare", is the rimshot, as e-kits send it and as this program writes it.
 * Roland: TD-11, 17, 25, 27, 30 factory notes. Alesis: DM10, Nitro, Crimson, Strike factory notes.
 * Yamaha: DTX502 and 700 preset kits, and DTXplorer where it differs.
 */
/* clang-format off */
#define KITMAP_TABLE(X)                                                                            \
  /* GM   Roland Alesis Yamaha */                                                                  \
  NONE_5(X) NONE_5(X) NONE_5(X) /* 0..14 */                                                        \
  X(____, ____, ____, OTHR) /* 15 pad 10 */                                                        \
  X(____, ____, ____, OTHR) /* 16 pad 11 */                                                        \
  X(____, ____, ____, ____) /* 17 */                                                               \
  X(____, ____, ____, ____) /* 18 */                                                               \
  X(____, ____, ____, ____) /* 19 */                                                               \
  X(____, ____, ____, ____) /* 20 */                                                               \
  X(____, ____, HPED, ____) /* 21 foot splash */                                                   \
  X(____, HCLO, HCLO, ____) /* 22 closed edge */                                                   \
  X(____, ____, HOPN, ____) /* 23 half open */                                                     \
  X(____, ____, HOPN, ____) /* 24 half open edge */                                                \
  X(____, ____, ____, ____) /* 25 */                                                               \
  X(____, HOPN, HOPN, ____) /* 26 open edge */                                                     \
  X(OTHR, OTHR, OTHR, XSTK) /* 27 high Q; aux head; snares off, closed rim */                      \
  X(OTHR, OTHR, OTHR, ____) /* 28 slap; aux rim */                                                 \
  X(OTHR, OTHR, OTHR, ____) /* 29 scratch push; aux 2 head */                                      \
  X(OTHR, OTHR, OTHR, ____) /* 30 scratch pull; aux 2 rim */                                       \
  X(OTHR, OTHR, OTHR, SNAR) /* 31 sticks; aux 3 head; snares off, head */                          \
  X(OTHR, OTHR, OTHR, ____) /* 32 square click; aux 3 rim */                                       \
  X(OTHR, OTHR, OTHR, KICK) /* 33 metronome click; aux 4 head; DTXplorer kick */                   \
  X(OTHR, OTHR, OTHR, RIMS) /* 34 metronome bell; aux 4 rim; snares off, open rim */               \
  X(KICK, KICK, KICK, KICK) /* 35 */                                                               \
  X(KICK, KICK, KICK, KICK) /* 36 */                                                               \
  X(XSTK, XSTK, XSTK, XSTK) /* 37 */                                                               \
  X(SNAR, SNAR, SNAR, SNAR) /* 38 */                                                               \
  X(CLAP, TOML, TOML, CLAP) /* 39 hand clap; tom 4 rim */                                          \
  X(RIMS, RIMS, RIMS, RIMS) /* 40 */                                                               \
  X(TOML, TOML, TOML, TOML) /* 41 low floor tom; tom 4 */                                          \
  X(HCLO, HCLO, HCLO, HCLO) /* 42 */                                                               \
  X(TOML, TOML, TOML, TOML) /* 43 high floor tom; tom 3 */                                         \
  X(HPED, HPED, HPED, HPED) /* 44 */                                                               \
  X(TOMM, TOMM, TOMM, TOMM) /* 45 low tom; tom 2 */                                                \
  X(HOPN, HOPN, HOPN, HOPN) /* 46 */                                                               \
  X(TOMM, TOMM, TOMM, TOMM) /* 47 low-mid tom; tom 2 rim; Yamaha tom 2 */                          \
  X(TOMH, TOMH, TOMH, TOMH) /* 48 hi-mid tom; tom 1 */                                             \
  X(CRSH, CRSH, CRSH, CRSH) /* 49 */                                                               \
  X(TOMH, TOMH, TOMH, TOMH) /* 50 high tom; tom 1 rim */                                           \
  X(RIDE, RIDE, RIDE, RIDE) /* 51 */                                                               \
  X(CHIN, CRSH, CRSH, RIDE) /* 52 china; crash 2 edge; ride edge */                                \
  X(BELL, BELL, BELL, BELL) /* 53 */                                                               \
  X(TAMB, TAMB, TAMB, TAMB) /* 54 */                                                               \
  X(SPLA, CRSH, CRSH, CRSH) /* 55 splash; crash 1 edge; crash cup */                               \
  X(COWB, COWB, COWB, COWB) /* 56 */                                                               \
  X(CRSH, CRSH, CRSH, CRSH) /* 57 */                                                               \
  X(OTHR, TOML, TOML, OTHR) /* 58 vibraslap; tom 3 rim */                                          \
  X(RIDE, RIDE, RIDE, CRSH) /* 59 ride 2; ride edge; crash bow */                                  \
  X(OTHR, OTHR, OTHR, OTHR) /* 60 bongos, congas, timbales, shakers, whistles ... */               \
  X(OTHR, OTHR, OTHR, OTHR) /* 61 */                                                               \
  X(OTHR, OTHR, OTHR, OTHR) /* 62 */                                                               \
  X(OTHR, OTHR, OTHR, OTHR) /* 63 */                                                               \
  X(OTHR, OTHR, OTHR, OTHR) /* 64 */                                                               \
  X(OTHR, OTHR, OTHR, OTHR) /* 65 */                                                               \
  X(OTHR, OTHR, OTHR, OTHR) /* 66 */                                                               \
  X(OTHR, OTHR, OTHR, OTHR) /* 67 */                                                               \
  X(OTHR, OTHR, OTHR, OTHR) /* 68 */                                                               \
  X(OTHR, OTHR, OTHR, OTHR) /* 69 */                                                               \
  X(OTHR, OTHR, OTHR, OTHR) /* 70 */                                                               \
  X(OTHR, OTHR, OTHR, OTHR) /* 71 */                                                               \
  X(OTHR, OTHR, OTHR, OTHR) /* 72 */                                                               \
  X(OTHR, OTHR, OTHR, OTHR) /* 73 */                                                               \
  X(OTHR, OTHR, OTHR, OTHR) /* 74 */                                                               \
  X(OTHR, OTHR, OTHR, OTHR) /* 75 */                                                               \
  X(OTHR, OTHR, OTHR, OTHR) /* 76 */                                                               \
  X(OTHR, OTHR, OTHR, OTHR) /* 77 */                                                               \
  X(OTHR, OTHR, OTHR, HOPN) /* 78 hi-hat edge, open */                                             \
  X(OTHR, OTHR, OTHR, HCLO) /* 79 hi-hat edge, closed */                                           \
  X(OTHR, OTHR, OTHR, OTHR) /* 80 */                                                               \
  X(OTHR, OTHR, OTHR, OTHR) /* 81 */                                                               \
  X(OTHR, ____, ____, ____) /* 82 shaker */                                                        \
  X(OTHR, ____, ____, HPED) /* 83 jingle bell; hi-hat foot splash */                               \
  X(OTHR, ____, ____, ____) /* 84 bell tree */                                                     \
  X(OTHR, ____, ____, HOPN) /* 85 castanets; hi-hat cup, open */                                   \
  X(OTHR, ____, ____, HCLO) /* 86 mute surdo; hi-hat cup, closed */                                \
  X(OTHR, ____, ____, ____) /* 87 open surdo */                                                    \
  NONE_5(X) NONE_5(X) NONE_5(X) NONE_5(X) /* 88..107 */                                            \
  NONE_5(X) NONE_5(X) NONE_5(X) NONE_5(X) /* 108..127 */
/* clang-format on */

#define GM_OF(gm, roland, alesis, yamaha)     gm,
#define ROLAND_OF(gm, roland, alesis, yamaha) roland,
#define ALESIS_OF(gm, roland, alesis, yamaha) alesis,
#define YAMAHA_OF(gm, roland, alesis, yamaha) yamaha,

static const dt_kitmap kitmaps[] = {
    {"gm", "General MIDI", {KITMAP_TABLE(GM_OF)}},
    {"roland", "Roland TD", {KITMAP_TABLE(ROLAND_OF)}},
    {"alesis", "Alesis", {KITMAP_TABLE(ALESIS_OF)}},
    {"yamaha", "Yamaha DTX", {KITMAP_TABLE(YAMAHA_OF)}},
};

#define COUNT_ROW(gm, roland, alesis, yamaha) +1
_Static_assert((0 KITMAP_TABLE(COUNT_ROW)) == 128, "one row for each note");

#define KITMAP_COUNT (sizeof kitmaps / sizeof *kitmaps)

const dt_kitmap* dt_kitmap_at(size_t index) {
  return index < KITMAP_COUNT ? &kitmaps[index] : NULL;
}

const dt_kitmap* dt_kitmap_named(const char* name) {
  for (size_t i = 0; i < KITMAP_COUNT; ++i)
    if (strcmp(kitmaps[i].name, name) == 0)
      return &kitmaps[i];
  return NULL;
}

/* How well a map explains the notes: those that it names as a drum weigh most, those that it knows
 * as something else break ties. */
static uint64_t score_of(const dt_kitmap* map, const uint64_t counts[128]) {
  uint64_t drums = 0;
  uint64_t known = 0;
  for (size_t note = 0; note < 128; ++note) {
    drums += map->drum_of[note] < DT_DRUM_OTHER ? counts[note] : 0;
    known += map->drum_of[note] < DT_DRUM_COUNT ? counts[note] : 0;
  }
  return (drums << 32) + known;
}

const dt_kitmap* dt_kitmap_guess(const dt_smf* smf) {
  const unsigned channels = dt__drum_channels(smf);
  uint64_t counts[128] = {0};
  bool is_ekit = false;
  for (size_t i = 0; i < smf->event_count; ++i) {
    const dt_midi_event* event = &smf->events[i];
    if ((channels >> (event->status & 0x0F) & 1) == 0)
      continue;
    counts[event->data1] += dt__is_note_on(event) ? 1 : 0;
    /* A hi-hat pedal or a cymbal grab speaks for pads, not for a sequencer. */
    is_ekit |= dt__is_pedal(event) || (event->status & 0xF0) == 0xA0;
  }
  const size_t first = is_ekit ? 1 : 0;
  const dt_kitmap* best = &kitmaps[first];
  for (size_t i = 0; i < KITMAP_COUNT; ++i) {
    const dt_kitmap* map = &kitmaps[(first + i) % KITMAP_COUNT];
    if (score_of(map, counts) > score_of(best, counts))
      best = map;
  }
  return best;
}
